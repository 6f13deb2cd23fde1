/** Hours of a day by the wall clock. Browser-safe: says nothing of dates. */

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** A part of a day in minutes since midnight by the wall clock, half-open; 1440 is the end of the day. */
export interface Opening {
  readonly fromMinute: number;
  readonly toMinute: number;
}

export const dayMinutes = 1_440;

/** `"08:00-18:00"`, `"22:00-24:00"`. Null for what is no opening of a day. */
export function openingOf(text: string): Opening | null {
  const [, ...parts] = /^(\d\d):([0-5]\d)-(\d\d):([0-5]\d)$/.exec(text) ?? [];
  if (parts.length === 0) return null;
  const [fromHour, fromMin, toHour, toMin] = parts.map(Number) as [number, number, number, number];
  const opening = { fromMinute: fromHour * 60 + fromMin, toMinute: toHour * 60 + toMin };
  return opening.fromMinute < opening.toMinute && opening.toMinute <= dayMinutes ? opening : null;
}
