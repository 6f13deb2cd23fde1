/**
 * The line of an objective: what its services were at each instant, with what does not count taken out. Figures are sums
 * over the pieces of the line, and an explanation is the pieces themselves.
 */
import type { ServiceState } from './service-state.ts';
import type { Span, Spans } from './spans.ts';
import type { Interval } from './timeline.ts';

/** Every agreed millisecond is in exactly one of these. */
export type TimeClass = ServiceState | 'excluded';

export const combinations = ['any-down', 'all-down', 'average'] as const;
export type Combination = (typeof combinations)[number];

/** Time that does not count, and why: a key of the maintenance, the correction or the upstream service. */
export interface Exclusion extends Span {
  readonly cause: 'maintenance' | 'correction' | 'upstream';
  readonly key: string;
}

export interface LineService {
  readonly key: string;
  /** It counts from here on: before, it was no part of the agreement. */
  readonly sinceMs: number;
  /** Rising, without overlaps, uncut; outages at the edges of what is asked for must be whole. */
  readonly timeline: readonly Interval<ServiceState>[];
  /** In any order; where some overlap the first counts. */
  readonly exclusions: readonly Exclusion[];
}

export interface LineCounting {
  readonly degraded: 'good' | 'bad';
  readonly unknown: 'excluded' | 'good' | 'bad';
  /** Bad time that lasts shorter than this as a whole is forgiven. */
  readonly minimumOutageMs: number;
}

/** A stretch of the line that is one thing for one reason. */
export interface Piece extends Span {
  readonly class: TimeClass;
  readonly isBad: boolean;
  /** It would be bad had the whole of it lasted as long as the minimum outage. */
  readonly isForgiven: boolean;
  /** The service that makes it so. */
  readonly service: string;
  /** Code of the reason with which the state began; 0 for what is excluded. */
  readonly reason: number;
  readonly exclusion: Exclusion | null;
}

/** What a service was, before it is asked which of it counts. */
interface Segment extends Span {
  readonly class: TimeClass;
  readonly service: string;
  readonly reason: number;
  readonly exclusion: Exclusion | null;
}

type Ranks = Readonly<Record<TimeClass, number>>;

/** At each instant the class of the lowest rank is that of the line: a service that drops out gives way to any other. */
const ranks: Record<Exclude<Combination, 'average'>, Ranks> = {
  'any-down': { down: 0, unknown: 1, degraded: 2, up: 3, excluded: 4, unmonitored: 5 },
  'all-down': { up: 0, degraded: 1, unknown: 2, down: 3, excluded: 4, unmonitored: 5 },
};
const exclusionFirst: Ranks = { excluded: 0, up: 1, degraded: 1, down: 1, unknown: 1, unmonitored: 1 };

/**
 * The lines of an objective inside the agreed time: one over all its services together, or, to be averaged, one each.
 * `agreed` is service hours inside the period, effective dates and before now.
 */
export function linesOf(
  services: readonly LineService[],
  combine: Combination,
  counting: LineCounting,
  agreed: Spans,
): Piece[][] {
  if (combine === 'average') return services.map((service) => lineOf([service], 'any-down', counting, agreed));
  return services.length === 0 ? [] : [lineOf(services, combine, counting, agreed)];
}

function lineOf(
  services: readonly LineService[],
  combine: Exclude<Combination, 'average'>,
  counting: LineCounting,
  agreed: Spans,
): Piece[] {
  const sinceMs = Math.min(...services.map((service) => service.sinceMs));
  const whole = services.map(segmentsOf);
  const counted = whole.map((segments, index) =>
    withExclusions(segments, services[index]!.exclusions, services[index]!.key),
  );
  const line = merged(counted, ranks[combine]);
  const forgiven = shortBadRuns(merged(whole, ranks[combine]), counting);
  return piecesOf(line, agreed, sinceMs, counting, forgiven);
}

/** All of time, with what the timeline does not tell, or tells of before the service counts, as unmonitored. */
function segmentsOf({ key, timeline, sinceMs }: LineService): Segment[] {
  const result: Segment[] = [];
  const none = { class: 'unmonitored', service: key, reason: 0, exclusion: null } as const;
  let atMs = -Infinity;
  for (const { fromMs, toMs, state, reason } of timeline) {
    const beginMs = Math.max(fromMs, sinceMs);
    const endMs = toMs ?? Infinity;
    if (endMs <= beginMs) continue;
    if (beginMs > atMs) result.push({ ...none, fromMs: atMs, toMs: beginMs });
    result.push({ fromMs: beginMs, toMs: endMs, class: state, service: key, reason, exclusion: null });
    atMs = endMs;
  }
  if (atMs < Infinity) result.push({ ...none, fromMs: atMs, toMs: Infinity });
  return result;
}

/** Segments with exclusions cut into them. */
function withExclusions(
  segments: readonly Segment[],
  exclusions: readonly Exclusion[],
  key: string,
): readonly Segment[] {
  const none = { class: 'unmonitored', service: key, reason: 0, exclusion: null } as const;
  const tracks = exclusions
    .filter(({ fromMs, toMs }) => fromMs < toMs)
    .map((exclusion): Segment[] => [
      { ...none, fromMs: -Infinity, toMs: exclusion.fromMs },
      { ...none, fromMs: exclusion.fromMs, toMs: exclusion.toMs, class: 'excluded', exclusion },
      { ...none, fromMs: exclusion.toMs, toMs: Infinity },
    ]);
  return tracks.length === 0 ? segments : mergedPair(segments, merged(tracks, exclusionFirst), exclusionFirst);
}

/** Several tracks as one: at each instant the segment of the lowest rank, of equals the first. */
const merged = (tracks: readonly (readonly Segment[])[], rank: Ranks): readonly Segment[] =>
  tracks.reduce((one, other) => mergedPair(one, other, rank));

function mergedPair(a: readonly Segment[], b: readonly Segment[], rank: Ranks): Segment[] {
  const result: Segment[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [one, other] = [a[i]!, b[j]!];
    const fromMs = Math.max(one.fromMs, other.fromMs);
    const toMs = Math.min(one.toMs, other.toMs);
    const winner = rank[other.class] < rank[one.class] ? other : one;
    if (fromMs < toMs) result.push({ ...winner, fromMs, toMs });
    if (one.toMs <= toMs) i += 1;
    if (other.toMs <= toMs) j += 1;
  }
  return result;
}

export function isBadClass(of: TimeClass, { degraded, unknown }: LineCounting): boolean {
  return of === 'down' || (of === 'degraded' && degraded === 'bad') || (of === 'unknown' && unknown === 'bad');
}

/** Runs of bad time that, measured whole, are shorter than the minimum outage. */
function shortBadRuns(line: readonly Segment[], counting: LineCounting): Span[] {
  if (counting.minimumOutageMs <= 0) return [];
  const runs: { fromMs: number; toMs: number }[] = [];
  for (const segment of line) {
    if (!isBadClass(segment.class, counting)) continue;
    const last = runs.at(-1);
    if (last && last.toMs === segment.fromMs) last.toMs = segment.toMs;
    else runs.push({ fromMs: segment.fromMs, toMs: segment.toMs });
  }
  return runs.filter(({ fromMs, toMs }) => toMs - fromMs < counting.minimumOutageMs);
}

/** The line inside the agreed time, cut where forgiven time begins or ends. */
function piecesOf(
  line: readonly Segment[],
  agreed: Spans,
  sinceMs: number,
  counting: LineCounting,
  forgiven: Spans,
): Piece[] {
  const pieces: Piece[] = [];
  let index = 0;
  let run = 0;
  for (const span of agreed) {
    for (let atMs = Math.max(span.fromMs, sinceMs); atMs < span.toMs;) {
      while (line[index]!.toMs <= atMs) index += 1;
      while (run < forgiven.length && forgiven[run]!.toMs <= atMs) run += 1;
      const { class: name, service, reason, exclusion, toMs: endMs } = line[index]!;
      const couldBeBad = isBadClass(name, counting);
      const runBegins = forgiven[run]?.fromMs ?? Infinity;
      const isForgiven = couldBeBad && runBegins <= atMs;
      const cutMs = couldBeBad ? (isForgiven ? forgiven[run]!.toMs : runBegins) : Infinity;
      const toMs = Math.min(span.toMs, endMs, cutMs);
      const isBad = couldBeBad && !isForgiven;
      join(pieces, { fromMs: atMs, toMs, class: name, isBad, isForgiven, service, reason, exclusion });
      atMs = toMs;
    }
  }
  return pieces;
}

/** Adds a piece, as a part of the last one where that goes on. */
function join(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1);
  const goesOn =
    last?.toMs === piece.fromMs &&
    last.class === piece.class &&
    last.isBad === piece.isBad &&
    last.isForgiven === piece.isForgiven &&
    last.service === piece.service &&
    last.reason === piece.reason &&
    last.exclusion === piece.exclusion;
  if (goesOn) pieces[pieces.length - 1] = { ...last, toMs: piece.toMs };
  else pieces.push(piece);
}
