/** What the evaluation of a part of an agreement rests on: the time that is agreed, and all that was read for it. */
import { openSpans, type ServiceHours } from '../domain/calendar.ts';
import type { Span } from '../domain/spans.ts';
import type { TimeFrame } from '../domain/time-objective.ts';
import type { KnownCorrections } from './correction-scope.ts';
import type { Recorded } from './event-figures.ts';
import type { AskedPeriod } from './judged-parts.ts';
import type { ServiceLine } from './service-lines.service.ts';
import type { AgreedTime } from './time-figures.ts';

/** All that one evaluation of a part of an agreement rests on. */
export interface Basis extends Omit<AgreedTime, 'corrected'>, Recorded {
  readonly lines: ReadonlyMap<string, ServiceLine>;
}

/** The same for one of its objectives. */
export type ObjectiveBasis = Basis & AgreedTime;

/** One period of an objective that is evaluated over several. */
export interface ObjectivePeriod {
  readonly basis: Basis;
  readonly corrections: KnownCorrections;
}

/** The time of a period that is agreed by some hours, as it is known at an instant. */
export function agreedTime(
  effective: Span,
  period: Span & Pick<AskedPeriod, 'isRolling'>,
  hours: ServiceHours | null,
  nowMs: number,
): { frame: TimeFrame; agreed: Span[] } {
  const fromMs = Math.max(period.fromMs, effective.fromMs);
  const toMs = Math.min(period.toMs, effective.toMs);
  return {
    frame: { period, isRolling: period.isRolling, effective, hours, nowMs },
    agreed: openSpans(hours, fromMs, toMs),
  };
}

export const linesAmong = (services: readonly string[], { lines }: Pick<Basis, 'lines'>): ServiceLine[] =>
  services.flatMap((key) => lines.get(key) ?? []);

export const idsAmong = (services: readonly string[], basis: Basis): Set<number> =>
  new Set(linesAmong(services, basis).map(({ id }) => id));

/** Lines with what touches a span alone, whole at its edges; of maintenance what touches it until a later instant. */
export function linesWithin(
  lines: ReadonlyMap<string, ServiceLine>,
  { fromMs, toMs }: Span,
  untilMs: number,
): Map<string, ServiceLine> {
  const touching = <Part extends { readonly fromMs: number; readonly toMs: number | null }>(
    parts: readonly Part[],
    endMs: number,
  ): Part[] => parts.filter((part) => part.fromMs < endMs && (part.toMs ?? Infinity) > fromMs);
  return new Map(
    [...lines].map(([key, line]) => [
      key,
      {
        ...line,
        timeline: touching(line.timeline, toMs),
        maintenance: touching(line.maintenance, untilMs),
        upstream: line.upstream.map((below) => ({ ...below, timeline: touching(below.timeline, toMs) })),
      },
    ]),
  );
}
