/** How a promise fared from period to period, as a picture: pure. */
import { periodTitle } from '../../server/contract/period-title.ts';
import type { ReviewTrend } from '../../server/contract/reviews.ts';
import { verdictLooks } from './verdict-look.ts';

export interface TrendPoint {
  readonly x: number;
  readonly y: number;
  readonly period: string;
  readonly words: string;
  readonly isMissed: boolean;
}

export interface TrendPicture {
  readonly width: number;
  readonly height: number;
  readonly points: readonly TrendPoint[];
  /** SVG paths of the lines between periods that follow each other. */
  readonly lines: readonly string[];
  /** SVG path of the target, period by period as it was then; empty where there is none to draw. */
  readonly target: string;
  /** What the lower edge stands for; the upper is 100 %. */
  readonly lowest: number;
}

const width = 480;
const height = 120;
const edge = 10;
/** Less than this is never made to fill the picture: a hair must not look like a fall. */
const leastSpan = 0.2;

/** The picture of a promise that is a share; null of others, and where nothing was measured. */
export function trendPicture({ points }: Pick<ReviewTrend, 'points'>): TrendPicture | null {
  const known = points.flatMap(({ percent }) => percent ?? []);
  if (known.length === 0) return null;
  const wanted = points.map(({ target }) => (target === null ? null : Number(target)));
  const least = Math.min(...known, ...wanted.map((target) => target ?? 100));
  const span = Math.max((100 - least) * 1.15, leastSpan);
  const lowest = Math.max(0, 100 - span);
  const step = points.length > 1 ? (width - 2 * edge) / (points.length - 1) : 0;
  const xOf = (index: number): number => (points.length > 1 ? edge + index * step : width / 2);
  const yOf = (percent: number): number => round(edge + ((100 - percent) / (100 - lowest)) * (height - 2 * edge));
  const drawn = points.map((point, index) =>
    point.percent === null
      ? null
      : {
          ...{ x: round(xOf(index)), y: yOf(point.percent), period: point.period, words: pointText(point) },
          isMissed: point.verdict === 'missed',
        },
  );
  return {
    ...{ width, height, lowest: round(lowest), lines: linesOf(drawn) },
    points: drawn.filter((point) => point !== null),
    target: stepsOf(
      wanted.map((target) => (target === null ? null : yOf(target))),
      xOf,
    ),
  };
}

function linesOf(drawn: readonly ({ x: number; y: number } | null)[]): string[] {
  const runs: string[][] = [[]];
  for (const point of drawn) {
    if (point === null) runs.push([]);
    else runs.at(-1)!.push(`${point.x} ${point.y}`);
  }
  return runs.filter((run) => run.length > 1).map((run) => `M${run.join('L')}`);
}

/** Each height holds half the way to the points beside it; where it changes it steps, where there is none it ends. */
function stepsOf(heights: readonly (number | null)[], xOf: (index: number) => number): string {
  const borderOf = (index: number): number =>
    index === 0 ? 0 : index === heights.length ? width : round((xOf(index - 1) + xOf(index)) / 2);
  return heights
    .map((y, index) => {
      if (y === null) return '';
      const before = heights[index - 1] ?? null;
      const start = before === null ? `M${borderOf(index)} ${y}` : y === before ? '' : `V${y}`;
      return `${start}H${borderOf(index + 1)}`;
    })
    .join('');
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** What the picture shows, in a sentence. */
export function trendSentence({ points }: Pick<ReviewTrend, 'points'>): string {
  const judged = points.filter(({ verdict }) => verdict === 'met' || verdict === 'missed');
  const missed = judged.filter(({ verdict }) => verdict === 'missed').length;
  if (judged.length === 0) return 'Nothing was measured that would tell.';
  if (missed === 0) return judged.length === 1 ? 'Met.' : `Met in all ${judged.length} periods.`;
  return `Missed in ${missed} of ${judged.length === 1 ? '1 period' : `${judged.length} periods`}.`;
}

/** The targets in their order: `Target 99.9 %`, `Target 99.9 %, from June 2026 99.8 %`; empty where none was promised. */
export function targetText({ points }: Pick<ReviewTrend, 'points'>): string {
  const promised = points.flatMap(({ period, target }) => (target === null ? [] : [{ period, target }]));
  const changes = promised.filter(({ target }, index) => target !== promised[index - 1]?.target);
  const words = changes.map(({ period, target }, index) =>
    index === 0 ? `${target} %` : `from ${periodTitle(period)} ${target} %`,
  );
  return words.length === 0 ? '' : `Target ${words.join(', ')}`;
}

/** What a period came to, for whoever points at it: `October 2026: Missed, 99.85 %, target 99.9 %`. */
export function pointText({ period, verdict, attained, target }: ReviewTrend['points'][number]): string {
  const came = verdict ? verdictLooks[verdict].word : 'not promised then';
  const parts = [came, ...(attained ? [attained] : []), ...(target ? [`target ${target} %`] : [])];
  return `${periodTitle(period)}: ${parts.join(', ')}`;
}
