/** Services as an agreement counts them: with what it excuses taken out, and what falls to services below. */
import type { Counting } from '../contract/agreements.ts';
import { attribute, causedBy, type Share } from '../domain/attribution.ts';
import { correctedExclusions, correctedTimeline } from '../domain/corrections.ts';
import { excusedMaintenance } from '../domain/excused-maintenance.ts';
import {
  isBadClass,
  type Exclusion,
  type LineCounting,
  type LineService,
  type Piece,
} from '../domain/objective-line.ts';
import { groupBy } from '../domain/grouping.ts';
import { lengthMs, unionOf, type Span, type Spans } from '../domain/spans.ts';
import { overlay } from '../domain/timeline.ts';
import type { LaidCorrection } from './corrections.repository.ts';
import type { JudgedPart, JudgedTerms } from './judged-parts.ts';
import type { ServiceLine, UpstreamLine } from './service-lines.service.ts';

export const lineCounting = ({ degraded, unknown, minimumOutage }: Counting): LineCounting => ({
  degraded,
  unknown,
  minimumOutageMs: minimumOutage,
});

/** `agreed` is all agreed time of the period, also what is to come of it; `corrections` are approved, of the objective. */
export function countedLines(
  lines: readonly ServiceLine[],
  { terms: { counting }, basis }: Pick<JudgedPart<JudgedTerms>, 'terms' | 'basis'>,
  agreed: Spans,
  corrections: readonly LaidCorrection[],
): LineService[] {
  const maintenance = excusedMaintenance(
    lines.map((line) => line.maintenance),
    {
      noticeMs: counting.maintenanceNotice,
      allowanceMs: counting.maintenanceAllowance ?? null,
      // Until both parties have signed, the provider's word for an earlier notice is enough.
      countsDeclared: basis !== 'signed',
    },
    agreed,
  );
  return lines.map(({ id, key, sinceMs, timeline: measured, supposed = [], upstream }, index) => {
    const own = corrections.filter(({ serviceId }) => serviceId === id);
    const agreedOn = own.length === 0 ? measured : correctedTimeline(measured, own);
    const timeline = overlay(agreedOn, supposed);
    const exclusions = [
      ...maintenance[index]!.map(({ key, fromMs, toMs }): Exclusion => ({ cause: 'maintenance', key, fromMs, toMs })),
      ...(counting.upstream === 'excused' ? excusedByUpstream({ timeline, upstream }, counting) : []),
    ];
    return { key, sinceMs, timeline, exclusions: correctedExclusions(exclusions, own) };
  });
}

/** Bad time of a service that began or went on while a service below was down. */
function excusedByUpstream(
  { timeline, upstream }: Pick<ServiceLine, 'timeline' | 'upstream'>,
  counting: Counting,
): Exclusion[] {
  const bad = timeline.filter(({ state }) => isBadClass(state, lineCounting(counting)));
  return upstream.flatMap((below) =>
    causedBy(outagesOf(below), counting.tail).flatMap((cause) =>
      bad
        .filter(({ fromMs, toMs }) => fromMs < cause.toMs && (toMs ?? Infinity) > cause.fromMs)
        .map(({ fromMs, toMs }): Exclusion => ({
          cause: 'upstream',
          key: below.key,
          fromMs: Math.max(fromMs, cause.fromMs),
          toMs: Math.min(toMs ?? Infinity, cause.toMs),
        })),
    ),
  );
}

const outagesOf = ({ timeline, leadMs, key }: UpstreamLine) => ({ key, leadMs, down: downSpans(timeline) });

const downSpans = (timeline: UpstreamLine['timeline']): Span[] =>
  timeline.filter(({ state }) => state === 'down').map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs ?? Infinity }));

/** Bad time of lines that falls to what the service at fault rests on, farthest first; each upstream once. */
export const upstreamShares = (
  lines: readonly (readonly Piece[])[],
  services: readonly ServiceLine[],
  tailMs: number,
): Share[] =>
  [...upstreamSpans(lines, services, tailMs)]
    .filter(([, spans]) => spans.length > 0)
    .map(([key, spans]) => ({ key, badMs: sumMs(spans), spans: unionOf(spans) }));

/** The same as spans, by every upstream there is; those of lines that are averaged count side by side, and may overlap. */
export function upstreamSpans(
  lines: readonly (readonly Piece[])[],
  services: readonly ServiceLine[],
  tailMs: number,
): Map<string, Span[]> {
  const found = upstreamKeys(services);
  for (const line of lines) {
    for (const [key, pieces] of groupBy(
      line.filter(({ isBad }) => isBad),
      ({ service }) => service,
    )) {
      const upstream = services.find((service) => service.key === key)?.upstream ?? [];
      for (const { key: below, spans } of attribute(pieces, upstream.map(outagesOf), tailMs))
        found.get(below)!.push(...spans);
    }
  }
  return found;
}

/** Time of lines that is excused because a service below was down, by every upstream there is. */
export function excusedSpans(
  lines: readonly (readonly Piece[])[],
  services: readonly ServiceLine[],
): Map<string, Span[]> {
  const found = upstreamKeys(services);
  for (const piece of lines.flat())
    if (piece.exclusion?.cause === 'upstream') found.get(piece.exclusion.key)!.push(piece);
  return found;
}

const upstreamKeys = (services: readonly ServiceLine[]): Map<string, Span[]> =>
  new Map(services.flatMap(({ upstream }) => upstream.map(({ key }) => [key, []])));

export const sumMs = (spans: readonly Span[]): number => spans.reduce((sum, span) => sum + lengthMs([span]), 0);
