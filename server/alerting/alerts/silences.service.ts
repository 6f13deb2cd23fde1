import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { AccessService } from '../../access/access.service.ts';
import { AuditService } from '../../access/audit.service.ts';
import type { Silence, SilenceInput, SilenceQuery } from '../../contract/alerts.ts';
import type { Page } from '../../contract/catalog.ts';
import { matches } from '../../domain/alert-matching.ts';
import { Database } from '../../platform/database.ts';
import { tellNews } from '../../platform/news.ts';
import { invalidField, Problem } from '../../platform/problem.ts';
import { currentActor } from '../../platform/request-context.ts';
import { AlertIntakeService, type Firing } from './alert-intake.service.ts';
import { AlertsRepository } from './alerts.repository.ts';
import { type NewSilence, SilencesRepository, type StoredSilence } from './silences.repository.ts';
import { labelsOf, type StoredAlert } from './stored-alert.ts';

/** Silences: who does not want to be told of what, why, and until when. */
@Injectable()
export class SilencesService {
  constructor(
    readonly silences: SilencesRepository,
    readonly alerts: AlertsRepository,
    readonly intake: AlertIntakeService,
    readonly audit: AuditService,
    readonly access: AccessService,
    readonly database: Database,
    readonly clock: SteadyClock,
  ) {}

  async page(query: SilenceQuery): Promise<Page<Silence>> {
    const nowMs = this.#nowMs();
    const found = await this.silences.page(query, nowMs);
    const items = found.slice(0, query.limit);
    const muted = (await this.alerts.living()).filter((alert) => alert.muted === 'silence');
    return {
      items: items.map((silence) => viewOf(silence, muted, nowMs)),
      next: found.length > query.limit ? String(items.at(-1)!.id) : null,
    };
  }

  /** @throws Problem not-found */
  async get(id: number): Promise<Silence> {
    const silence = await this.#found(id);
    const muted = (await this.alerts.living()).filter((alert) => alert.muted === 'silence');
    return viewOf(silence, muted, this.#nowMs());
  }

  /** @throws Problem invalid-input */
  make(input: SilenceInput): Promise<Silence> {
    const nowMs = this.#nowMs();
    const fromMs = input.from === undefined ? nowMs : Math.max(nowMs, Date.parse(input.from));
    const toMs = input.to === undefined ? fromMs + input.for! : Date.parse(input.to);
    if (toMs <= fromMs) throw invalidField('to', 'must be after it begins, and in the future');
    return this.add({ match: input.match, fingerprint: null, reason: input.reason, fromMs, toMs });
  }

  /** Makes one, by who acts. */
  add(silence: Omit<NewSilence, 'author'>): Promise<Silence> {
    return this.database.transaction(async () => {
      const { match, fingerprint, reason, fromMs, toMs } = silence;
      const id = await this.silences.add({ ...silence, author: this.access.actingPerson().name });
      await this.#record(id, 'created', {
        ...{ match, fingerprint, reason, from: iso(fromMs), to: iso(toMs) },
      });
      return this.get(id);
    });
  }

  /** Ends one now: what still fires is told. @throws Problem not-found, conflict */
  end(id: number): Promise<Silence> {
    return this.database.transaction(async () => {
      await this.#found(id);
      if (!(await this.silences.end(id, this.#nowMs())))
        throw new Problem('conflict', `Silence ${id} has ended already`);
      await this.#record(id, 'ended', undefined);
      return this.get(id);
    });
  }

  /** Tells of those that have ended, and lets be told what still fires; answers how many. */
  endDue(): Promise<number> {
    return this.database.transaction(async () => {
      const ended = await this.silences.takeEnded(this.#nowMs());
      if (ended.length === 0) return 0;
      const muted = (await this.alerts.living()).filter((alert) => alert.muted === 'silence');
      await this.intake.fire(ended.map((silence) => endingOf(silence, muted.filter(isMutedBy(silence)))));
      await this.intake.reconsider('silence');
      await tellNews(this.database, ...ended.map(({ id }) => ({ of: 'silence' as const, key: String(id) })));
      return ended.length;
    });
  }

  nextEndMs(): Promise<number | null> {
    return this.silences.nextEndMs();
  }

  async #found(id: number): Promise<StoredSilence> {
    const silence = await this.silences.find(id);
    if (!silence) throw new Problem('not-found', `There is no silence ${id}`);
    return silence;
  }

  async #record(id: number, action: string, detail: unknown): Promise<void> {
    await this.audit.record({ action: `silence.${action}`, subjectKind: 'silence', subject: String(id), detail });
    await tellNews(this.database, { of: 'silence', key: String(id) });
    await this.intake.tellOf([]);
  }

  #nowMs(): number {
    return Math.floor(this.clock.now());
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();

const isMutedBy =
  ({ match, fingerprint }: StoredSilence) =>
  (alert: StoredAlert): boolean =>
    fingerprint === null ? matches(match, labelsOf(alert)) : fingerprint === alert.fingerprint;

/** That it ended, and what fires on. */
const endingOf = (silence: StoredSilence, firing: readonly StoredAlert[]): Firing => ({
  rule: 'silence-ended',
  fingerprint: `silence-ended/${silence.id}`,
  title: `The silence of ${silence.author} has ended: ${silence.reason}`,
  reason:
    firing.length === 0
      ? 'Nothing that it hid fires now'
      : `Still firing: ${firing
          .slice(0, 10)
          .map(({ title }) => title)
          .join(', ')}${firing.length > 10 ? ` and ${firing.length - 10} more` : ''}`,
  sinceMs: silence.toMs,
});

function viewOf(silence: StoredSilence, muted: readonly StoredAlert[], nowMs: number): Silence {
  const { id, match, fingerprint, reason, author, fromMs, toMs } = silence;
  const state = toMs <= nowMs ? 'ended' : fromMs > nowMs ? 'coming' : 'holding';
  return {
    ...{ id, match, fingerprint, reason, author, from: iso(fromMs), to: iso(toMs), state },
    muted: state === 'holding' ? muted.filter(isMutedBy(silence)).length : 0,
    mayEnd: state !== 'ended' && currentActor().permissions.has('incidents:write'),
  };
}
