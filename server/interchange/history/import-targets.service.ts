import { Injectable } from '@nestjs/common';
import { reasons, verdictOf } from '../../../probes/contract.ts';
import { AccessService } from '../../access/access.service.ts';
import { AgreementsService } from '../../agreements/agreements.service.ts';
import { CatalogService } from '../../catalog/catalog.service.ts';
import { MetricValuesService } from '../../compliance/metric-values.service.ts';
import type { ImportKind } from '../../contract/history-imports.ts';
import { quoted, suggestion } from '../../contract/suggestion.ts';
import type { StoredObservation } from '../../domain/packed-hour.ts';
import { serviceStates } from '../../domain/service-state.ts';
import type { Span } from '../../domain/spans.ts';
import { ImportedObservationsService, type ImportableSeries } from '../../probing/imported-observations.service.ts';
import {
  importedReason,
  ImportedTimelinesService,
  type ImportedInterval,
} from '../../probing/imported-timelines.service.ts';
import type { ReadRow } from './import-rows.ts';

type Rows = AsyncIterable<readonly ReadRow[]>;

/** What rows of a file are of: where they are compared with what is there, and taken over. */
export interface ImportTarget {
  /** For people: `payroll.login at hq`. */
  readonly name: string;
  /** Key of the service or metric. */
  readonly key: string;
  /** The time that rows may be of, and why they may be of no other; null where any will do. */
  readonly bounds: (Span & { readonly why: string }) | null;
  /** @throws Problem forbidden, conflict */
  compare(span: Span, rows: Rows): Promise<{ replaces: number; unchanged: number }>;
  /** Answers how much gave way. @throws Problem forbidden, conflict */
  takeOver(span: Span, rows: Rows): Promise<number>;
}

/** Why there is no such target, and which column names it. */
export interface NoTarget {
  readonly column: string;
  readonly message: string;
}

export type TargetFinder = (subject: string) => Promise<ImportTarget | NoTarget>;

/** Finds what rows are of by the keys that people use. */
@Injectable()
export class ImportTargetsService {
  constructor(
    readonly timelines: ImportedTimelinesService,
    readonly observations: ImportedObservationsService,
    readonly metrics: MetricValuesService,
    readonly catalog: CatalogService,
    readonly agreements: AgreementsService,
    readonly access: AccessService,
  ) {}

  /** Each subject is looked for once, in what there is now. */
  async finder(kind: ImportKind): Promise<TargetFinder> {
    const known = new Map<string, ImportTarget | NoTarget>();
    const find = await {
      timeline: () => this.#services(),
      observations: () => this.#probes(),
      metrics: () => this.#metrics(),
    }[kind]();
    return async (subject) => {
      const found = known.get(subject) ?? (await find(subject));
      known.set(subject, found);
      return found;
    };
  }

  async #services(): Promise<TargetFinder> {
    const { services } = await this.catalog.state([]);
    return async (key) => {
      const service = services.get(key);
      if (!service) return noSuch('service', key, [...services.keys()]);
      if (!this.access.mayChange(service.owner)) return notYours('service', key);
      return {
        ...{ name: key, key, bounds: null },
        compare: async (span, rows) => ({
          replaces: await this.timelines.wouldReplace(key, span, intervalsOf(rows)),
          unchanged: 0,
        }),
        takeOver: (span, rows) => this.timelines.takeOver(key, span, intervalsOf(rows)),
      };
    };
  }

  async #probes(): Promise<TargetFinder> {
    const { services, probes } = await this.catalog.state('all');
    return async (subject) => {
      const [probe = '', location = ''] = subject.split('@');
      const [service = ''] = probe.split('.');
      if (!probes.has(probe)) return noSuch('probe', probe, [...probes.keys()]);
      if (!this.access.mayChange(services.get(service)?.owner ?? null)) return notYours('probe', probe);
      const series = await this.observations.seriesOf(probe);
      const fitting = series.filter((one) => location === '' || one.location === location);
      if (fitting.length === 1) return this.#seriesTarget(fitting[0]!);
      const places = series.flatMap((one) => one.location ?? []);
      if (fitting.length === 0 && location !== '')
        return {
          column: 'location',
          message: `${probe} never ran at ${quoted(location)}${suggestion(location, places)}`,
        };
      const message = series.length === 0 ? 'has no location to run at' : `ran at ${places.join(', ')}: say where`;
      return { column: 'location', message: `${probe} ${message}` };
    };
  }

  #seriesTarget(series: ImportableSeries): ImportTarget {
    const { probe, location, service, fromMs, untilMs } = series;
    const until = `${new Date(untilMs).toISOString().slice(0, 16)}Z`;
    return {
      name: location === null ? probe : `${probe} at ${location}`,
      key: service,
      bounds: {
        ...{ fromMs, toMs: untilMs },
        why: `from ${until} on Troth has measured it itself, and what is older than its retention is not kept`,
      },
      compare: async (span) => ({ replaces: await this.observations.wouldReplace(series, span), unchanged: 0 }),
      takeOver: (span, rows) => this.observations.takeOver(series, span, observationsOf(rows)),
    };
  }

  /** Metrics that have values, or that an objective reads. */
  async #metrics(): Promise<TargetFinder> {
    const keys = new Set(await this.metrics.keys());
    for (const { versions, draft, proposals } of await this.agreements.terms())
      for (const terms of [draft, ...[...versions, ...proposals].map((version) => version.terms)])
        for (const objective of Object.values(terms?.objectives ?? {}))
          if (objective.type === 'metric') keys.add(objective.metric);
    return async (key) => {
      if (!keys.has(key)) return noSuch('metric', key, [...keys]);
      return {
        ...{ name: key, key, bounds: null },
        compare: (span, rows) => this.metrics.wouldReplace(key, span, valuesOf(rows)),
        takeOver: (span, rows) => this.metrics.takeOver(key, span, valuesOf(rows)),
      };
    };
  }
}

const noSuch = (word: 'service' | 'probe' | 'metric', key: string, keys: readonly string[]): NoTarget => ({
  column: word,
  message: `there is no ${word} ${quoted(key)}${suggestion(key, keys)}`,
});
const notYours = (column: string, key: string): NoTarget => ({
  column,
  message: `only its own team and admins may change ${quoted(key)}`,
});

async function* intervalsOf(rows: Rows): AsyncGenerator<ImportedInterval[]> {
  for await (const some of rows)
    yield some.map(({ atMs, toMs, code, reason }) => {
      const state = serviceStates[code!]!;
      return { fromMs: atMs, toMs: toMs!, state, reason: reason ?? importedReason[state] };
    });
}

async function* observationsOf(rows: Rows): AsyncGenerator<StoredObservation[]> {
  for await (const some of rows)
    yield some.map(({ atMs, code, reason, amount }) => {
      const verdict = verdictOf(code!);
      const known = reason ?? (verdict === 'up' ? reasons.ok.code : reasons.imported.code);
      return { slotMs: atMs, verdict, reason: known, latencyUs: amount === null ? null : Number(amount) };
    });
}

async function* valuesOf(rows: Rows): AsyncGenerator<{ atMs: number; value: string }[]> {
  for await (const some of rows) yield some.map(({ atMs, amount }) => ({ atMs, value: amount! }));
}
