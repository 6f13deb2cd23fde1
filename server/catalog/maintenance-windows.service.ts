import { Injectable } from '@nestjs/common';
import { AuditService } from '../access/audit.service.ts';
import { SteadyClock } from '../../probes/support/clock.ts';
import { dayMs } from '../domain/durations.ts';
import { groupBy } from '../domain/grouping.ts';
import { noticedWindows, type NoticedWindow } from '../domain/maintenance-windows.ts';
import { horizonMs, Recurrence } from '../domain/recurrence.ts';
import { subtract, unionOf, within, type Span } from '../domain/spans.ts';
import { EventBus } from '../platform/events.ts';
import { Problem } from '../platform/problem.ts';
import { currentActor } from '../platform/request-context.ts';
import type { StoredMaintenance } from './definitions.ts';
import { windowView } from './maintenance-preview.ts';
import { MaintenanceNoticesRepository, type StoredNotice } from './maintenance-notices.repository.ts';

/** A window of maintenance that holds for a service; whole, also where it begins before the span that was asked for. */
export interface ServiceWindow extends NoticedWindow {
  key: string;
  name: string;
}

declare module '../platform/events.ts' {
  interface TransactionEvents {
    /** The windows of these services became others, from an instant on. */
    'maintenance.changed': { serviceIds: readonly number[]; fromMs: number };
  }
}

/** Changes are looked for no further back: nothing older can still be corrected. */
const reachBackMs = 800 * dayMs;

/** Which windows hold for which services, from what was announced. */
@Injectable()
export class MaintenanceWindows {
  readonly #notices: MaintenanceNoticesRepository;
  readonly #events: EventBus;
  readonly #clock: SteadyClock;
  readonly #audit: AuditService;
  /** By id of notices, which never change. */
  readonly #recurrences = new Map<number, Recurrence>();

  constructor(notices: MaintenanceNoticesRepository, events: EventBus, clock: SteadyClock, audit: AuditService) {
    this.#notices = notices;
    this.#events = events;
    this.#clock = clock;
    this.#audit = audit;
  }

  /** Of each service the windows that touch [fromMs, toMs), in order; services without any are left out. */
  async of(serviceIds: readonly number[], fromMs: number, toMs: number): Promise<Map<number, ServiceWindow[]>> {
    const chains = await this.#notices.upstreamOf(serviceIds);
    const named = [...new Set([...chains.values()].flatMap((chain) => [...chain]))];
    const byMaintenance = groupBy(await this.#notices.about(named), ({ maintenanceId }) => maintenanceId);
    const ends = await this.#notices.ends([...byMaintenance.keys()]);
    const found = new Map<number, ServiceWindow[]>();
    for (const [maintenanceId, notices] of byMaintenance) {
      const ended = ends.get(maintenanceId) ?? [];
      const windows = this.#wholeWindows(notices, fromMs, toMs);
      if (windows.every(({ length }) => length === 0)) continue;
      const { key, name } = notices[0]!;
      for (const [which, ids] of groupBy(serviceIds, (id) => holding(notices, id, chains.get(id)!))) {
        const states = notices.map((notice, at) => ({ ...notice, windows: which[at] === '1' ? windows[at]! : [] }));
        const own = noticedWindows(states, unionOf(ended))
          .filter((window) => window.toMs > fromMs && window.fromMs < toMs)
          .map((window) => ({ ...window, key, name }));
        for (const id of own.length > 0 ? ids : []) found.set(id, [...(found.get(id) ?? []), ...own]);
      }
    }
    for (const windows of found.values()) windows.sort((a, b) => a.fromMs - b.fromMs);
    return found;
  }

  /** Tells of maintenance that was just written, deleted or brought back, by key. Call it in that transaction. */
  async publish(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const byMaintenance = groupBy(await this.#notices.newestOf(keys), ({ maintenanceId }) => maintenanceId);
    const ids = new Set<number>();
    let fromMs = Infinity;
    for (const notices of byMaintenance.values()) {
      const touchedMs = this.#earliestChange(notices);
      if (touchedMs === null) continue;
      fromMs = Math.min(fromMs, touchedMs);
      for (const { serviceIds } of notices) for (const id of serviceIds) ids.add(id);
    }
    if (ids.size > 0) await this.tell([...ids], fromMs);
  }

  nowMs(): number {
    return Math.floor(this.#clock.now());
  }

  /** Ends the window of a maintenance that runs now, for all its services. @throws Problem conflict where none runs */
  async end(maintenance: StoredMaintenance): Promise<void> {
    const { id, key, serviceIds } = maintenance;
    const nowMs = this.nowMs();
    const ended = unionOf((await this.#notices.ends([id])).get(id) ?? []);
    const windows = new Recurrence(maintenance).windows(nowMs, nowMs + 1, horizonMs(maintenance, nowMs));
    const running = subtract(windows, ended).find(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs);
    if (!running) throw new Problem('conflict', `No window of maintenance "${key}" runs now`);
    await this.#notices.end(id, running, nowMs, currentActor().name);
    const detail = { ...windowView(running), endedAt: new Date(nowMs).toISOString() };
    await this.#audit.record({ action: 'maintenance.ended', subjectKind: 'maintenance', subject: key, detail });
    await this.tell(serviceIds, nowMs);
  }

  /** Tells that windows of services, and of what rests on them, are others from an instant on. */
  async tell(serviceIds: readonly number[], fromMs: number): Promise<void> {
    await this.#events.publish('maintenance.changed', {
      serviceIds: await this.#notices.downstreamOf(serviceIds),
      fromMs,
    });
  }

  /** Where the newest notice first differs from the one before: what has passed, that one cannot take back. */
  #earliestChange(notices: readonly StoredNotice[]): number | null {
    const nowMs = this.nowMs();
    const [before, after] = notices.length > 1 ? notices : [undefined, notices[0]];
    const span = [nowMs - reachBackMs, Number.MAX_SAFE_INTEGER] as const;
    const old = before ? this.#windows(before, ...span) : [];
    const fresh = this.#windows(after!, ...span);
    const isElsewhere =
      before !== undefined &&
      (before.serviceIds.join() !== after!.serviceIds.join() ||
        before.dependents !== after!.dependents ||
        before.announcedMs !== after!.announcedMs);
    const gone = isElsewhere ? old : subtract(old, fresh);
    const added = isElsewhere ? fresh : subtract(fresh, old);
    const starts = [...within(gone, nowMs, Infinity), ...added].map((one) => one.fromMs);
    return starts.length > 0 ? starts.reduce((least, start) => Math.min(least, start)) : null;
  }

  /** The windows of every notice over the hull of all that touch a span, so that what is whole in one is whole in all. */
  #wholeWindows(notices: readonly StoredNotice[], fromMs: number, toMs: number): Span[][] {
    const touching = notices.flatMap((notice) => this.#windows(notice, fromMs, toMs));
    if (touching.length === 0) return notices.map(() => []);
    const lowMs = touching.reduce((least, span) => Math.min(least, span.fromMs), fromMs);
    const highMs = touching.reduce((most, span) => Math.max(most, span.toMs), toMs);
    return notices.map((notice) => this.#windows(notice, lowMs, highMs));
  }

  #windows({ id, schedule }: StoredNotice, fromMs: number, toMs: number): Span[] {
    if (!schedule) return [];
    let recurrence = this.#recurrences.get(id);
    if (!recurrence) this.#recurrences.set(id, (recurrence = new Recurrence(schedule)));
    return recurrence.windows(fromMs, toMs, horizonMs(schedule, this.nowMs()));
  }
}

/** For each notice whether it holds for a service, as a text of 0 and 1: services of one text have the same windows. */
const holding = (notices: readonly StoredNotice[], id: number, chain: ReadonlySet<number>): string =>
  notices
    .map(({ serviceIds, dependents }) =>
      serviceIds.some((one) => one === id || (dependents && chain.has(one))) ? '1' : '0',
    )
    .join('');
