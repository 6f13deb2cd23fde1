/** Windows of maintenance as people look at them. */
import { Temporal } from 'temporal-polyfill';
import type { MaintenancePreview, MaintenanceWindow } from '../contract/maintenance.ts';
import { dayMs } from '../domain/durations.ts';
import { horizonMs, Recurrence, type Schedule } from '../domain/recurrence.ts';
import { subtract, type Span, type Spans } from '../domain/spans.ts';

const shownWindows = 20;
/** A next window is looked for so far ahead first, since most are near. */
const nearMs = 8 * dayMs;

export const windowView = ({ fromMs, toMs }: Span): MaintenanceWindow => ({
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
});

/** The window that runs, and the one after it; `ended` is what was called off. */
export function nextWindows(
  schedule: Schedule,
  ended: Spans,
  nowMs: number,
): { running: MaintenanceWindow | null; next: MaintenanceWindow | null } {
  const recurrence = new Recurrence(schedule);
  const endMs = horizonMs(schedule, nowMs);
  const until = (toMs: number) => subtract(recurrence.windows(nowMs, toMs, endMs), ended);
  const later = (spans: readonly Span[]) => spans.find(({ fromMs }) => fromMs > nowMs);
  const near = until(nowMs + nearMs);
  const running = near.find(({ fromMs, toMs }) => fromMs <= nowMs && toMs > nowMs);
  const next = later(near) ?? later(until(endMs));
  return { running: running ? windowView(running) : null, next: next ? windowView(next) : null };
}

/** What a schedule does next, by the wall clocks of its zone. */
export function previewOf(schedule: Schedule, nowMs: number): MaintenancePreview {
  const endMs = horizonMs(schedule, nowMs);
  const windows = new Recurrence(schedule).windows(nowMs, endMs, endMs);
  return {
    windows: windows
      .slice(0, shownWindows)
      .map((window) => ({ ...windowView(window), ...wallClock(window, schedule) })),
    more: windows.length > shownWindows,
  };
}

type WallClock = Omit<MaintenancePreview['windows'][number], keyof MaintenanceWindow>;

function wallClock({ fromMs, toMs }: Span, { start, timeZone, repeat }: Schedule): WallClock {
  const [from, to] = [fromMs, toMs].map((ms) =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone),
  );
  const local = from!.toPlainDateTime();
  return {
    localFrom: local.toString({ smallestUnit: 'minute' }),
    localTo: to!.toPlainDateTime().toString({ smallestUnit: 'minute' }),
    offsetFrom: from!.offset,
    offsetTo: to!.offset,
    clockNote:
      isAfterGap(from!) && isMoved(local, start, repeat) ? 'skipped' : isRepeated(local, timeZone) ? 'repeated' : null,
  };
}

/** Whether the clock has just jumped forward. */
function isAfterGap(at: Temporal.ZonedDateTime): boolean {
  const before = at.subtract({ minutes: 1 });
  return before.offsetNanoseconds < at.offsetNanoseconds;
}

/** Whether a window begins at another time than the first; where a rule sets times of its own, nobody can tell. */
const isMoved = (local: Temporal.PlainDateTime, start: string, repeat: string | null): boolean =>
  /BYHOUR|BYMINUTE|HOURLY|MINUTELY/i.test(repeat ?? '') ||
  !local.toString().startsWith(`${local.toPlainDate()}T${start.slice(11)}`);

function isRepeated(local: Temporal.PlainDateTime, zone: string): boolean {
  const [first, second] = (['earlier', 'later'] as const).map((disambiguation) =>
    local.toZonedDateTime(zone, { disambiguation }),
  );
  return first!.epochMilliseconds !== second!.epochMilliseconds;
}
