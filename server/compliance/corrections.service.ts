import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AuditService } from '../access/audit.service.ts';
import { AgreementsService, currentTerms, type AgreementTerms } from '../agreements/agreements.service.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import type { Page } from '../contract/catalog.ts';
import type {
  AgreementCorrection,
  CorrectionDecider,
  CorrectionInput,
  CorrectionListQuery,
  CorrectionOutlook,
} from '../contract/corrections.ts';
import type { Span } from '../domain/spans.ts';
import { EventBus } from '../platform/events.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { invalidField, Problem } from '../platform/problem.ts';
import { currentActor } from '../platform/request-context.ts';
import { CorrectionOutlookService } from './correction-outlook.service.ts';
import {
  decidingParty,
  mayWithdraw,
  otherParty,
  proposingParties,
  proposingParty,
  undecidable,
} from './correction-parties.ts';
import { correctionFaults } from './correction-rules.ts';
import { objectivesOf } from './correction-scope.ts';
import { correctionView } from './correction-view.ts';
import {
  CorrectionsRepository,
  type CorrectionDecision,
  type LaidCorrection,
  type StoredCorrection,
} from './corrections.repository.ts';

export { speaksFor } from './correction-parties.ts';

declare module '../platform/events.ts' {
  interface TransactionEvents {
    /**
     * Published inside the transaction in which a correction was proposed or decided. Where it was approved, the figures
     * of the agreement are others than they were in its periods that touch the span.
     */
    'corrections.changed': {
      agreement: string;
      correctionId: number;
      serviceId: number;
      isApproved: boolean;
      /** It waits for nobody any more. */
      isAnswered: boolean;
      fromMs: number;
      toMs: number;
    };
  }
}

/** What an open correction puts in question. */
export interface OpenDispute extends Span {
  agreement: string;
  /** Keys of the objectives that it touches in any version. */
  objectives: ReadonlySet<string>;
  /** Whether the one who asks may answer it now. */
  mayDecide: boolean;
}

/** A correction that waits for an answer. */
export interface UnansweredCorrection {
  id: number;
  agreement: AgreementTerms;
  /** The other party, and after its time the arbiter. */
  answerer: CorrectionDecider;
  /** From when on it is theirs to answer, epoch ms. */
  sinceMs: number;
}

/** What a draft becomes before it has a number: it counts above all that there are. */
const unnumbered = Number.MAX_SAFE_INTEGER;

/** What parties propose to count otherwise, and what the others answer: nothing of it is ever changed or deleted. */
@Injectable()
export class CorrectionsService {
  constructor(
    readonly corrections: CorrectionsRepository,
    readonly agreements: AgreementsService,
    readonly catalog: CatalogService,
    readonly outlooks: CorrectionOutlookService,
    readonly audit: AuditService,
    readonly events: EventBus,
    readonly clock: SteadyClock,
  ) {}

  /** Open ones first, then the newest. @throws Problem not-found, invalid-input */
  async page(key: string, { state, limit, cursor }: CorrectionListQuery): Promise<Page<AgreementCorrection>> {
    const agreement = await this.agreements.termsOf(key);
    const after = cursor === undefined ? null : placeOf(cursor);
    const found = await this.corrections.page(agreement.id, state ?? null, after, limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next = found.length > limit && last ? `${last.decision === null ? 'open' : 'past'}-${last.id}` : null;
    return { items: page.map((correction) => this.#view(correction, agreement)), next };
  }

  /** What the open corrections of these agreements put in question. */
  async disputes(agreements: readonly AgreementTerms[]): Promise<OpenDispute[]> {
    const byId = new Map(agreements.map((agreement) => [agreement.id, agreement]));
    return (await this.corrections.open([...byId.keys()])).map((correction): OpenDispute => {
      const agreement = byId.get(correction.agreementId)!;
      const keys = agreement.versions.flatMap(({ terms }) => objectivesOf(correction, terms));
      const decider = decidingParty(correction, currentTerms(agreement), currentActor(), this.#nowMs());
      return {
        ...{ agreement: agreement.key, fromMs: correction.fromMs, toMs: correction.toMs },
        ...{ objectives: new Set(keys), mayDecide: decider !== null },
      };
    });
  }

  /** Those of these agreements that nobody has answered, each with who is to. */
  async unanswered(agreements: readonly AgreementTerms[]): Promise<UnansweredCorrection[]> {
    const byId = new Map(agreements.map((agreement) => [agreement.id, agreement]));
    const nowMs = this.#nowMs();
    return (await this.corrections.open([...byId.keys()])).map(({ id, agreementId, party, proposedMs, dueMs }) => {
      const agreement = byId.get(agreementId)!;
      const isLate = nowMs >= dueMs && currentTerms(agreement).arbiter != null;
      return isLate
        ? { id, agreement, answerer: 'arbiter', sinceMs: dueMs }
        : { id, agreement, answerer: otherParty(party), sinceMs: proposedMs };
    });
  }

  /** @throws Problem not-found */
  async get(key: string, id: number): Promise<AgreementCorrection> {
    const agreement = await this.agreements.termsOf(key);
    return this.#view(await this.#found(agreement, id), agreement);
  }

  /** What would come of a correction; stores nothing. @throws Problem not-found, forbidden, invalid-input */
  async outlook(key: string, input: CorrectionInput): Promise<CorrectionOutlook> {
    const agreement = await this.agreements.termsOf(key);
    const parties = proposingParties(currentTerms(agreement), currentActor());
    const nowMs = this.#nowMs();
    const correction = await this.#checked(agreement, input, nowMs);
    return {
      effects: await this.outlooks.effects(agreement, correction, nowMs),
      parties,
      answerDueAt: new Date(await this.outlooks.answerDueMs(agreement, nowMs)).toISOString(),
    };
  }

  /** @throws Problem not-found, forbidden, invalid-input, conflict */
  async propose(key: string, input: CorrectionInput): Promise<AgreementCorrection> {
    const agreement = await this.agreements.termsOf(key);
    const actor = currentActor();
    const party = proposingParty(proposingParties(currentTerms(agreement), actor), input.party);
    if (input.reason === '') throw invalidField('reason', 'must say what happened, for those who decide');
    const nowMs = this.#nowMs();
    const correction = await this.#checked(agreement, input, nowMs);
    const effects = await this.outlooks.effects(agreement, correction, nowMs);
    const dueMs = await this.outlooks.answerDueMs(agreement, nowMs);
    const { kind, name } = actor;
    return this.agreements.exclusively(async () => {
      await this.#assertNew(agreement, correction);
      const id = await this.corrections.insert({
        ...correction,
        agreementId: agreement.id,
        link: input.link ?? null,
        ...{ party, proposer: { kind, name }, proposedMs: nowMs, dueMs, effects },
      });
      await this.#tell('proposed', agreement, { ...correction, id }, { ...input, party });
      return this.#view(await this.#found(agreement, id), agreement);
    });
  }

  /** By the other party, or after its time by the arbiter. @throws Problem not-found, forbidden, conflict */
  decide(key: string, id: number, outcome: 'approved' | 'rejected', reason: string): Promise<AgreementCorrection> {
    return this.#end(key, id, outcome, reason, (correction, agreement) => {
      const terms = currentTerms(agreement);
      const party = decidingParty(correction, terms, currentActor(), this.#nowMs());
      if (party === null) throw undecidable(correction, terms, currentActor());
      return party;
    });
  }

  /** By the party that proposed it. @throws Problem not-found, forbidden, conflict */
  withdraw(key: string, id: number, reason: string): Promise<AgreementCorrection> {
    return this.#end(key, id, 'withdrawn', reason, (correction, agreement) => {
      if (mayWithdraw(correction, currentTerms(agreement), currentActor())) return correction.party;
      throw new Problem('forbidden', `Only the ${correction.party}, who proposed it, may withdraw it`);
    });
  }

  #end(
    key: string,
    id: number,
    outcome: CorrectionDecision['outcome'],
    reason: string,
    byWhom: (correction: StoredCorrection, agreement: AgreementTerms) => CorrectionDecision['party'],
  ): Promise<AgreementCorrection> {
    return this.agreements.exclusively(async () => {
      const agreement = await this.agreements.termsOf(key);
      const correction = await this.#found(agreement, id);
      if (correction.decision)
        throw new Problem('conflict', `Correction ${id} was ${correction.decision.outcome} already`);
      const party = byWhom(correction, agreement);
      const { kind, name } = currentActor();
      await this.corrections.decide(id, {
        ...{ outcome, party, reason, decider: { kind, name } },
        decidedMs: this.#nowMs(),
      });
      await this.#tell(outcome, agreement, correction, { id, party, reason });
      return this.#view(await this.#found(agreement, id), agreement);
    });
  }

  async #checked(agreement: AgreementTerms, input: CorrectionInput, nowMs: number): Promise<LaidCorrection> {
    const faults = correctionFaults(agreement, input, nowMs);
    if (faults.length > 0) throw invalidInput(faults);
    const [service] = await this.catalog.serviceRefs([input.service]);
    if (!service) throw invalidField('service', `there is no service "${input.service}" any more`);
    const { as, ground, reason, objective } = input;
    return {
      ...{ id: unnumbered, as, reason, service: service.key, serviceId: service.id },
      ...{ objective: objective ?? null, ground: ground ?? null },
      ...{ fromMs: Date.parse(input.from), toMs: Date.parse(input.to) },
    };
  }

  /** The same is not asked twice while nobody answered. */
  async #assertNew({ id }: AgreementTerms, asked: LaidCorrection): Promise<void> {
    const same = (await this.corrections.inForce(id, asked)).find(
      (one) =>
        one.decision === null &&
        (['serviceId', 'objective', 'as', 'fromMs', 'toMs'] as const).every((name) => one[name] === asked[name]),
    );
    if (same) throw new Problem('conflict', `Correction ${same.id} asks for the same and waits for an answer`);
  }

  async #tell(
    verb: 'proposed' | CorrectionDecision['outcome'],
    { key }: AgreementTerms,
    { id, serviceId, fromMs, toMs }: LaidCorrection,
    detail: unknown,
  ): Promise<void> {
    await this.audit.record({ action: `correction.${verb}`, subjectKind: 'agreement', subject: key, detail });
    await this.events.publish('corrections.changed', {
      ...{ agreement: key, correctionId: id, serviceId, fromMs, toMs },
      ...{ isApproved: verb === 'approved', isAnswered: verb !== 'proposed' },
    });
  }

  async #found(agreement: AgreementTerms, id: number): Promise<StoredCorrection> {
    const correction = await this.corrections.find(agreement.id, id);
    if (correction) return correction;
    throw new Problem('not-found', `Agreement "${agreement.key}" has no correction ${id}`);
  }

  #view(correction: StoredCorrection, agreement: AgreementTerms): AgreementCorrection {
    const { key } = agreement;
    return correctionView(correction, {
      ...{ key, terms: currentTerms(agreement), actor: currentActor(), nowMs: this.#nowMs() },
    });
  }

  #nowMs(): number {
    return Math.floor(this.clock.now());
  }
}

function placeOf(cursor: string): { isOpen: boolean; id: number } {
  const [, group, id] = /^(open|past)-(\d{1,9})$/.exec(cursor) ?? [];
  if (id === undefined) throw invalidField('cursor', 'is not a cursor from an answer of this list');
  return { isOpen: group === 'open', id: Number(id) };
}
