import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { AccessService } from '../../access/access.service.ts';
import { AuditService } from '../../access/audit.service.ts';
import type { Page, PageQuery } from '../../contract/catalog.ts';
import type { FeedInput, NewOnCallFeed, OnCallFeed } from '../../contract/on-call.ts';
import { dayMs } from '../../domain/durations.ts';
import { Database } from '../../platform/database.ts';
import { hashToken, newToken } from '../../platform/opaque-token.ts';
import { invalidField, Problem } from '../../platform/problem.ts';
import { type Defined, DefinitionsService } from './definitions.service.ts';
import { FeedsRepository, type StoredFeed } from './feeds.repository.ts';
import { shiftsAsEvents } from './shift-calendar.ts';
import { RostersService } from './rosters.service.ts';

/** A calendar reads so far back and ahead. */
const backMs = 31 * dayMs;
const aheadMs = 183 * dayMs;

/** Secret addresses from which calendars read who is on call: shown once, then known by their hash alone. */
@Injectable()
export class FeedsService {
  constructor(
    readonly feeds: FeedsRepository,
    readonly definitions: DefinitionsService,
    readonly rosters: RostersService,
    readonly access: AccessService,
    readonly audit: AuditService,
    readonly clock: SteadyClock,
    readonly database: Database,
  ) {}

  /** One's own; all of them for those who may change the schedule. @throws Problem not-found, invalid-input */
  async page(key: string, { limit, cursor }: PageQuery): Promise<Page<OnCallFeed>> {
    if (cursor !== undefined && !/^\d{1,9}$/.test(cursor)) throw invalidField('cursor', 'is not a cursor of this list');
    const schedule = await this.definitions.get('on-call-schedule', key);
    const rows = await this.feeds.page(schedule.id, this.#whose(schedule), Number(cursor ?? 0), limit + 1);
    const page = rows.slice(0, limit);
    return { items: page.map(view), next: rows.length > limit ? String(page.at(-1)!.id) : null };
  }

  /** Makes an address; what is answered alone ever holds it. @throws Problem not-found */
  make(key: string, { name }: FeedInput): Promise<NewOnCallFeed> {
    return this.database.transaction(async () => {
      const { id: scheduleId } = await this.definitions.get('on-call-schedule', key);
      const token = `oncall_${newToken()}`;
      const { user, name: by, isAccount } = this.access.actingPerson();
      const tokenHash = hashToken(token);
      const made = await this.feeds.insert({ scheduleId, name, tokenHash, by, user: isAccount ? user : null });
      await this.#record(key, 'created', made);
      return { ...view(made), path: `/api/v1/on-call-schedules/${key}/calendar.ics?token=${token}` };
    });
  }

  /** The address opens nothing from then on. @throws Problem not-found */
  revoke(key: string, id: number): Promise<void> {
    return this.database.transaction(async () => {
      const schedule = await this.definitions.get('on-call-schedule', key);
      const gone = await this.feeds.delete(schedule.id, this.#whose(schedule), id);
      if (!gone) throw new Problem('not-found', `The on-call schedule "${key}" has no calendar feed ${id} of yours`);
      await this.#record(key, 'revoked', gone);
    });
  }

  /** The calendar behind an address; that it does not hold and that there is no such schedule look the same. @throws Problem forbidden */
  async read(key: string, token: string): Promise<string> {
    const [schedule] = await this.definitions.find('on-call-schedule', [key]);
    if (!schedule || !(await this.feeds.use(schedule.id, hashToken(token))))
      throw new Problem('forbidden', 'This address of a calendar does not hold, or was revoked');
    const nowMs = Math.floor(this.clock.now());
    const [fromMs, toMs] = [nowMs - backMs, nowMs + aheadMs];
    const [loaded] = await this.rosters.load([schedule], fromMs, toMs);
    const shifts = loaded!.roster.turns(fromMs, toMs);
    return shiftsAsEvents({ key, name: schedule.input.name, atMs: nowMs, shifts });
  }

  #whose(schedule: Defined<'on-call-schedule'>): string | null {
    if (this.definitions.mayChange({ ...schedule, managedBy: null })) return null;
    return this.access.actingPerson().user;
  }

  async #record(key: string, action: string, { id, name }: StoredFeed): Promise<void> {
    const detail = { schedule: key, name };
    await this.audit.record({
      ...{ action: `on-call-feed.${action}`, subjectKind: 'on-call-feed', subject: String(id), detail },
    });
  }
}

const view = ({ id, name, by, createdAt, lastUsedAt }: StoredFeed): OnCallFeed => ({
  ...{ id, name, by },
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
});
