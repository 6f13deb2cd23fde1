import { z } from 'zod';

const unitsMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
const pattern = /^(\d{1,10})(ms|s|m|h|d)$/;

/** Milliseconds of a duration such as `500ms`, `30s`, `5m`, `2h` or `5d`; undefined for any other text. */
export function parseDurationMs(text: string): number | undefined {
  const [, count, unit] = pattern.exec(text) ?? [];
  return count && unit ? Number(count) * unitsMs[unit as keyof typeof unitsMs] : undefined;
}

/** A whole number of milliseconds in the largest unit that says it exactly: 90000 is `90s`, 120000 is `2m`. */
export function durationText(ms: number): string {
  const [unit, size] = Object.entries(unitsMs).find(([, one]) => ms > 0 && ms % one === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}

/** A field for a duration: whole milliseconds, or text such as `30s`. Parsed to milliseconds within the bounds, ends included. */
export function durationMs({ min = 0, max = 366 * unitsMs.d }: { min?: number; max?: number } = {}) {
  const range = `from ${durationText(min)} to ${durationText(max)}`;
  const error = `must be a duration ${range}: a whole number with its unit, such as 500ms, 30s, 5m, 2h or 5d`;
  return z
    .union([z.int({ error }).nonnegative({ error }), z.string({ error }).regex(pattern, { error })], { error })
    .meta({ 'x-form': 'duration' })
    .transform((value) => (typeof value === 'number' ? value : parseDurationMs(value)!))
    .refine((ms) => ms >= min && ms <= max, `must be ${range}`);
}
