/** Going from period to period, and their names. */
import { nextPeriod, periodAt, periodOf, previousPeriod } from '../../server/domain/period.ts';
import { calendarPeriods, type CalendarPeriod, type PeriodKind } from '../../server/domain/period-kind.ts';
import { kindOfLabel } from '../../server/contract/period-title.ts';

export { kindOfLabel, periodTitle } from '../../server/contract/period-title.ts';

const isCalendar = (kind: string): kind is CalendarPeriod => (calendarPeriods as readonly string[]).includes(kind);

export interface PeriodSteps {
  /** The label of the period before. */
  readonly previous: string;
  /** The label of the one after; null where that has not begun. */
  readonly next: string | null;
  /** Whether the period shown is the one that runs, which an address need not name. */
  readonly isPresent: boolean;
}

/**
 * The periods beside the one that an address names; `label` null stands for the present. Rolling days end with the present:
 * beside them stand months.
 */
export function periodSteps(kind: string, zone: string, label: string | null, nowMs: number): PeriodSteps {
  const named = label === null ? null : periodOf(label, zone);
  const stepKind = (named && kindOfLabel(named.label)) ?? (isCalendar(kind) ? kind : 'month');
  const present = periodAt(stepKind, zone, nowMs);
  const shown = named ?? present;
  const next = nextPeriod(stepKind, zone, shown);
  return {
    previous: previousPeriod(stepKind, zone, shown).label,
    next: next.fromMs <= nowMs ? next.label : null,
    isPresent: named === null || (kind === stepKind && named.label === present.label),
  };
}

/** What an agreement is judged over: `each month`, `over the last 30 days`. */
export function periodKindText(kind: PeriodKind | string): string {
  const [, days] = /^rolling-(\d+)d$/.exec(kind) ?? [];
  if (days === undefined) return `each ${kind}`;
  return days === '1' ? 'over the last day' : `over the last ${days} days`;
}
