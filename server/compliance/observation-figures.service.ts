import { Injectable } from '@nestjs/common';
import type { ObjectiveOf } from '../contract/agreements.ts';
import { correctedExclusions } from '../domain/corrections.ts';
import {
  evaluateObservations,
  type ObservationCounts,
  type ObservationMeasure,
} from '../domain/observation-objective.ts';
import { one, ratioOfPercent } from '../domain/ratio.ts';
import { evaluateAge } from '../domain/recovery-objective.ts';
import { subtract, unionOf, within, type Spans } from '../domain/spans.ts';
import { recentLengthMs } from '../domain/verdict.ts';
import { HeartbeatSeriesService } from '../probing/heartbeat-series.service.ts';
import { ObservationCountsService } from '../probing/observation-counts.service.ts';
import { countedLines } from './counted-lines.ts';
import { plain, type CountedItem, type Figures } from './evaluated.ts';
import { linesAmong, type ObjectiveBasis } from './evaluation-basis.ts';
import type { ServiceLine } from './service-lines.service.ts';

type ObservedObjective = ObjectiveOf<'success'> | ObjectiveOf<'latency'>;

/** What is to be counted in a period, service by service. */
interface Countable {
  readonly lines: readonly ServiceLine[];
  readonly past: readonly Spans[];
  /** The past of late. */
  readonly late: readonly Spans[];
  readonly ahead: readonly Spans[];
}

/** What was counted of it, in the same order. */
interface Counted {
  readonly past: readonly (readonly ObservationCounts[])[];
  readonly late: readonly (readonly ObservationCounts[])[];
  readonly owed: readonly (number | null)[];
  readonly toCome: readonly (number | null)[];
}

/** Objectives over observations: one round of counting for any number of periods. */
@Injectable()
export class ObservationFiguresService {
  constructor(
    readonly counts: ObservationCountsService,
    readonly heartbeats: HeartbeatSeriesService,
  ) {}

  /** Success and latency: observations in agreed time without what is excluded. */
  async observations(
    objective: ObservedObjective,
    services: readonly string[],
    bases: readonly ObjectiveBasis[],
  ): Promise<Figures[]> {
    const countables = bases.map((basis) => countableOf(services, basis));
    const counted = await this.#count(objective, countables);
    return bases.map((basis, index) => observationFigures(objective, basis, countables[index]!, counted[index]!));
  }

  async #count(objective: ObservedObjective, countables: readonly Countable[]): Promise<Counted[]> {
    const ids = [...new Set(countables.flatMap(({ lines }) => lines.map(({ id }) => id)))];
    const series = await this.counts.seriesOf(ids);
    const thresholdsMs = objective.type === 'latency' ? [objective.threshold] : [];
    const all = await this.counts.counts(
      countables.flatMap(({ lines, past, late }) =>
        [past, late].flatMap((spansOf) =>
          lines.map(({ id }, at) => ({ series: series.get(id) ?? [], spans: spansOf[at]!, thresholdsMs })),
        ),
      ),
    );
    const owed = await this.counts.owed(
      countables.flatMap(({ lines, past, ahead }) =>
        [past, ahead].flatMap((spansOf) => lines.map(({ id: serviceId }, at) => ({ serviceId, spans: spansOf[at]! }))),
      ),
    );
    let next = 0;
    return countables.map(({ lines: { length } }) => {
      const [first, second, end] = [next, next + length, (next += 2 * length)];
      return {
        ...{ past: all.slice(first, second), late: all.slice(second, end) },
        ...{ owed: owed.slice(first, second), toCome: owed.slice(second, end) },
      };
    });
  }

  /** Age of the last good beat. */
  async ages(objective: ObjectiveOf<'recovery'>, bases: readonly ObjectiveBasis[]): Promise<Figures[]> {
    const maxAgeMs = objective.maxAge!;
    const target = objective.target == null ? one : ratioOfPercent(objective.target);
    const probe = await this.heartbeats.find(objective.probe!);
    const fromMs = Math.min(...bases.map(({ frame }) => Math.max(frame.period.fromMs, frame.effective.fromMs)));
    const nowMs = Math.max(...bases.map(({ frame }) => frame.nowMs));
    const deaf = probe ? await this.heartbeats.deaf(probe.series, fromMs - maxAgeMs, nowMs) : [];
    const goodMs = probe ? await this.counts.goodSlotsMs(probe.series, fromMs - maxAgeMs, nowMs) : [];
    return bases.map(({ frame, part, corrected }) => {
      const minimumCoverage = ratioOfPercent(part.terms.counting.minimumCoverage);
      const sinceMs = probe?.sinceMs ?? frame.nowMs;
      const exclusions = correctedExclusions([], corrected);
      const freshness = { key: objective.probe!, sinceMs, goodMs, deaf, exclusions };
      const result = evaluateAge({ maxAgeMs, target, minimumCoverage }, frame, freshness);
      return {
        ...plain,
        ...{ judgement: result, unit: 'ms', coverage: result.coverage, isProven: result.isProven },
        ...{ time: result.figures, burn: result.burn, exhaustedAtMs: result.exhaustedAtMs, lines: result.lines },
      };
    });
  }
}

function countableOf(services: readonly string[], basis: ObjectiveBasis): Countable {
  const { part, frame } = basis;
  const lines = linesAmong(services, basis);
  const counted = countedLines(lines, part, basis.agreed, basis.corrected);
  const open = counted.map(({ exclusions }) => subtract(basis.agreed, unionOf(exclusions)));
  const past = open.map((spans) => within(spans, -Infinity, frame.nowMs));
  const recentMs = Math.min(frame.nowMs, frame.period.toMs) - recentLengthMs(frame.period);
  return {
    ...{ lines, past },
    late: past.map((spans) => within(spans, recentMs, Infinity)),
    ahead: open.map((spans) => within(spans, frame.nowMs, Infinity)),
  };
}

function observationFigures(
  objective: ObservedObjective,
  { part, frame }: ObjectiveBasis,
  { lines, past }: Countable,
  counted: Counted,
): Figures {
  const { counting } = part.terms;
  const measure: ObservationMeasure =
    objective.type === 'latency' ? { type: 'latency', threshold: 0 } : { type: 'success', degraded: counting.degraded };
  const result = evaluateObservations(
    { measure, target: ratioOfPercent(objective.target), minimumCoverage: ratioOfPercent(counting.minimumCoverage) },
    frame,
    {
      spans: lines.flatMap(({ key }, index) =>
        past[index]!.map((span, at) => ({ ...span, service: key, counts: counted.past[index]![at]! })),
      ),
      owed: sumOrNull(counted.owed),
      toCome: sumOrNull(counted.toCome),
      recent: counted.late.flat(),
    },
  );
  return {
    ...plain,
    ...{ judgement: result, unit: 'events', coverage: result.coverage, isProven: result.isProven },
    events: { total: result.figures.total, bad: result.figures.bad },
    burn: result.burn,
    items: result.pieces.map(({ fromMs, toMs, service, good, bad }): CountedItem => ({
      ...{ class: bad > 0 ? 'bad' : 'good', fromMs, toMs, good, bad },
      what: `Observations of ${service}`,
    })),
  };
}

const sumOrNull = (numbers: readonly (number | null)[]): number | null =>
  numbers.reduce<number | null>((sum, number) => (sum === null || number === null ? null : sum + number), 0);
