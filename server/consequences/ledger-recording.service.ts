import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AuditService } from '../access/audit.service.ts';
import { AgreementsService, currentTerms, type AgreementTerms } from '../agreements/agreements.service.ts';
import { CorrectionOutlookService } from '../compliance/correction-outlook.service.ts';
import { periodTitle } from '../contract/period-title.ts';
import {
  bookedOf,
  isDecided,
  ledgerChanges,
  overYearCap,
  type LedgerAddition,
  type LedgerEntry,
} from '../domain/ledger.ts';
import { dateAt } from '../domain/local-time.ts';
import { EventBus, type TransactionEvents } from '../platform/events.ts';
import { currentActor } from '../platform/request-context.ts';
import {
  ConsequencesRepository,
  type NewAct,
  type NewConsequence,
  type StoredConsequence,
} from './consequences.repository.ts';
import { bookedBack, reportEntries, type ReportEntry } from './report-entries.ts';

type Frozen = TransactionEvents['reports.frozen'];

/** An action is proposed to be done within so many working days. */
const actionDays = 20;

/** As reports say it of what their own caps took. */
const aboveCap = '; less what is above the cap';

/** What every entry of one report shares. */
interface Sheet {
  agreement: AgreementTerms;
  frozen: Pick<Frozen, 'period' | 'revision'>;
  nowMs: number;
  answerDueMs: number;
  /** The day by which an action is to be done unless another is agreed. */
  dueOn: string;
}

/** Puts what follows from a frozen period into the ledger, in the transaction that froze it. */
@Injectable()
export class LedgerRecordingService implements OnModuleInit {
  constructor(
    readonly ledger: ConsequencesRepository,
    readonly agreements: AgreementsService,
    readonly outlooks: CorrectionOutlookService,
    readonly audit: AuditService,
    readonly events: EventBus,
    readonly clock: SteadyClock,
  ) {}

  onModuleInit(): void {
    // Waiting reviews and the report itself are others, whatever became of the ledger.
    this.events.on('reports.frozen', async (frozen) => {
      if (!(await this.record(frozen))) await this.ledger.announce([frozen.agreement]);
    });
    this.events.on('reports.mailed', ({ agreement }) => this.ledger.announce([agreement]));
    // What an earlier period took of a cap, and gave back, is owed again though the report says what it said.
    this.events.on('reports.confirmed', async (confirmed) => void (await this.record(confirmed)));
    // What may be answered depends on open corrections, and on what the agreement says.
    this.events.on('corrections.changed', ({ agreement }) => this.ledger.announce([agreement]));
    this.events.on('agreements.changed', ({ keys }) => this.ledger.announce(keys));
  }

  /** The same report again changes nothing. Answers whether the ledger is another, and tells it. */
  async record({ agreement: key, period, revision, content }: Frozen): Promise<boolean> {
    const agreement = await this.agreements.termsOf(key);
    const sheet = await this.#sheet(agreement, { period, revision });
    const stored = await this.ledger.newestOf(agreement.id, period.label);
    const byId = new Map(stored.map((entry) => [entry.id, entry]));
    const { added, ended } = ledgerChanges(stored.map(toEntry), reportEntries(content, agreement), ({ id }) =>
      bookedBack(entryOf(byId.get(id)!), period.label),
    );
    await this.#write(sheet, added, ended, `The report of ${periodTitle(period.label)}, revision ${revision}`);
    const currencies = new Set(added.flatMap(({ wanted }) => wanted.currency ?? []));
    let isCut = false;
    for (const currency of currencies) isCut = (await this.#keepWithinYear(sheet, currency)) || isCut;
    const isChanged = added.length > 0 || ended.length > 0 || isCut;
    if (isChanged) await this.ledger.announce([key]);
    return isChanged;
  }

  /**
   * What this period came to take of the year's cap comes off later ones at once; their own reports confirm it. Waived
   * and dismissed credits stay as they were decided, and count: reports count every credit that they tell, since what
   * they say follows from reports alone.
   */
  async #keepWithinYear(sheet: Sheet, currency: string): Promise<boolean> {
    const { agreement, frozen } = sheet;
    const credits = await this.ledger.creditsOf(agreement.id, frozen.period.label.slice(0, 4), currency);
    const byId = new Map(credits.map((credit) => [credit.id, credit]));
    const over = overYearCap(
      credits.map(({ id, fromMs, amountCents, yearCapCents }) => ({
        ...{ id, fromMs, amount: BigInt(amountCents!) },
        yearCap: yearCapCents === null ? null : BigInt(yearCapCents),
      })),
    );
    const cut = over.filter(({ id }) => {
      const credit = byId.get(id)!;
      return credit.fromMs > frozen.period.fromMs && !isDecided(credit);
    });
    const why = `The report of ${periodTitle(frozen.period.label)}, which came to take it of the cap of the year`;
    for (const { id, amount } of cut) {
      const before = byId.get(id)!;
      const booked = bookedOf(toEntry(before));
      const said = before.why.endsWith(aboveCap) ? before.why : `${before.why}${aboveCap}`;
      const wanted = { ...entryOf(before), amount, isWaiting: false, why: said };
      const own: Sheet = {
        ...sheet,
        frozen: {
          period: { label: before.period, fromMs: before.fromMs, toMs: before.toMs },
          revision: before.revision!,
        },
      };
      if (amount > 0n || booked > 0n)
        await this.#write(own, [{ wanted, supersedes: id, isOver: false, booked }], [], why);
      else await this.#write(own, [], [id], why);
    }
    return cut.length > 0;
  }

  async #sheet(agreement: AgreementTerms, frozen: Sheet['frozen']): Promise<Sheet> {
    const nowMs = Math.floor(this.clock.now());
    const { timeZone } = currentTerms(agreement);
    const dueMs = await this.outlooks.answerDueMs(agreement, nowMs, actionDays);
    return {
      ...{ agreement, frozen, nowMs, answerDueMs: await this.outlooks.answerDueMs(agreement, nowMs) },
      dueOn: dateAt(dueMs - 1, timeZone).toString(),
    };
  }

  async #write(
    sheet: Sheet,
    added: readonly LedgerAddition<ReportEntry>[],
    ended: readonly number[],
    why: string,
  ): Promise<void> {
    if (added.length === 0 && ended.length === 0) return;
    const { agreement, frozen, nowMs } = sheet;
    const { kind, name } = currentActor();
    const gone = [...added.flatMap(({ supersedes, isOver }) => (isOver ? [] : (supersedes ?? []))), ...ended];
    const acts = gone.map((consequenceId): NewAct => ({
      ...{ consequenceId, act: 'superseded', party: null, actor: { kind, name }, atMs: nowMs, reason: why },
      ...{ journal: null, owner: null, dueOn: null },
    }));
    if (acts.length > 0) await this.ledger.act(acts);
    if (added.length > 0) await this.ledger.insert(added.map((one) => newEntry(sheet, one)));
    await this.audit.recordAll([
      ...added.map(({ wanted, supersedes }) => ({
        ...{ action: 'consequence.proposed', subjectKind: 'agreement', subject: agreement.key },
        detail: {
          ...{ period: frozen.period.label, revision: frozen.revision, kind: wanted.kind, place: wanted.place },
          ...(wanted.amount === null ? {} : { cents: String(wanted.amount), currency: wanted.currency }),
          ...(supersedes === null ? {} : { supersedes }),
        },
      })),
      ...ended.map((id) => ({
        ...{ action: 'consequence.superseded', subjectKind: 'agreement', subject: agreement.key },
        detail: { id, period: frozen.period.label, revision: frozen.revision },
      })),
    ]);
  }
}

const toEntry = ({ amountCents, bookedCents, firstState, ...entry }: StoredConsequence): LedgerEntry => ({
  ...{ id: entry.id, place: entry.place, state: entry.state, currency: entry.currency, percent: entry.percent },
  why: entry.why,
  isWaiting: firstState === 'waiting',
  amount: amountCents === null ? null : BigInt(amountCents),
  booked: BigInt(bookedCents ?? 0),
});

/** What an entry says, without its amount. */
const entryOf = (entry: StoredConsequence): Omit<ReportEntry, 'amount'> => ({
  ...{ kind: entry.kind, place: entry.place, objective: entry.objective!, objectiveTitle: entry.objectiveTitle! },
  ...{ version: entry.version!, what: entry.what, why: entry.why, isWaiting: entry.firstState === 'waiting' },
  ...{ currency: entry.currency, percent: entry.percent, below: entry.below },
  ...{ costFrom: entry.costFrom, costTo: entry.costTo },
  yearCap: entry.yearCapCents === null ? null : BigInt(entry.yearCapCents),
});

const cents = (amount: bigint | null): number | null => (amount === null ? null : Number(amount));

function newEntry(
  { agreement, frozen: { period, revision }, nowMs, answerDueMs, dueOn }: Sheet,
  { wanted, supersedes, booked }: LedgerAddition<ReportEntry>,
): NewConsequence {
  const isAction = wanted.kind === 'action';
  const { kind, name } = currentActor();
  const { objective, objectiveTitle, version, place, what, why, currency, percent, below, costFrom, costTo } = wanted;
  return {
    ...{ agreementId: agreement.id, period: period.label, fromMs: period.fromMs, toMs: period.toMs, revision },
    ...{ kind: wanted.kind, objective, objectiveTitle, version, place, what, why },
    ...{ currency, percent, below, costFrom, costTo },
    firstState: wanted.isWaiting ? 'waiting' : 'proposed',
    amountCents: cents(wanted.amount),
    bookedCents: isAction ? null : cents(booked),
    yearCapCents: cents(wanted.yearCap),
    ...{ party: isAction ? 'provider' : null, owner: '', dueOn: isAction ? dueOn : null },
    ...{ supersedes, proposer: { kind, name }, proposedMs: nowMs, answerDueMs },
  };
}
