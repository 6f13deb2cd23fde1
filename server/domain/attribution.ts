/** Whose fault it was: downtime during which a service that it rests on was down. */
import type { Piece } from './objective-line.ts';
import { multiply, one, type Ratio } from './ratio.ts';
import { coveredMs, lengthMs, subtract, unionOf, type Span } from './spans.ts';

export interface Upstream {
  readonly key: string;
  /** Its outages. */
  readonly down: readonly Span[];
  /** A failure may show below before it is seen above: its interval and confirmation. */
  readonly leadMs: number;
}

export interface Share {
  readonly key: string;
  readonly badMs: number;
  readonly spans: readonly Span[];
}

/** When an upstream counts as the cause: from the lead before each of its outages to the agreed tail after it. */
export const causedBy = ({ down, leadMs }: Upstream, tailMs: number): Span[] =>
  unionOf(down.map(({ fromMs, toMs }) => ({ fromMs: fromMs - leadMs, toMs: toMs + tailMs })));

/** Bad time of a line that falls to each upstream; where several were down the first named has it. */
export function attribute(line: readonly Piece[], upstreams: readonly Upstream[], tailMs: number): Share[] {
  let own = unionOf(line.filter(({ isBad }) => isBad));
  return upstreams.map((upstream) => {
    const caused = causedBy(upstream, tailMs);
    const spans = own.flatMap(({ fromMs, toMs }) =>
      caused
        .filter((cause) => cause.fromMs < toMs && cause.toMs > fromMs)
        .map((cause) => ({ fromMs: Math.max(cause.fromMs, fromMs), toMs: Math.min(cause.toMs, toMs) })),
    );
    own = subtract(own, spans);
    return { key: upstream.key, badMs: lengthMs(spans), spans };
  });
}

/** Bad time for which no upstream is to blame. */
export const ownBadMs = (line: readonly Piece[], shares: readonly Share[]): number => {
  const others = unionOf(shares.flatMap(({ spans }) => spans));
  return line
    .filter(({ isBad }) => isBad)
    .reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs - coveredMs(others, fromMs, toMs), 0);
};

/** What can be promised on top of what is promised below, when outages come independently: the product of the targets. */
export const ceilingOf = (targets: readonly Ratio[]): Ratio => targets.reduce(multiply, one);
