/** Corrections: what both parties of an agreement say of a stretch of time, laid over what was measured. */
import { reasons } from '../../probes/contract.ts';
import type { Exclusion, Piece } from './objective-line.ts';
import type { ServiceState } from './service-state.ts';
import { subtract, unionOf, type Span } from './spans.ts';
import { overlay, type Interval } from './timeline.ts';

export const correctedStates = ['up', 'degraded', 'down', 'unknown'] as const satisfies ServiceState[];
/** What a stretch counts as: `excluded` not at all, `measured` as if it had never been corrected. */
export const correctionClasses = ['excluded', ...correctedStates, 'measured'] as const;
export type CorrectionClass = (typeof correctionClasses)[number];

export interface Correction extends Span {
  /** Rises in the order of proposal. */
  readonly id: number;
  readonly as: CorrectionClass;
}

/** Of several corrections the one proposed last counts at each instant, whenever each was approved; in order of time. */
export function inEffect<Given extends Correction>(corrections: readonly Given[]): Given[] {
  let covered: Span[] = [];
  const result: Given[] = [];
  for (const correction of corrections.toSorted((a, b) => b.id - a.id)) {
    for (const span of subtract([correction], covered)) result.push({ ...correction, ...span });
    covered = unionOf([...covered, correction]);
  }
  return result.sort((a, b) => a.fromMs - b.fromMs);
}

/** A service's timeline and what is excluded of it. */
export interface Counted {
  readonly timeline: readonly Interval<ServiceState>[];
  readonly exclusions: readonly Exclusion[];
}

/** The timeline with the states that the parties agreed on. */
export function correctedTimeline(
  timeline: Counted['timeline'],
  corrections: readonly Correction[],
): Counted['timeline'] {
  return overlay(timeline, statesOf(inEffect(corrections)));
}

/** Where the parties agreed on a state nothing else excludes it; where they agreed to leave it out that comes first. */
export function correctedExclusions(
  exclusions: readonly Exclusion[],
  corrections: readonly Correction[],
): readonly Exclusion[] {
  if (corrections.length === 0) return exclusions;
  const effective = inEffect(corrections);
  const decided = unionOf(statesOf(effective).map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs! })));
  const left = exclusions.flatMap((exclusion) =>
    subtract([exclusion], decided).map((span): Exclusion => ({ ...exclusion, ...span })),
  );
  const agreed = effective
    .filter(({ as }) => as === 'excluded')
    .map(({ id, fromMs, toMs }): Exclusion => ({ cause: 'correction', key: String(id), fromMs, toMs }));
  return [...agreed, ...left];
}

const statesOf = (effective: readonly Correction[]): Interval<ServiceState>[] =>
  effective.flatMap(({ as, fromMs, toMs }) =>
    as === 'excluded' || as === 'measured' ? [] : [{ fromMs, toMs, state: as, reason: reasons.corrected.code }],
  );

/** A line cut wherever one of the spans begins or ends, so that each piece lies inside or outside of it as a whole. */
export function cutAtEdges(line: readonly Piece[], spans: readonly Span[]): Piece[] {
  const edges = [...new Set(spans.flatMap(({ fromMs, toMs }) => [fromMs, toMs]))].sort((a, b) => a - b);
  let next = 0;
  return line.flatMap((piece) => {
    const parts: Piece[] = [];
    let { fromMs } = piece;
    while (next < edges.length && edges[next]! <= fromMs) next += 1;
    for (let at = next; at < edges.length && edges[at]! < piece.toMs; at += 1) {
      parts.push({ ...piece, fromMs, toMs: edges[at]! });
      fromMs = edges[at]!;
    }
    return parts.length === 0 ? [piece] : [...parts, { ...piece, fromMs }];
  });
}
