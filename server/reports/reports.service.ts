import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../access/audit.service.ts';
import { AgreementsService, type AgreementTerms } from '../agreements/agreements.service.ts';
import type { Page } from '../contract/catalog.ts';
import type { Report, ReportChain, ReportContent, ReportListQuery, ReportSummary } from '../contract/reports.ts';
import { suggestion } from '../contract/suggestion.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import type { Period } from '../domain/period.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { invalidField, Problem } from '../platform/problem.ts';
import { ChainCheck, reportHash } from './report-chain.ts';
import { ReportMailsService } from './report-mails.service.ts';
import { ReportContentService } from './report-content.service.ts';
import {
  ReportsRepository,
  type Doubt,
  type PeriodTargets,
  type ReportStamp,
  type StoredReport,
} from './reports.repository.ts';
import type { SettlingPeriod } from './unfrozen-periods.ts';

export type { PeriodTargets } from './reports.repository.ts';

declare module '../platform/events.ts' {
  interface TransactionEvents {
    /** Published inside the transaction that froze a report, or a revision of one. */
    'reports.frozen': { agreement: string; period: Period; revision: number; content: ReportContent };
    /** Published inside the transaction that derived a report anew, where it says the same as before. */
    'reports.confirmed': { agreement: string; period: Period; revision: number; content: ReportContent };
  }
}

/** So many periods before one are read for it: those of a year at least, whatever their kind. */
const mostBefore = 60;
const linksAtOnce = 20;

/** Frozen reports of agreements: made once, read for ever. */
@Injectable()
export class ReportsService {
  constructor(
    readonly reports: ReportsRepository,
    readonly content: ReportContentService,
    readonly agreements: AgreementsService,
    readonly mails: ReportMailsService,
    readonly audit: AuditService,
    readonly database: Database,
    readonly events: EventBus,
  ) {}

  /** Makes the report of a settled period unless there is one. Answers whether it did. */
  freeze(key: string, { period, asOfMs }: SettlingPeriod): Promise<boolean> {
    return this.database.transaction(async () => {
      await this.reports.holdAlone();
      const agreement = await this.agreements.termsOf(key);
      if (await this.reports.find(agreement.id, period.label, null)) return false;
      const content = await this.#derive(agreement, period, { asOfMs, revision: 1, reason: null });
      await this.#append(agreement, period, content);
      return true;
    });
  }

  /**
   * Makes a new revision of a frozen report from what is known now; the ones before stay.
   * @throws Problem not-found, conflict where the report says the same as before
   */
  async revise(key: string, label: string, reason: string): Promise<void> {
    if (!(await this.reviseIfChanged(key, label, reason)))
      throw new Problem('conflict', `Nothing that the report of ${label} rests on has changed`);
  }

  /** The same where there is something to revise; answers whether there was. Doubts about the period end with it. */
  reviseIfChanged(key: string, label: string, reason: string): Promise<boolean> {
    return this.#reviseOne({ agreement: key, period: label, reason }, false);
  }

  /** The same of a report in doubt, unless somebody else has settled that. */
  settleDoubt(doubt: Doubt): Promise<boolean> {
    return this.#reviseOne(doubt, true);
  }

  #reviseOne({ agreement: key, period: label, reason }: Doubt, isOnlyInDoubt: boolean): Promise<boolean> {
    return this.database.transaction(async () => {
      await this.reports.holdAlone();
      const agreement = await this.agreements.termsOf(key);
      const before = await this.#find(agreement, label, null);
      const wasInDoubt = await this.reports.settle(agreement.id, label);
      if (isOnlyInDoubt && !wasInDoubt) return false;
      const period = { label, fromMs: before.fromMs, toMs: before.toMs };
      if (saysTheSame(await this.rederive(key, label), before.content)) {
        const { revision } = before;
        await this.events.publish('reports.confirmed', {
          agreement: key,
          period,
          revision,
          content: contentOf(before),
        });
        return false;
      }
      const { asOf } = contentOf(before);
      const told = { asOfMs: Date.parse(asOf), revision: before.revision + 1, reason };
      await this.#append(agreement, period, await this.#derive(agreement, period, told));
      // What follows from later periods may rest on this one: misses that repeat, and the cap of the year.
      await this.reports.doubtLater(agreement.id, before.toMs, `The report of ${label} was revised`);
      return true;
    });
  }

  /** What the newest report of a period would say if it were derived today, as canonical JSON. @throws Problem not-found */
  async rederive(key: string, label: string): Promise<string> {
    const agreement = await this.agreements.termsOf(key);
    const stored = await this.#find(agreement, label, null);
    const { asOf, revision, reason } = contentOf(stored);
    const period = { label, fromMs: stored.fromMs, toMs: stored.toMs };
    return this.#derive(agreement, period, { asOfMs: Date.parse(asOf), revision, reason });
  }

  /** The newest revision of each period, the latest period first. @throws Problem not-found */
  async page(key: string, { limit, cursor }: ReportListQuery): Promise<Page<ReportSummary>> {
    if (cursor !== undefined && !/^-?\d{1,15}$/.test(cursor))
      throw invalidField('cursor', 'is not a cursor from an answer of this list');
    const agreement = await this.agreements.termsOf(key);
    const found = await this.reports.page(agreement.id, cursor === undefined ? null : Number(cursor), limit + 1);
    const items = found.slice(0, limit);
    const next = found.length > limit ? String(items.at(-1)!.fromMs) : null;
    return { items: items.map(summaryOf), next };
  }

  /** @throws Problem not-found */
  async get(key: string, label: string, revision: number | null): Promise<Report> {
    const agreement = await this.agreements.termsOf(key);
    const report = await this.#find(agreement, label, revision);
    const revisions = await this.reports.revisions(agreement.id, label);
    const { gist: _, ...stamp } = summaryOf(report);
    return {
      ...stamp,
      ...{ agreement: key, sequence: report.sequence, previousHash: report.previousHash },
      revisions: revisions.map(({ revision: number, frozenAt, hash, reason, gist }) => ({
        ...{ revision: number, frozenAt: frozenAt.toISOString(), hash, reason, gist },
      })),
      content: contentOf(report),
    };
  }

  /** What was promised in frozen periods of an agreement, as their newest reports say it. */
  targets(agreementId: number, periods: readonly string[]): Promise<PeriodTargets> {
    return this.reports.targets(agreementId, periods);
  }

  /** Recomputes the chain of an agreement's reports. @throws Problem not-found */
  async verify(key: string): Promise<ReportChain> {
    const agreement = await this.agreements.termsOf(key);
    const check = new ChainCheck();
    for (let after = 0; ;) {
      const links = await this.reports.chain(agreement.id, after, linksAtOnce);
      for (const link of links) check.add(link);
      if (links.length < linksAtOnce || !check.result.holds) return check.result;
      after = links.at(-1)!.sequence;
    }
  }

  async #derive(
    agreement: AgreementTerms,
    period: Period,
    told: { asOfMs: number; revision: number; reason: string | null },
  ): Promise<string> {
    const before = await this.reports.page(agreement.id, period.fromMs, mostBefore);
    return canonicalJson(await this.content.build({ agreement, period, ...told, before }));
  }

  /** Adds a report to the end of the chain. */
  async #append(agreement: AgreementTerms, period: Period, content: string): Promise<void> {
    const head = await this.reports.head(agreement.id);
    const { label, fromMs, toMs } = period;
    const told = contentOf({ content });
    const { revision, reason, gist } = told;
    const previousHash = head?.hash ?? null;
    const hash = reportHash(content, previousHash);
    const id = await this.reports.insert(agreement.id, {
      ...{ sequence: (head?.sequence ?? 0) + 1, period: label, fromMs, toMs, revision, content, gist },
      ...{ previousHash, hash },
    });
    await this.audit.record({
      action: revision === 1 ? 'report.frozen' : 'report.revised',
      subjectKind: 'agreement',
      subject: agreement.key,
      detail: { period: label, revision, hash, ...(reason === null ? {} : { reason }) },
    });
    await this.mails.queue(agreement, id, told);
    await this.events.publish('reports.frozen', { agreement: agreement.key, period, revision, content: told });
  }

  async #find({ id, key }: AgreementTerms, label: string, revision: number | null): Promise<StoredReport> {
    const found = await this.reports.find(id, label, revision);
    if (found) return found;
    const labels = [...((await this.reports.frozen(id)).get(id)?.labels ?? [])];
    const what = revision === null ? `report of ${label}` : `revision ${revision} of the report of ${label}`;
    throw new Problem('not-found', `Agreement "${key}" has no ${what}${suggestion(label, labels)}`);
  }
}

const iso = (atMs: number): string => new Date(atMs).toISOString();

/** Whether two contents differ in nothing but how the periods before are told: those have revisions of their own. */
function saysTheSame(one: string, other: string): boolean {
  const [{ trend: _, ...first }, { trend: __, ...second }] = [
    contentOf({ content: one }),
    contentOf({ content: other }),
  ];
  return isDeepStrictEqual(first, second);
}

/** As it was frozen: not a field is added or left out, so that anybody can recompute its hash. */
const contentOf = ({ content }: Pick<StoredReport, 'content'>): ReportContent => JSON.parse(content) as ReportContent;

const summaryOf = ({ period, fromMs, toMs, revision, frozenAt, hash, gist }: ReportStamp): ReportSummary => ({
  ...{ period, from: iso(fromMs), to: iso(toMs), revision, frozenAt: frozenAt.toISOString(), hash, gist },
});
