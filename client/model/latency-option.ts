/** The latency chart: percentiles above, how many runs ended how below. */
import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import type { Latency, LatencyPoint } from '../../server/contract/probing.ts';
import type { Span } from './span.ts';
import { axisText, instantText, latencyText } from './time-text.ts';
import type { TokenName, Tokens } from './tokens.ts';

export type LatencyOption = ComposeOption<
  LineSeriesOption | BarSeriesOption | GridComponentOption | TooltipComponentOption
>;

export interface ChartLook {
  zone: string;
  tokens: Tokens;
  /** No motion is wanted. */
  isStill: boolean;
}

const percentiles = [
  { name: 'p50', field: 'p50Ms', colour: 'percentile-50', type: 'solid' },
  { name: 'p95', field: 'p95Ms', colour: 'percentile-95', type: 'dashed' },
  { name: 'p99', field: 'p99Ms', colour: 'percentile-99', type: 'dotted' },
] as const;
const counts = [
  { name: 'Up', field: 'up', colour: 'up-quiet' },
  { name: 'Degraded', field: 'degraded', colour: 'degraded' },
  { name: 'Unknown', field: 'unknown', colour: 'unknown' },
  { name: 'Down', field: 'down', colour: 'down' },
] as const satisfies readonly { name: string; field: keyof LatencyPoint; colour: TokenName }[];

/** Steps without observations are left out of an answer; as points without a value they break the lines. */
export function withGaps(points: readonly LatencyPoint[]): LatencyPoint[] {
  const empty = { up: 0, degraded: 0, down: 0, unknown: 0, p50Ms: null, p95Ms: null, p99Ms: null };
  return points.flatMap((point, index) => {
    const next = points[index + 1];
    return next && Date.parse(next.from) > Date.parse(point.to)
      ? [point, { ...empty, from: point.to, to: next.from }]
      : [point];
  });
}

/** The instant at which a step is drawn, ms. */
export const middleOf = ({ from, to }: LatencyPoint): number => (Date.parse(from) + Date.parse(to)) / 2;

function lineSeries(points: readonly LatencyPoint[], { tokens }: ChartLook): LineSeriesOption[] {
  return percentiles.map(({ name, field, colour, type }) => ({
    type: 'line',
    name,
    data: points.map((point) => [middleOf(point), point[field]]),
    symbol: 'circle',
    symbolSize: 4,
    /** A value between two gaps would be no line at all. */
    showAllSymbol: false,
    showSymbol: points.length < 40,
    lineStyle: { width: 1.6, type, color: tokens.colours[colour] },
    itemStyle: { color: tokens.colours[colour] },
    emphasis: { disabled: true },
  }));
}

function countSeries(points: readonly LatencyPoint[], { tokens }: ChartLook): BarSeriesOption[] {
  return counts.map(({ name, field, colour }) => ({
    type: 'bar',
    name,
    stack: 'runs',
    xAxisIndex: 1,
    yAxisIndex: 1,
    barCategoryGap: '15%',
    // A lone step has the whole axis to itself otherwise.
    barMaxWidth: tokens.fontPx * 1.5,
    data: points.map((point) => [middleOf(point), point[field]]),
    itemStyle: { color: tokens.colours[colour] },
    emphasis: { disabled: true },
  }));
}

/** A step in words: when it began, its percentiles, how many runs ended how. */
export const pointWords = (point: LatencyPoint, zone: string): string[] => [
  instantText(point.from, zone),
  ...percentiles.map(({ name, field }) => `${name}  ${latencyText(point[field])}`),
  counts.map(({ name, field }) => `${name} ${point[field]}`).join(', '),
];

/** The tooltip as an element of text nodes: nothing that came from a target is ever read as HTML. */
function tooltipOf(point: LatencyPoint, { zone }: ChartLook): HTMLElement {
  const element = document.createElement('div');
  for (const line of pointWords(point, zone)) element.appendChild(document.createElement('div')).textContent = line;
  return element;
}

function axes(span: Span, { zone, tokens }: ChartLook): Pick<LatencyOption, 'xAxis' | 'yAxis'> {
  const { colours, fontPx } = tokens;
  // Both axes show the span and nothing beyond, whatever the bars of one would need.
  const still = { containShape: false, axisTick: { show: false } } as const;
  const time = { ...still, type: 'time', min: span.fromMs, max: span.toMs, splitNumber: 6 } as const;
  const label = { color: colours['text-faint'], fontSize: fontPx };
  const none = { show: false } as const;
  return {
    xAxis: [
      { ...time, gridIndex: 0, axisLabel: none, axisLine: none },
      {
        ...time,
        gridIndex: 1,
        axisLine: { lineStyle: { color: colours['line-strong'] } },
        axisLabel: {
          ...label,
          hideOverlap: true,
          formatter: (at: number) => axisText(at, zone, span.toMs - span.fromMs),
        },
      },
    ],
    yAxis: [
      {
        type: 'value',
        gridIndex: 0,
        splitNumber: 3,
        axisLabel: { ...label, formatter: (ms: number) => (ms === 0 ? '0' : latencyText(ms)) },
        splitLine: { lineStyle: { color: colours.line } },
      },
      { type: 'value', gridIndex: 1, splitNumber: 1, minInterval: 1, axisLabel: none, splitLine: none },
    ],
  };
}

/** Everything that ECharts needs to draw it. */
export function latencyOption(latency: Latency, span: Span, look: ChartLook): LatencyOption {
  const points = withGaps(latency.points);
  const { tokens, isStill } = look;
  const left = tokens.fontPx * 5;
  return {
    useUTC: look.zone === 'UTC',
    animation: !isStill,
    animationDuration: 200,
    textStyle: { fontFamily: tokens.font },
    grid: [
      { left, right: 12, top: 12, bottom: tokens.fontPx * 6.4 },
      { left, right: 12, height: tokens.fontPx * 2.4, bottom: tokens.fontPx * 2.4 },
    ],
    ...axes(span, look),
    series: [...lineSeries(points, look), ...countSeries(points, look)],
    axisPointer: { link: [{ xAxisIndex: 'all' }], lineStyle: { color: tokens.colours['line-strong'] } },
    tooltip: {
      trigger: 'axis',
      transitionDuration: 0,
      backgroundColor: tokens.colours['surface-raised'],
      borderColor: tokens.colours['line-strong'],
      textStyle: { color: tokens.colours.text, fontSize: tokens.fontPx * 1.05, fontFamily: tokens.font },
      formatter: (shown) => {
        const index = (Array.isArray(shown) ? shown[0] : shown)?.dataIndex ?? -1;
        const point = points[index];
        return point ? tooltipOf(point, look) : '';
      },
    },
  };
}
