/** Shifts, gaps and escalations in words. Pure. */
import type { EscalationMoment, ToldTarget } from '../../server/contract/escalation.ts';
import type { GapReason, OnCallNow, StandingShift } from '../../server/contract/on-call.ts';
import { lengthText } from './time-text.ts';
import { localText } from './zoned-day.ts';

const dayMs = 86_400_000;
const weekdayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `Mon 09:00` within six days, else `Mon 2026-12-07 09:00`. */
export function turnText(at: string, zone: string, nowMs: number): string {
  const local = localText(Date.parse(at), zone);
  const day = weekdayNames[new Date(`${local}Z`).getUTCDay()];
  const isNear = Math.abs(Date.parse(at) - nowMs) < 6 * dayMs;
  return isNear ? `${day} ${local.slice(11)}` : `${day} ${local.slice(0, 10)} ${local.slice(11)}`;
}

/** As `turnText` for who reads it, with what the clocks of the schedule show then where that differs. */
export function bothText(at: string, zones: { own: string; schedule: string }, nowMs: number): string {
  const own = turnText(at, zones.own, nowMs);
  const there = turnText(at, zones.schedule, nowMs);
  return own === there ? own : `${own} (${there} in ${zoneName(zones.schedule)})`;
}

/** `New York` of `America/New_York`. */
export const zoneName = (zone: string): string => zone.split('/').at(-1)!.replaceAll('_', ' ');

/** Why nobody is reached, as a sentence without its stop. */
export function gapText(reason: GapReason, name: string): string {
  switch (reason) {
    case 'nobody':
      return 'Nobody is on call';
    case 'gone':
      return name ? `“${name}” has no account any more` : 'It is gone';
    case 'disabled':
      return `${name} cannot sign in any more`;
    case 'not-in-team':
      return `${name} is not in the team any more`;
  }
}

/** Who has it, or why nobody has. */
export const shiftText = ({ gap, name }: Pick<StandingShift, 'gap' | 'name'>): string =>
  gap === null ? name : gapText(gap, name);

/** `until Mon 09:00, then Ben` */
export function untilText({ current, next }: Omit<OnCallNow, 'at'>, say: (at: string) => string): string {
  if (current.to === null) return 'with no end in sight';
  const then = next ? `, then ${next.gap === 'nobody' ? 'nobody' : shiftText(next)}` : '';
  return `until ${say(current.to)}${then}`;
}

/** `at once`, `after 15 min` */
export const delayText = (seconds: number): string =>
  seconds === 0 ? 'at once' : `after ${lengthText(seconds * 1_000)}`;

/** Who of a target is told: people by name, for what else they stand behind in brackets. */
export function targetText({ kind, name, people }: ToldTarget): string {
  const names = people.map((one) => one.displayName).join(', ');
  if (kind === 'user') return names || name;
  if (kind === 'channel') return `channel ${name}`;
  return names === '' ? name : `${names} (${name})`;
}

/** `Ana (Network) at once, Ben after 15 min`: those who are told first, without repeats. */
export function escalationSentence(moments: readonly EscalationMoment[]): string {
  const first = moments.filter(({ kind, round }) => kind === 'step' && round === 1);
  return first
    .map(({ afterSeconds, targets }) => {
      const told = targets.map((target) =>
        target.gaps.length > 0 && target.people.length === 0 ? 'nobody' : targetText(target),
      );
      return `${told.join(' and ')} ${delayText(afterSeconds)}`;
    })
    .join(', ');
}
