/** Which planned maintenance an agreement excuses: what was announced in time, as far as its allowance reaches. */
import { intersect, lengthMs, unionOf, type Span, type Spans } from './spans.ts';

export interface AnnouncedWindow extends Span {
  /** Key of the maintenance. */
  readonly key: string;
  /** When the notice was received here. */
  readonly receivedMs: number;
  /** A claim of an earlier notice; null without one. */
  readonly declaredMs: number | null;
}

export interface MaintenanceRules {
  /** Before the window begins. */
  readonly noticeMs: number;
  /** Of agreed time in a period, over all services together; null: any. */
  readonly allowanceMs: number | null;
  /** Whether a declared notice counts though nobody has approved it: in what is not signed it does. */
  readonly countsDeclared: boolean;
}

/** When the customer knew of a window, as far as that counts. */
export const knownMs = (
  { receivedMs, declaredMs }: AnnouncedWindow,
  { countsDeclared }: Pick<MaintenanceRules, 'countsDeclared'>,
): number => (countsDeclared && declaredMs !== null ? Math.min(receivedMs, declaredMs) : receivedMs);

export const isInTime = (
  window: AnnouncedWindow,
  rules: Pick<MaintenanceRules, 'noticeMs' | 'countsDeclared'>,
): boolean => knownMs(window, rules) <= window.fromMs - rules.noticeMs;

/**
 * The windows of each service that are excused. The allowance is spent in order of time by whatever agreed time any of
 * the services is worked on; what begins after it is spent is not excused, and the window that spends it is cut there.
 */
export function excusedMaintenance(
  services: readonly (readonly AnnouncedWindow[])[],
  rules: MaintenanceRules,
  agreed: Spans,
): AnnouncedWindow[][] {
  const inTime = services.map((windows) => windows.filter((window) => isInTime(window, rules)));
  const endMs = allowanceEnd(intersect(unionOf(inTime.flat()), agreed), rules.allowanceMs);
  return inTime.map((windows) =>
    windows
      .filter(({ fromMs }) => fromMs < endMs)
      .map((window) => (window.toMs > endMs ? { ...window, toMs: endMs } : window)),
  );
}

/** The instant at which so much of the spans has passed; Infinity where they do not have that much. */
function allowanceEnd(spans: Spans, allowanceMs: number | null): number {
  if (allowanceMs === null || lengthMs(spans) <= allowanceMs) return Infinity;
  let leftMs = allowanceMs;
  for (const { fromMs, toMs } of spans) {
    if (toMs - fromMs > leftMs) return fromMs + leftMs;
    leftMs -= toMs - fromMs;
  }
  return Infinity;
}
