/** Something that a party owes, and when it is reminded of it: pure. */
import type { CorrectionDecider } from '../contract/corrections.ts';
import { reminderTerms, type ReminderKind, type ReminderRules } from '../contract/reminders.ts';
import { dayMs } from '../domain/durations.ts';

export interface OwedStep {
  readonly agreementId: number;
  readonly agreement: { readonly key: string; readonly title: string };
  readonly kind: ReminderKind;
  /** What is owed and by whom: the same for as long as it is. */
  readonly step: string;
  readonly party: CorrectionDecider;
  /** Who is told, by mail. */
  readonly addresses: readonly string[];
  /** What days are counted from, or towards. */
  readonly fromMs: number;
  /** In a sentence. */
  readonly what: string;
  /** The page on which it is done. */
  readonly path: string;
}

/**
 * The latest of the stated times that has come, in days: positive ones after, negative ones before the instant that they
 * are counted from. Null where none has, or nobody is to be reminded.
 */
export function stageOf({ kind, fromMs }: Pick<OwedStep, 'kind' | 'fromMs'>, rules: ReminderRules, nowMs: number) {
  const { isOn, days } = rules[kind];
  const stages = days.map((count) => (reminderTerms[kind].isBefore ? -count : count));
  const due = stages.filter((stage) => fromMs + stage * dayMs <= nowMs);
  return isOn && due.length > 0 ? Math.max(...due) : null;
}
