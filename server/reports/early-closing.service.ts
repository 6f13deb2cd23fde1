import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AccessService } from '../access/access.service.ts';
import { AuditService } from '../access/audit.service.ts';
import { AgreementsService, currentTerms, type AgreementTerms } from '../agreements/agreements.service.ts';
import { speaksFor } from '../compliance/corrections.service.ts';
import { sides, type Side } from '../contract/agreement-life.ts';
import { periodTitle } from '../contract/period-title.ts';
import type { UpcomingReport } from '../contract/reports.ts';
import { instantText } from '../domain/instant-text.ts';
import { Database } from '../platform/database.ts';
import { tellNews } from '../platform/news.ts';
import { invalidField, Problem } from '../platform/problem.ts';
import { currentActor } from '../platform/request-context.ts';
import { ReportClosingsRepository, type StoredClosing } from './report-closings.repository.ts';
import { ReportsRepository, type FrozenPeriods } from './reports.repository.ts';
import { ReportsService } from './reports.service.ts';
import { settledAsOf, unfrozenPeriods, type SettlingPeriod } from './unfrozen-periods.ts';

/** A period that has ended and waits for the word of a party. */
export interface UnconfirmedClosing {
  agreement: AgreementTerms;
  period: string;
}

/** Lets both parties agree that everything of a period is in, so that it is frozen before it has settled. */
@Injectable()
export class EarlyClosingService {
  constructor(
    readonly closings: ReportClosingsRepository,
    readonly stored: ReportsRepository,
    readonly reports: ReportsService,
    readonly agreements: AgreementsService,
    readonly access: AccessService,
    readonly audit: AuditService,
    readonly database: Database,
    readonly clock: SteadyClock,
  ) {}

  /** What is frozen next, when, and who wants it closed already; null where nothing is. @throws Problem not-found */
  async upcoming(key: string): Promise<UpcomingReport | null> {
    const agreement = await this.agreements.termsOf(key);
    const next = nextOf(agreement, (await this.stored.frozen(agreement.id)).get(agreement.id));
    if (!next) return null;
    const { label, fromMs, toMs } = next.period;
    const said = await this.#said(agreement, label);
    const hasEnded = toMs <= this.clock.now();
    return {
      ...{ period: label, from: iso(fromMs), to: iso(toMs), at: iso(next.dueMs), hasEnded },
      said: said.map(({ party, name, at }) => ({ party, by: name, at: at.toISOString() })),
      may: {
        close: hasEnded ? this.#freeSides(agreement, said) : [],
        takeBack: said.some(({ party }) => this.#spoken(agreement).has(party)),
      },
    };
  }

  /**
   * Says for a party that everything of a period is in; with both it is frozen. Answers whether it is.
   * @throws Problem not-found, forbidden, invalid-input, conflict
   */
  close(key: string, label: string, wanted: Side | null | undefined): Promise<boolean> {
    return this.database.transaction(async () => {
      await this.stored.holdAlone();
      const agreement = await this.agreements.termsOf(key);
      const settling = await this.#endedNext(agreement, label);
      const said = await this.#said(agreement, label);
      const party = this.#party(agreement, said, wanted);
      await this.closings.add(agreement.id, label, party, this.access.actingPerson());
      await this.#record(key, 'closing-agreed', { period: label, party });
      const isAgreed = said.length > 0;
      if (isAgreed)
        await this.reports.freeze(key, {
          ...settling,
          asOfMs: Math.min(Math.floor(this.clock.now()), settledAsOf(settling.period)),
        });
      return isAgreed;
    });
  }

  /** Takes the word of one's party back. @throws Problem not-found, forbidden, conflict */
  takeBack(key: string, label: string): Promise<void> {
    return this.database.transaction(async () => {
      await this.stored.holdAlone();
      const agreement = await this.agreements.termsOf(key);
      await this.#endedNext(agreement, label);
      const said = await this.#said(agreement, label);
      const own = said.find(({ party }) => this.#spoken(agreement).has(party));
      if (said.length === 0) throw new Problem('conflict', `Nobody wants ${periodTitle(label)} closed early`);
      if (!own) throw new Problem('forbidden', `Only members of the ${said[0]!.party}'s team may take this back`);
      await this.closings.remove(agreement.id, label, own.party);
      await this.#record(key, 'closing-taken-back', { period: label, party: own.party });
    });
  }

  /** Of these agreements those that one party wants closed, where the one who asks may confirm it for the other. */
  async unconfirmed(agreements: readonly AgreementTerms[]): Promise<UnconfirmedClosing[]> {
    const stored = await this.closings.find(agreements.map(({ id }) => id));
    if (stored.length === 0) return [];
    const frozen = await this.stored.frozen();
    return agreements.flatMap((agreement) => {
      const { id } = agreement;
      const next = nextOf(agreement, frozen.get(id))?.period.label;
      const said = stored.filter(({ agreementId, period }) => agreementId === id && period === next);
      const waits = said.length > 0 && this.#freeSides(agreement, said).length > 0;
      return waits ? [{ agreement, period: next! }] : [];
    });
  }

  /** The period, where it is what is frozen next and has ended. @throws Problem conflict, not-found */
  async #endedNext(agreement: AgreementTerms, label: string): Promise<SettlingPeriod> {
    const frozen = (await this.stored.frozen(agreement.id)).get(agreement.id) ?? null;
    const title = periodTitle(label);
    if (frozen?.labels.has(label)) throw new Problem('conflict', `The report of ${title} is frozen already`);
    const nowMs = this.clock.now();
    let first: SettlingPeriod | undefined;
    for (const settling of unfrozenPeriods(agreement, frozen)) {
      const { period } = settling;
      if (period.fromMs > nowMs) break;
      first ??= settling;
      if (period.label !== label) continue;
      const { timeZone } = currentTerms(agreement);
      if (period.toMs > nowMs)
        throw new Problem('conflict', `${title} ends ${instantText(period.toMs, timeZone)}: it can be closed then`);
      if (first === settling) return settling;
      throw new Problem('conflict', `${periodTitle(first.period.label)} comes first: it is not frozen yet`);
    }
    throw new Problem('not-found', `Agreement "${agreement.key}" has no period ${label} that could be closed`);
  }

  async #said({ id }: AgreementTerms, label: string): Promise<StoredClosing[]> {
    return (await this.closings.find([id])).filter(({ period }) => period === label);
  }

  #spoken(agreement: AgreementTerms): ReadonlySet<string> {
    return speaksFor(currentTerms(agreement), currentActor());
  }

  /** For which parties one may say it: nobody says it for both. */
  #freeSides(agreement: AgreementTerms, said: readonly StoredClosing[]): Side[] {
    const { user } = this.access.actingPerson();
    if (said.some((one) => one.user === user)) return [];
    const spoken = this.#spoken(agreement);
    return sides.filter((side) => spoken.has(side) && !said.some(({ party }) => party === side));
  }

  /** @throws Problem forbidden, invalid-input, conflict */
  #party(agreement: AgreementTerms, said: readonly StoredClosing[], wanted: Side | null | undefined): Side {
    const spoken = this.#spoken(agreement);
    const free = this.#freeSides(agreement, said);
    if (!sides.some((side) => spoken.has(side)))
      throw new Problem('forbidden', 'Only the parties may agree to close a period early');
    if (wanted != null && !spoken.has(wanted)) throw new Problem('forbidden', `You do not speak for the ${wanted}`);
    if (free.length === 0 || (wanted != null && !free.includes(wanted)))
      throw new Problem(
        'conflict',
        `The ${said[0]!.party} has said so already: somebody of the other party confirms it`,
      );
    if (wanted == null && free.length > 1) throw invalidField('party', `must be given: ${free.join(' or ')}`);
    return wanted ?? free[0]!;
  }

  async #record(key: string, verb: string, detail: unknown): Promise<void> {
    await this.audit.record({ action: `report.${verb}`, subjectKind: 'agreement', subject: key, detail });
    await tellNews(this.database, { of: 'agreement', key });
  }
}

function nextOf(agreement: AgreementTerms, frozen: FrozenPeriods | undefined): SettlingPeriod | undefined {
  const [next] = unfrozenPeriods(agreement, frozen ?? null);
  return next;
}

const iso = (atMs: number): string => new Date(atMs).toISOString();
