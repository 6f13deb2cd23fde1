import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AuditService } from '../access/audit.service.ts';
import { keySchema, type Page, type PageQuery } from '../contract/catalog.ts';
import type { InputIssue } from '../contract/input-issues.ts';
import type {
  Metric,
  MetricChange,
  MetricPush,
  MetricPushed,
  MetricValuesQuery,
  MetricValueView,
} from '../contract/metrics.ts';
import { suggestion } from '../contract/suggestion.ts';
import { decimalOf, microsOf } from '../domain/decimal.ts';
import { dayMs, minuteMs } from '../domain/durations.ts';
import { groupBy } from '../domain/grouping.ts';
import type { MetricValue } from '../domain/metric-objective.ts';
import type { Span } from '../domain/spans.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { tellNews } from '../platform/news.ts';
import { invalidField, Problem } from '../platform/problem.ts';
import { currentActor } from '../platform/request-context.ts';
import { MetricValuesRepository, type ChangedValue, type StoredValue } from './metric-values.repository.ts';

declare module '../platform/events.ts' {
  interface TransactionEvents {
    /** Values of a metric are to be taken over from elsewhere in a span; a listener that throws refuses them. */
    'metrics.importing': { key: string; fromMs: number; toMs: number };
    /** Values of a metric are different from an instant on, epoch ms. */
    'metrics.changed': { key: string; fromMs: number };
  }
}

/** Clocks of those who push may be ahead of ours by so much. */
const aheadMs = minuteMs;
const oldestMs = 3_653 * dayMs;
/** So many replaced values are told in the audit trail. */
const mostTold = 100;

/** An organisation has no more metrics. */
const mostListed = 10_000;

/** A value with the place where it was written. */
type GivenValue = StoredValue & { readonly path: readonly string[] };

/** Numbers that teams push: whoever pushes, replaces and deletes them is on record. */
@Injectable()
export class MetricValuesService {
  constructor(
    readonly metrics: MetricValuesRepository,
    readonly database: Database,
    readonly audit: AuditService,
    readonly events: EventBus,
    readonly clock: SteadyClock,
  ) {}

  async page({ limit, cursor }: PageQuery): Promise<Page<Metric>> {
    if (cursor !== undefined && !keySchema.safeParse(cursor).success) throw badCursor();
    const rows = await this.metrics.page(cursor ?? null, limit + 1);
    const items = rows
      .slice(0, limit)
      .map(({ key, count, atMs, value }) => ({ key, count, last: { at: iso(atMs), value } }));
    return { items, next: rows.length > limit ? items.at(-1)!.key : null };
  }

  /** Newest first; the cursor is an instant. @throws Problem not-found */
  async valuesPage(key: string, { from, to, limit, cursor }: MetricValuesQuery): Promise<Page<MetricValueView>> {
    const id = await this.#find(key);
    if (cursor !== undefined && !/^-?\d{1,15}$/.test(cursor)) throw badCursor();
    const ends = [to === undefined ? Infinity : Date.parse(to), cursor === undefined ? Infinity : Number(cursor)];
    const toMs = Math.min(...ends);
    const rows = await this.metrics.newest(
      id,
      from === undefined ? null : Date.parse(from),
      toMs === Infinity ? null : toMs,
      limit + 1,
    );
    const page = rows.slice(0, limit);
    return {
      items: page.map(({ atMs, value, receivedAt }) => ({
        at: iso(atMs),
        value,
        receivedAt: receivedAt.toISOString(),
      })),
      next: rows.length > limit ? String(page.at(-1)!.atMs) : null,
    };
  }

  /** Values of some metrics in [fromMs, toMs), in order of time: what objectives are judged by. */
  async values(keys: readonly string[], fromMs: number, toMs: number): Promise<Map<string, MetricValue[]>> {
    const found = groupBy(await this.metrics.between(keys, fromMs, toMs), ({ key }) => key);
    const toValue = ({ atMs, value }: StoredValue): MetricValue => ({ atMs, micros: microsOf(value) });
    return new Map(keys.map((key) => [key, (found.get(key) ?? []).map(toValue)]));
  }

  /** Values that gave way to others or to nothing, the newest first. @throws Problem invalid-input */
  async changesPage(key: string, { limit, cursor }: PageQuery): Promise<Page<MetricChange>> {
    if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) throw badCursor();
    const rows = await this.metrics.changes(key, cursor === undefined ? null : Number(cursor), limit + 1);
    const items = rows.slice(0, limit).map(({ atMs, changedAt, ...change }) => ({
      ...change,
      at: iso(atMs),
      changedAt: changedAt.toISOString(),
    }));
    return { items, next: rows.length > limit ? String(items.at(-1)!.id) : null };
  }

  /** Stores one value or many, all or nothing; pushed again, they are what they were. @throws Problem invalid-input */
  async push(key: string, input: MetricPush): Promise<MetricPushed> {
    const nowMs = Math.floor(this.clock.now());
    const given = givenValues(input, nowMs);
    assertRight(given, nowMs);
    return this.database.transaction(async () => {
      const { changed, replaced } = await this.#write(key, given, input.reason || null);
      if (changed.length > 0) {
        const instants = changed.map(({ atMs }) => atMs).sort((a, b) => a - b);
        await this.#record('pushed', key, {
          values: changed.length,
          ...{ first: iso(instants[0]!), last: iso(instants.at(-1)!) },
          ...(replaced.length > 0 ? { replaced: replaced.length, replacements: toldChanges(replaced) } : {}),
          ...(input.reason ? { reason: input.reason } : {}),
        });
        await this.#tell(key, instants[0]!);
      }
      const unchanged = given.length - changed.length;
      return { key, stored: changed.length - replaced.length, replaced: replaced.length, unchanged };
    });
  }

  /**
   * Stores values of another system, in order of time over all batches: in one transaction, or in the one around it.
   * Answers how many gave way. @throws Problem conflict
   */
  takeOver(key: string, span: Span, batches: AsyncIterable<readonly StoredValue[]>): Promise<number> {
    return this.database.transaction(async () => {
      await this.events.publish('metrics.importing', { key, ...span });
      let [values, replaced] = [0, 0];
      for await (const batch of batches) {
        replaced += (await this.#write(key, batch, null)).replaced.length;
        values += batch.length;
      }
      const detail = {
        values,
        first: iso(span.fromMs),
        last: iso(span.toMs - 1),
        ...(replaced > 0 ? { replaced } : {}),
      };
      await this.#record('imported', key, detail);
      await this.#tell(key, span.fromMs);
      return replaced;
    });
  }

  /** How many of the values would take the place of others, and how many are there already. @throws Problem conflict */
  async wouldReplace(key: string, span: Span, batches: AsyncIterable<readonly StoredValue[]>) {
    await this.database.transaction(() => this.events.publish('metrics.importing', { key, ...span }));
    const sum = { replaces: 0, unchanged: 0 };
    for await (const batch of batches) {
      const { replaces, unchanged } = await this.metrics.compare(key, batch);
      sum.replaces += replaces;
      sum.unchanged += unchanged;
    }
    return sum;
  }

  /** All metrics that have values, with the last of each. */
  async all(): Promise<Metric[]> {
    const rows = await this.metrics.page(null, mostListed);
    return rows.map(({ key, count, atMs, value }) => ({ key, count, last: { at: iso(atMs), value } }));
  }

  /** How many values metrics have in spans, and which at the instant of each. */
  spans(asked: readonly (Span & { key: string; atMs: number })[]): Promise<{ count: number; value: string | null }[]> {
    return this.metrics.spans(asked);
  }

  /** Keys of the metrics that have values. */
  keys(): Promise<string[]> {
    return this.metrics.keys();
  }

  /** Writes what is not there yet; what gives way is kept in the history. */
  async #write(key: string, given: readonly StoredValue[], reason: string | null) {
    const id = await this.metrics.hold(key);
    const stored = await this.metrics.at(
      id,
      given.map(({ atMs }) => atMs),
    );
    const before = new Map(stored.map(({ atMs, value }) => [atMs, value]));
    const changed = given.filter((one) => before.get(one.atMs) !== one.value);
    const replaced = changed.flatMap(({ atMs, value }): ChangedValue[] => {
      const old = before.get(atMs);
      return old === undefined ? [] : [{ atMs, before: old, after: value }];
    });
    if (changed.length > 0) await this.metrics.write(id, changed);
    await this.metrics.keepChanges(key, replaced, { by: currentActor(), reason });
    return { changed, replaced };
  }

  /** @throws Problem not-found */
  async delete(key: string, at: string): Promise<void> {
    const atMs = Date.parse(at);
    await this.database.transaction(async () => {
      await this.#find(key);
      const value = await this.metrics.delete(await this.metrics.hold(key), atMs);
      if (value === null) throw new Problem('not-found', `The metric "${key}" has no value at ${iso(atMs)}`);
      await this.metrics.keepChanges(key, [{ atMs, before: value, after: null }], { by: currentActor(), reason: null });
      await this.#record('value-deleted', key, { at: iso(atMs), value });
      await this.#tell(key, atMs);
    });
  }

  async #tell(key: string, fromMs: number): Promise<void> {
    await this.events.publish('metrics.changed', { key, fromMs });
    await tellNews(this.database, { of: 'metric', key });
  }

  async #find(key: string): Promise<number> {
    const id = await this.metrics.id(key);
    if (id !== null) return id;
    throw new Problem('not-found', `There is no metric "${key}"${suggestion(key, await this.metrics.keys())}`);
  }

  #record(verb: string, key: string, detail: unknown): Promise<void> {
    return this.audit.record({ action: `metric.${verb}`, subjectKind: 'metric', subject: key, detail });
  }
}

const toldChanges = (replaced: readonly ChangedValue[]) =>
  replaced.slice(0, mostTold).map(({ atMs, before, after }) => ({ at: iso(atMs), from: before, to: after }));

const iso = (ms: number): string => new Date(ms).toISOString();
const badCursor = () => invalidField('cursor', 'is not one of this list');

/** What was pushed, in one form: numbers as the shortest text that says the same. */
function givenValues({ value, at, values }: MetricPush, nowMs: number): GivenValue[] {
  const short = (text: string): string => decimalOf(microsOf(text));
  const msOf = (text: string | null | undefined): number => (text == null ? nowMs : Date.parse(text));
  if (value !== undefined) return [{ atMs: msOf(at), value: short(value), path: ['at'] }];
  return values!.map((one, index) => ({
    atMs: msOf(one.at),
    value: short(one.value),
    path: ['values', String(index), 'at'],
  }));
}

function assertRight(given: readonly GivenValue[], nowMs: number): void {
  const seen = new Set<number>();
  const faults = given.flatMap(({ atMs, path }): InputIssue[] => {
    const isTwice = seen.has(atMs);
    seen.add(atMs);
    if (atMs > nowMs + aheadMs) return [{ path, message: 'must not be in the future' }];
    if (atMs < nowMs - oldestMs) return [{ path, message: 'must not be more than 10 years ago' }];
    return isTwice ? [{ path, message: 'is that of an earlier value too' }] : [];
  });
  if (faults.length > 0) throw invalidInput(faults);
}
