import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AgreementLifeViewService, type OpenSeat } from '../agreements/agreement-life-view.service.ts';
import {
  AgreementsService,
  currentTerms,
  decisiveDay,
  endingOf,
  type AgreementTerms,
} from '../agreements/agreements.service.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import { CorrectionsService, type UnansweredCorrection } from '../compliance/corrections.service.ts';
import { ConsequencesService, type OwedEntry } from '../consequences/consequences.service.ts';
import type { CorrectionDecider } from '../contract/corrections.ts';
import { counted } from '../contract/length-words.ts';
import { periodTitle } from '../contract/period-title.ts';
import { groupBy } from '../domain/grouping.ts';
import { spanOfDays } from '../domain/local-time.ts';
import { reachable, recipientsOf } from '../mails/mails.service.ts';
import { ReviewsService, type UnsignedReview } from '../reviews/reviews.service.ts';
import type { OwedStep } from './owed-step.ts';

/** What the parties of agreements owe each other now, whoever asks. */
@Injectable()
export class OwedStepsService {
  constructor(
    readonly agreements: AgreementsService,
    readonly lives: AgreementLifeViewService,
    readonly corrections: CorrectionsService,
    readonly consequences: ConsequencesService,
    readonly reviews: ReviewsService,
    readonly catalog: CatalogService,
    readonly clock: SteadyClock,
  ) {}

  /** Of these agreements, or of all. */
  async list(keys?: readonly string[]): Promise<OwedStep[]> {
    const all = await this.agreements.terms(keys);
    const { teams } = await this.catalog.state([]);
    const write = new StepWriter(new Map([...teams.values()].map(({ key, email }) => [key, email])));
    const nowMs = this.clock.now();
    return [
      ...(await this.lives.openSeats(all)).map((seat) => write.signature(seat)),
      ...(await this.corrections.unanswered(all)).map((correction) => write.correction(correction)),
      ...write.entries(await this.consequences.owedOf(all)),
      ...(await this.reviews.unsigned(all)).map((review) => write.review(review)),
      ...all.flatMap((agreement) => write.renewals(agreement, nowMs)),
    ];
  }
}

const partyWords: Readonly<Record<CorrectionDecider, string>> = {
  provider: 'the provider',
  customer: 'the customer',
  arbiter: 'the arbiter',
};

/** Says what is owed, by whom, and where it is done. */
class StepWriter {
  constructor(readonly teamAddresses: ReadonlyMap<string, string | null>) {}

  signature({ agreement, version, proposedAt, party, name, email, standIns }: OpenSeat): OwedStep {
    return {
      ...this.#of(agreement, party),
      ...{ kind: 'signature', step: `signature/${version}/${party}/${email}`, fromMs: Date.parse(proposedAt) },
      addresses: reachable([email, ...standIns]),
      what: `Version ${version} waits for the signature of ${name}.`,
      path: pathOf(agreement.key),
    };
  }

  correction({ id, agreement, answerer, sinceMs }: UnansweredCorrection): OwedStep {
    return {
      ...this.#of(agreement, answerer),
      ...{ kind: 'correction', step: `correction/${id}/${answerer}`, fromMs: sinceMs },
      what: `Correction ${id} waits for the answer of ${partyWords[answerer]}.`,
      path: `${pathOf(agreement.key)}/corrections`,
    };
  }

  /** Entries of one period that wait for the same are one thing to do; each action has its own day. */
  entries(owed: readonly OwedEntry[]): OwedStep[] {
    const actions = owed.filter(({ kind }) => kind === 'action').map((entry) => this.#action(entry));
    const others = owed.filter(({ kind }) => kind !== 'action');
    const groups = groupBy(others, ({ kind, agreement, period, party }) =>
      [agreement.key, kind, period, party].join('/'),
    );
    return [...actions, ...[...groups.values()].map((entries) => this.#group(entries))];
  }

  #action({ id, agreement, party, what, dueOn }: OwedEntry): OwedStep {
    const { timeZone } = currentTerms(agreement);
    return {
      ...this.#of(agreement, party),
      ...{ kind: 'action', step: `action/${id}/${party}`, fromMs: spanOfDays(dueOn!, null, timeZone).fromMs },
      what: `“${what}” was to be done by ${dueOn} by ${partyWords[party]}.`,
      path: consequencesOf(agreement.key),
    };
  }

  #group(entries: readonly OwedEntry[]): OwedStep {
    const { agreement, kind, party, period } = entries[0]!;
    const count = entries.length;
    const wait = count === 1 ? 'waits' : 'wait';
    const what =
      kind === 'booking'
        ? `${counted(count, 'accepted credit')} of ${periodTitle(period)} ${wait} to be booked.`
        : `${counted(count, 'consequence')} of ${periodTitle(period)} ${wait} for the answer of ${partyWords[party]}.`;
    return {
      ...this.#of(agreement, party),
      ...{ kind, step: `${kind}/${period}/${party}`, fromMs: Math.min(...entries.map(({ sinceMs }) => sinceMs)) },
      ...{ what, path: consequencesOf(agreement.key) },
    };
  }

  review({ agreement, party, period, revision, frozenAt }: UnsignedReview): OwedStep {
    return {
      ...this.#of(agreement, party),
      ...{ kind: 'review', step: `review/${period}/${revision}/${party}`, fromMs: frozenAt.getTime() },
      what: `The review of ${periodTitle(period)} waits for ${partyWords[party]} to sign it off.`,
      path: `${pathOf(agreement.key)}/reviews/${encodeURIComponent(period)}`,
    };
  }

  renewals(agreement: AgreementTerms, nowMs: number): OwedStep[] {
    const day = decisiveDay(agreement, nowMs);
    if (day === null) return [];
    const { timeZone } = currentTerms(agreement);
    return (['provider', 'customer'] as const).map((party) => ({
      ...this.#of(agreement, party),
      ...{ kind: 'renewal', step: `renewal/${day}/${party}`, fromMs: spanOfDays(day, null, timeZone).fromMs },
      what: endingOf(agreement, nowMs)!.text,
      path: pathOf(agreement.key),
    }));
  }

  #of(agreement: AgreementTerms, party: CorrectionDecider) {
    const terms = currentTerms(agreement);
    const told =
      party === 'arbiter'
        ? reachable([this.teamAddresses.get(terms.arbiter ?? '') ?? ''])
        : recipientsOf(terms, this.teamAddresses)
            .filter((one) => one.party === party)
            .map(({ address }) => address);
    return {
      ...{ agreementId: agreement.id, agreement: { key: agreement.key, title: terms.title }, party },
      addresses: told,
    };
  }
}

const pathOf = (key: string): string => `/agreements/${encodeURIComponent(key)}`;
const consequencesOf = (key: string): string => `/consequences?agreement=${encodeURIComponent(key)}&state=open`;
