/** Kinds of spans that objectives are judged over. Browser-safe: says nothing of when they are. */
export const calendarPeriods = ['week', 'month', 'quarter', 'year'] as const;
export type CalendarPeriod = (typeof calendarPeriods)[number];
/** `month`, or `rolling-30d`: the last 30 local days up to now. */
export type PeriodKind = CalendarPeriod | `rolling-${number}d`;
