/** How far ahead it is known how agreements go on if nothing happens. */
import { currentTerms, versionAt, type AgreementTerms } from '../agreements/agreements.service.ts';
import { dayMs, minuteMs } from '../domain/durations.ts';
import { isOffsetSteady, spanOfDays } from '../domain/local-time.ts';
import type { PeriodKind } from '../domain/period-kind.ts';
import { periodAt } from '../domain/period.ts';
import type { AskedPeriod } from './judged-parts.ts';

const farthestMs = dayMs;
/** So long before it is over, it is told as well how the next one begins: it need not wait for its first evaluation. */
const turnAheadMs = 30 * minuteMs;

/** Whether a horizon is the beginning of another period, or of a version, that is soon reached. */
export const isTurnNear = (horizonMs: number, nowMs: number): boolean => horizonMs - nowMs <= turnAheadMs;

/** Until when a period, and what holds in it, goes on as it does at an instant; later than that. */
export function horizonOf(agreement: AgreementTerms, period: AskedPeriod, nowMs: number): number {
  const endMs = Math.min(nowMs + farthestMs, period.isRolling ? Infinity : period.toMs);
  const edges = agreement.versions.flatMap(({ effective: { from, to }, terms }) => {
    const { fromMs, toMs } = spanOfDays(from, to, terms.timeZone);
    return [fromMs, toMs];
  });
  const steadyMs = edges.filter((edgeMs) => edgeMs > nowMs).reduce((least, edgeMs) => Math.min(least, edgeMs), endMs);
  if (!period.isRolling) return steadyMs;
  const { timeZone } = versionAt(agreement, nowMs)?.terms ?? currentTerms(agreement);
  return steadyWindowMs(period, timeZone, nowMs, steadyMs);
}

/** Rolling days keep their length but where a clock jumps at one of their ends; jumps lie on whole minutes. */
function steadyWindowMs(period: AskedPeriod, zone: string, nowMs: number, endMs: number): number {
  if ([nowMs, period.fromMs].every((atMs) => isOffsetSteady(atMs - dayMs, atMs + 2 * dayMs, zone))) return endMs;
  const lengthMs = period.toMs - period.fromMs;
  const isOther = (atMs: number): boolean =>
    atMs - periodAt(period.label as PeriodKind, zone, atMs).fromMs !== lengthMs;
  let atMs = Math.floor(nowMs / minuteMs) * minuteMs + minuteMs;
  while (atMs < endMs && !isOther(atMs)) atMs += minuteMs;
  return Math.min(atMs, endMs);
}
