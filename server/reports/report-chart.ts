/** Verdicts drawn as vectors: each has a shape of its own beside its colour. */
import { titleOfKey } from '../contract/objective-words.ts';
import { shortPeriod } from '../contract/period-title.ts';
import type { ReportTrend, ReportVerdict } from '../contract/reports.ts';

export const verdictColours: Readonly<Record<ReportVerdict, string>> = {
  met: '#0b6b5f',
  missed: '#b3320a',
  'no-data': '#5b6675',
};

/** Strokes in a square of 24. */
const strokes: Readonly<Record<ReportVerdict, string>> = {
  met: 'M5 12.5l5 5L19 7',
  missed: 'M6 6l12 12M18 6L6 18',
  'no-data': 'M6 12h12',
};

const glyph = (verdict: ReportVerdict): string =>
  `<path d="${strokes[verdict]}" fill="none" stroke="${verdictColours[verdict]}" stroke-width="3.4"/>`;

/** A mark by itself; size in points. */
export const verdictMark = (verdict: ReportVerdict, size: number): string =>
  `<svg width="${size}" height="${size}" viewBox="0 0 24 24">${glyph(verdict)}</svg>`;

/** What the marks of the chart say. */
export const trendLegend = 'Tick: met. Cross: missed. Dash: nothing was measured. Empty: not promised then.';

export interface TrendChart {
  labels: { text: string; width: number }[];
  rows: { name: string; nameWidth: number; svg: string }[];
}

/** Points. */
const nameWidth = 130;
const rowHeight = 16;
const cellWidth = 30;

/** One row for each promise of the last period, one cell for each period. */
export function trendChart(trend: readonly ReportTrend[], width: number): TrendChart {
  const promises = trend.at(-1)?.objectives ?? [];
  return {
    labels: [
      { text: '', width: nameWidth },
      ...trend.map(({ period }) => ({ text: shortPeriod(period), width: cellWidth })),
    ],
    rows: promises.map(({ key, title }) => ({
      name: title || titleOfKey(key),
      nameWidth,
      svg: rowSvg(
        trend.map(({ objectives }) => objectives.find((one) => one.key === key)?.verdict ?? null),
        width - nameWidth,
      ),
    })),
  };
}

/** Where a promise was none yet, its cell is empty. */
function rowSvg(verdicts: readonly (ReportVerdict | null)[], width: number): string {
  const cells = verdicts.map((verdict, index) => {
    const box = `<rect x="1" y="1" width="${cellWidth - 4}" height="${rowHeight - 2}" rx="2" fill="none" stroke="${
      verdict === null ? '#d5dbe3' : verdictColours[verdict]
    }" stroke-width="0.8"/>`;
    const mark =
      verdict === null ? '' : `<g transform="translate(${cellWidth / 2 - 8} 2) scale(0.5)">${glyph(verdict)}</g>`;
    return `<g transform="translate(${index * cellWidth} 0)">${box}${mark}</g>`;
  });
  return `<svg width="${width}" height="${rowHeight}" viewBox="0 0 ${width} ${rowHeight}">${cells.join('')}</svg>`;
}
