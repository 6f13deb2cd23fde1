import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AuditService } from '../access/audit.service.ts';
import { AgreementsService, currentTerms, type AgreementTerms } from '../agreements/agreements.service.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import { CorrectionOutlookService } from '../compliance/correction-outlook.service.ts';
import { CorrectionsService, speaksFor, type OpenDispute } from '../compliance/corrections.service.ts';
import type { Page } from '../contract/catalog.ts';
import type {
  Consequence,
  ConsequenceFilter,
  ConsequenceListQuery,
  ConsequenceTotals,
  ConsequenceTotalsQuery,
} from '../contract/consequences.ts';
import type { CorrectionDecider } from '../contract/corrections.ts';
import { invalidField, Problem } from '../platform/problem.ts';
import { currentActor } from '../platform/request-context.ts';
import { actingParty, owedNext, type Circumstances, type PersonalAct } from './consequence-rules.ts';
import { consequenceView, type ViewedAgreement } from './consequence-view.ts';
import {
  ConsequencesRepository,
  type ConsequencePlace,
  type NewConsequence,
  type StoredConsequence,
} from './consequences.repository.ts';
import { ledgerTotals } from './ledger-totals.ts';

export { ledgerChannel } from './consequences.repository.ts';

const mostOpen = 500;

/** What goes with an act. */
export interface ActDetail {
  reason?: string;
  journal?: string;
  owner?: string | null | undefined;
  dueOn?: string | null | undefined;
}

/** What is to be done after a review. */
export interface ReviewAction extends Pick<
  NewConsequence,
  'period' | 'fromMs' | 'toMs' | 'what' | 'why' | 'party' | 'owner' | 'dueOn'
> {
  /** Its own party wrote it down. */
  isAccepted: boolean;
}

/** What somebody is to do next about an entry. */
export interface OwedEntry {
  id: number;
  agreement: AgreementTerms;
  period: string;
  kind: 'consequence' | 'booking' | 'action';
  party: CorrectionDecider;
  sinceMs: number;
  /** Of an action: what is to be done, and by which local day. */
  what: string;
  dueOn: string | null;
}

/** The ledger of what follows from missed promises: read, answered, booked and done; nothing in it is ever changed. */
@Injectable()
export class ConsequencesService {
  constructor(
    readonly ledger: ConsequencesRepository,
    readonly agreements: AgreementsService,
    readonly corrections: CorrectionsService,
    readonly outlooks: CorrectionOutlookService,
    readonly catalog: CatalogService,
    readonly audit: AuditService,
    readonly clock: SteadyClock,
  ) {}

  /** Open ones first, then the newest. @throws Problem not-found, invalid-input */
  async page({ limit, cursor, agreement, ...filter }: ConsequenceListQuery): Promise<Page<Consequence>> {
    const after = cursor === undefined ? null : placeOf(cursor);
    const found = await this.ledger.page(await this.#ids(agreement), filter, after, limit + 1);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const next = found.length > limit && last ? `${last.isOpen ? 'open' : 'past'}-${last.id}` : null;
    return { items: await this.#views(items), next };
  }

  /** Everything, in order of agreement and time. @throws Problem not-found */
  async all({ agreement, ...filter }: ConsequenceFilter): Promise<Consequence[]> {
    return this.#views(await this.ledger.all(await this.#ids(agreement), filter));
  }

  /** What is open between teams, of an agreement or of all. @throws Problem not-found */
  async totals({ agreement }: ConsequenceTotalsQuery): Promise<ConsequenceTotals> {
    const rows = await this.ledger.totals(await this.#ids(agreement));
    if (rows.length === 0) return [];
    const names = await this.#teamNames();
    const terms = await this.agreements.terms([...new Set(rows.map((row) => row.agreement))]);
    const viewed = new Map(terms.map((one) => [one.key, viewedAgreement(one, names)]));
    return ledgerTotals(rows, viewed, this.#nowMs());
  }

  /** @throws Problem not-found */
  async get(id: number): Promise<Consequence> {
    const [view] = await this.#views([known(id, await this.ledger.find(id))]);
    return view!;
  }

  /** @throws Problem not-found, forbidden, conflict, invalid-input */
  act(id: number, act: PersonalAct, detail: ActDetail): Promise<Consequence> {
    return this.agreements.exclusively(async () => {
      const entry = known(id, await this.ledger.hold(id));
      const agreement = await this.agreements.termsOf(entry.agreement);
      const around = this.#around(entry, agreement, await this.corrections.disputes([agreement]));
      const party = actingParty(act, entry, around);
      const { reason = '', journal = null, owner = null, dueOn = null } = detail;
      if (entry.kind === 'credit' && (owner !== null || dueOn !== null))
        throw invalidField(owner === null ? 'dueOn' : 'owner', 'is of actions alone');
      const { kind, name } = currentActor();
      const done = { consequenceId: id, act, party, actor: { kind, name }, atMs: around.nowMs };
      await this.ledger.act([{ ...done, reason, journal, owner, dueOn }]);
      await this.#tell(entry.agreement, act, { id, party, ...detail });
      return this.get(id);
    });
  }

  /** An action that a party takes on in a review, or that the customer asks of the provider there. */
  async addAction(agreement: AgreementTerms, { isAccepted, ...action }: ReviewAction): Promise<void> {
    const { kind, name } = currentActor();
    const nowMs = this.#nowMs();
    const [id] = await this.ledger.insert([
      {
        ...{ ...action, agreementId: agreement.id, revision: null, kind: 'action', place: 'review' },
        ...{ firstState: isAccepted ? 'accepted' : 'proposed', supersedes: null },
        ...{ objective: null, objectiveTitle: null, version: null, amountCents: null, bookedCents: null },
        ...{ yearCapCents: null, currency: null, percent: null, below: null, costFrom: null, costTo: null },
        ...{ proposer: { kind, name }, proposedMs: nowMs },
        answerDueMs: await this.outlooks.answerDueMs(agreement, nowMs),
      },
    ]);
    await this.#tell(agreement.key, isAccepted ? 'agreed' : 'asked', { id, ...action });
  }

  /** What is open of some agreements: the newest, as many as anybody answers in a day. */
  async openOf(agreements: readonly AgreementTerms[]): Promise<Consequence[]> {
    const ids = agreements.map(({ id }) => id);
    return this.#views(await this.ledger.page(ids, { state: 'open' }, null, mostOpen));
  }

  /** What somebody is to do next about the open entries of these agreements. */
  async owedOf(agreements: readonly AgreementTerms[]): Promise<OwedEntry[]> {
    const byKey = new Map(agreements.map((agreement) => [agreement.key, agreement]));
    const entries = await this.ledger.all(
      [...byKey.values()].map(({ id }) => id),
      { state: 'open' },
    );
    if (entries.length === 0) return [];
    const disputes = await this.corrections.disputes(agreements);
    return entries.flatMap((entry) => {
      const agreement = byKey.get(entry.agreement)!;
      const { isDisputed, nowMs } = this.#around(entry, agreement, disputes);
      const hasArbiter = currentTerms(agreement).arbiter != null;
      const owed = owedNext(entry, { hasArbiter, isDisputed, nowMs });
      const { id, period, what, dueOn } = entry;
      return owed ? [{ ...owed, id, agreement, period, what, dueOn }] : [];
    });
  }

  /** The names of an agreement and its parties. */
  async viewed(agreement: AgreementTerms): Promise<ViewedAgreement> {
    return viewedAgreement(agreement, await this.#teamNames());
  }

  /** Tells open pages that the ledger or a review of an agreement is another. */
  announce(agreement: string): Promise<void> {
    return this.ledger.announce([agreement]);
  }

  async #tell(agreement: string, act: PersonalAct | 'agreed' | 'asked', detail: unknown): Promise<void> {
    await this.audit.record({ action: `consequence.${act}`, subjectKind: 'agreement', subject: agreement, detail });
    await this.ledger.announce([agreement]);
  }

  async #ids(agreement: string | undefined): Promise<number[] | null> {
    return agreement === undefined ? null : [(await this.agreements.termsOf(agreement)).id];
  }

  async #views(entries: readonly StoredConsequence[]): Promise<Consequence[]> {
    if (entries.length === 0) return [];
    const terms = await this.agreements.terms([...new Set(entries.map(({ agreement }) => agreement))]);
    const byKey = new Map(terms.map((agreement) => [agreement.key, agreement]));
    const disputes = await this.corrections.disputes(terms);
    const names = await this.#teamNames();
    return entries.flatMap((entry) => {
      const agreement = byKey.get(entry.agreement);
      if (!agreement) return [];
      return consequenceView(entry, viewedAgreement(agreement, names), this.#around(entry, agreement, disputes));
    });
  }

  async #teamNames(): Promise<(key: string) => string> {
    const { teams } = await this.catalog.state([]);
    return (key) => teams.get(key)?.name ?? key;
  }

  #around(entry: StoredConsequence, agreement: AgreementTerms, disputes: readonly OpenDispute[]): Circumstances {
    return {
      speaks: speaksFor(currentTerms(agreement), currentActor()),
      isDisputed: disputes.some(
        (dispute) =>
          dispute.agreement === entry.agreement &&
          entry.objective !== null &&
          dispute.objectives.has(entry.objective) &&
          dispute.fromMs < entry.toMs &&
          dispute.toMs > entry.fromMs,
      ),
      nowMs: this.#nowMs(),
    };
  }

  #nowMs(): number {
    return Math.floor(this.clock.now());
  }
}

/** @throws Problem not-found */
function known(id: number, entry: StoredConsequence | null): StoredConsequence {
  if (entry) return entry;
  throw new Problem('not-found', `There is no consequence ${id}`);
}

function viewedAgreement(agreement: AgreementTerms, nameOf: (key: string) => string): ViewedAgreement {
  const { title, timeZone, provider, customer, arbiter } = currentTerms(agreement);
  const team = (key: string) => ({ key, name: nameOf(key) });
  return {
    ...{ title, timeZone, provider: team(provider), customer: team(customer) },
    arbiter: arbiter == null ? null : team(arbiter),
  };
}

function placeOf(cursor: string): ConsequencePlace {
  const [, group, id] = /^(open|past)-(\d{1,9})$/.exec(cursor) ?? [];
  if (id === undefined) throw invalidField('cursor', 'is not a cursor from an answer of this list');
  return { isOpen: group === 'open', id: Number(id) };
}
