/** One's own shifts in words. Pure. */
import type { OwnShifts } from '../../server/contract/on-call.ts';
import { turnText } from './on-call-text.ts';

type OwnShift = OwnShifts[number];

/** `You are on call until Mon 09:00`, or `You are on call next from Mon 09:00`. */
export function ownShiftText(
  { current, next }: Pick<OwnShift, 'current' | 'next'>,
  zone: string,
  nowMs: number,
): string {
  if (current) return current.to ? `You are on call until ${turnText(current.to, zone, nowMs)}` : 'You are on call';
  if (!next?.from) return 'You are not on call';
  const until = next.to ? ` until ${turnText(next.to, zone, nowMs)}` : '';
  return `You are on call next from ${turnText(next.from, zone, nowMs)}${until}`;
}

/** The present turn and the one that follows, each as far as there is one: `until Mon 09:00`, `from Mon 09:00 until …`. */
export function turnTexts(
  { current, next }: Pick<OwnShift, 'current' | 'next'>,
  zone: string,
  nowMs: number,
): { now: string | null; next: string | null } {
  const say = (at: string): string => turnText(at, zone, nowMs);
  const until = (to: string | null): string => (to === null ? 'with no end in sight' : `until ${say(to)}`);
  return {
    now: current && until(current.to),
    next: next?.from ? `from ${say(next.from)} ${until(next.to)}` : null,
  };
}

/** When the first of what is told becomes untrue, epoch ms. */
export const shiftsEndAt = (shifts: OwnShifts): number =>
  Math.min(
    ...shifts.flatMap(({ current, next }) => {
      const at = current ? current.to : (next?.from ?? null);
      return at === null ? [] : [Date.parse(at)];
    }),
  );
