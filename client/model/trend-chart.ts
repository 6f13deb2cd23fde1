/** How a promise fared from period to period, as a picture: pure. */
import type { ReviewTrend } from '../../server/contract/reviews.ts';

export interface TrendPoint {
  readonly x: number;
  readonly y: number;
  readonly period: string;
  readonly attained: string;
  readonly isMissed: boolean;
}

export interface TrendPicture {
  readonly width: number;
  readonly height: number;
  readonly points: readonly TrendPoint[];
  /** SVG paths of the lines between periods that follow each other. */
  readonly lines: readonly string[];
  /** Where the target lies; null where there is none to draw. */
  readonly targetY: number | null;
  /** What the lower edge stands for; the upper is 100 %. */
  readonly lowest: number;
}

const width = 480;
const height = 120;
const edge = 10;
/** Less than this is never made to fill the picture: a hair must not look like a fall. */
const leastSpan = 0.2;

/** The picture of a promise that is a share; null of others, and where nothing was measured. */
export function trendPicture({ points, target }: Pick<ReviewTrend, 'points' | 'target'>): TrendPicture | null {
  const known = points.flatMap(({ percent }) => percent ?? []);
  if (known.length === 0) return null;
  const wanted = target === null ? null : Number(target);
  const least = Math.min(...known, wanted ?? 100);
  const span = Math.max((100 - least) * 1.15, leastSpan);
  const lowest = Math.max(0, 100 - span);
  const step = points.length > 1 ? (width - 2 * edge) / (points.length - 1) : 0;
  const xOf = (index: number): number => (points.length > 1 ? edge + index * step : width / 2);
  const yOf = (percent: number): number => round(edge + ((100 - percent) / (100 - lowest)) * (height - 2 * edge));
  const drawn = points.map(({ percent, period, attained, verdict }, index) =>
    percent === null
      ? null
      : {
          ...{ x: round(xOf(index)), y: yOf(percent), period, attained: attained ?? '' },
          isMissed: verdict === 'missed',
        },
  );
  return {
    ...{ width, height, lowest: round(lowest), lines: linesOf(drawn) },
    points: drawn.filter((point) => point !== null),
    targetY: wanted === null ? null : yOf(wanted),
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

const round = (value: number): number => Math.round(value * 100) / 100;

/** What the picture shows, in a sentence. */
export function trendSentence({ points }: Pick<ReviewTrend, 'points'>): string {
  const judged = points.filter(({ verdict }) => verdict === 'met' || verdict === 'missed');
  const missed = judged.filter(({ verdict }) => verdict === 'missed').length;
  if (judged.length === 0) return 'Nothing was measured that would tell.';
  if (missed === 0) return judged.length === 1 ? 'Met.' : `Met in all ${judged.length} periods.`;
  return `Missed in ${missed} of ${judged.length === 1 ? '1 period' : `${judged.length} periods`}.`;
}
