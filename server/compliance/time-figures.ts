/** Objectives over the time of services: pure, from what is known of them. */
import type { Counting, ObjectiveOf } from '../contract/agreements.ts';
import { lengthText } from '../domain/length-text.ts';
import { evaluateOutages, type OutageLimit } from '../domain/outage-objective.ts';
import { floor, floorNumber, ratioOfPercent } from '../domain/ratio.ts';
import type { Spans } from '../domain/spans.ts';
import {
  evaluateTime,
  isBadUntil,
  type TimeFrame,
  type TimeObjective,
  type TimeResult,
} from '../domain/time-objective.ts';
import { countedLines, excusedSpans, lineCounting, sumMs, upstreamShares } from './counted-lines.ts';
import type { LaidCorrection } from './corrections.repository.ts';
import { plain, type CountedItem, type Figures } from './evaluated.ts';
import type { JudgedPart, JudgedTerms } from './judged-parts.ts';
import type { ServiceLine } from './service-lines.service.ts';

/** What is judged, and its agreed time: of the whole period, what is to come included. */
export interface AgreedTime {
  readonly part: JudgedPart<JudgedTerms>;
  readonly frame: TimeFrame;
  readonly agreed: Spans;
  /** Those of the objective that both parties approved. */
  readonly corrected: readonly LaidCorrection[];
}

/** Availability: time of the line of its services. */
export function availability(
  objective: ObjectiveOf<'availability'>,
  lines: readonly ServiceLine[],
  { part, frame, agreed, corrected }: AgreedTime,
): Figures {
  const { counting } = part.terms;
  const result = evaluateTime(timeObjective(objective, counting), frame, countedLines(lines, part, agreed, corrected));
  const excused = [...excusedSpans(result.lines, lines)].map(([key, spans]) => ({ key, ms: sumMs(spans) }));
  return {
    ...plain,
    ...timeFigures(result),
    isLosing: isBadUntil(result.lines, Math.min(frame.nowMs, frame.period.toMs)),
    lines: result.lines,
    shares: upstreamShares(result.lines, lines, counting.tail),
    excused: excused.filter(({ ms }) => ms > 0),
  };
}

export const timeObjective = ({ target, combine }: ObjectiveOf<'availability'>, counting: Counting): TimeObjective => ({
  ...{ target: ratioOfPercent(target), combine, counting: lineCounting(counting) },
  minimumCoverage: ratioOfPercent(counting.minimumCoverage),
});

/** What is told of a judged line. */
export const timeFigures = (result: Omit<TimeResult, 'lines'>) =>
  ({
    ...{ judgement: result, unit: 'ms', coverage: result.coverage, isProven: result.isProven },
    ...{ time: result.figures, burn: result.burn, exhaustedAtMs: result.exhaustedAtMs },
  }) as const satisfies Partial<Figures>;

/** Single outages of the line of its services. */
export function outage(
  objective: ObjectiveOf<'outage'>,
  lines: readonly ServiceLine[],
  { part, frame, agreed, corrected }: AgreedTime,
): Figures {
  const { counting } = part.terms;
  const limit = limitOf(objective);
  const result = evaluateOutages(
    {
      ...{ combine: objective.combine, counting: lineCounting(counting), limit },
      minimumCoverage: ratioOfPercent(counting.minimumCoverage),
    },
    frame,
    countedLines(lines, part, agreed, corrected),
  );
  const inMs = !('atMost' in limit);
  return {
    ...plain,
    judgement: result,
    unit: 'longestMs' in limit || 'atMost' in limit ? 'events' : 'ms',
    reached: result.reached && (inMs ? lengthText(floorNumber(result.reached)) : String(floor(result.reached))),
    value: result.reached,
    coverage: result.coverage,
    isProven: result.isProven,
    time: result.figures,
    events: { total: result.figures.outages, bad: result.figures.bad },
    lines: result.outages.length > 0 ? [result.outages.flatMap(({ pieces }) => pieces)] : [],
    items: result.outages.map(({ fromMs, toMs, badMs, class: kind }): CountedItem => ({
      ...{ class: kind === 'elsewhen' ? 'excluded' : kind, fromMs, toMs },
      what: kind === 'elsewhen' ? `${lengthText(badMs)}, which counts in another period` : lengthText(badMs),
      good: kind === 'good' ? 1 : 0,
      bad: kind === 'bad' ? 1 : 0,
    })),
  };
}

function limitOf({ longest, atMost, meanRestore, meanBetween }: ObjectiveOf<'outage'>): OutageLimit {
  if (longest != null) return { longestMs: longest };
  if (atMost != null) return { atMost };
  return meanRestore == null ? { meanBetweenMs: meanBetween! } : { meanRestoreMs: meanRestore };
}
