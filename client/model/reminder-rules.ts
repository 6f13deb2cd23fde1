/** The rules of reminders as people write them: days as a list of numbers in a text. Pure. */
import { reminderKinds, type ReminderKind, type ReminderRules } from '../../server/contract/reminders.ts';

export interface RuleDraft {
  isOn: boolean;
  /** `3, 7, 14` */
  days: string;
}
export type RuleDrafts = Record<ReminderKind, RuleDraft>;

const eachKind = <Value>(valueOf: (kind: ReminderKind) => Value) =>
  Object.fromEntries(reminderKinds.map((kind) => [kind, valueOf(kind)])) as Record<ReminderKind, Value>;

export const ruleDrafts = (rules: ReminderRules): RuleDrafts =>
  eachKind((kind) => ({ isOn: rules[kind].isOn, days: rules[kind].days.join(', ') }));

/** What is sent; what is no number stays for the server to refuse, at its field. */
export const rulesOf = (drafts: RuleDrafts): unknown =>
  eachKind((kind) => ({ isOn: drafts[kind].isOn, days: daysOf(drafts[kind].days) }));

const daysOf = (text: string): (number | string)[] =>
  text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
