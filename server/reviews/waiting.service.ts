import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AgreementLifeViewService } from '../agreements/agreement-life-view.service.ts';
import { AgreementsService, currentTerms, renewalDue, type AgreementTerms } from '../agreements/agreements.service.ts';
import { CorrectionsService } from '../compliance/corrections.service.ts';
import { ConsequencesService } from '../consequences/consequences.service.ts';
import type { Consequence } from '../contract/consequences.ts';
import type { Waiting, WaitingKind } from '../contract/reviews.ts';
import { currentActor } from '../platform/request-context.ts';
import { EarlyClosingService } from '../reports/early-closing.service.ts';
import { ReviewsRepository } from './reviews.repository.ts';

/** What waits for the one who asks: of agreements whose parties they are a member of, and of those that name them. */
@Injectable()
export class WaitingService {
  constructor(
    readonly agreements: AgreementsService,
    readonly lives: AgreementLifeViewService,
    readonly corrections: CorrectionsService,
    readonly consequences: ConsequencesService,
    readonly closing: EarlyClosingService,
    readonly reviews: ReviewsRepository,
    readonly clock: SteadyClock,
  ) {}

  /** Signatures first, then what is owed, in order of agreement. */
  async list(): Promise<Waiting[]> {
    const all = await this.agreements.terms();
    const { memberOf = [], permissions } = currentActor();
    const own = all.filter((agreement) => {
      const { provider, customer, arbiter } = currentTerms(agreement);
      return [provider, customer, arbiter].some((team) => team != null && memberOf.includes(team));
    });
    const toSign = new Set(await this.lives.toSign(all));
    const signing = all.filter(({ key }) => toSign.has(key)).map((agreement) => waitingOf('signature', agreement, 1));
    if (own.length === 0 || !permissions.has('catalog:write')) return signing;
    return [
      ...signing,
      ...(await this.#owed(own)),
      ...(await this.#disputed(own)),
      ...(await this.#closing(own)),
      ...(await this.#unsigned(own, memberOf)),
      ...this.#ending(own, memberOf),
    ];
  }

  async #owed(own: readonly AgreementTerms[]): Promise<Waiting[]> {
    const open = await this.consequences.openOf(own);
    const groups = [
      ['consequence', ({ may }: Consequence) => may.accept || may.decide],
      ['booking', ({ may }: Consequence) => may.book],
      ['action', ({ may }: Consequence) => may.finish],
    ] as const;
    return groups.flatMap(([kind, waits]) =>
      own.flatMap((agreement) => {
        const found = open.filter((entry) => entry.agreement.key === agreement.key && waits(entry));
        if (found.length === 0) return [];
        const periods = new Set(found.map(({ period }) => period));
        const days = found.flatMap(({ action }) => action?.dueOn ?? []).toSorted();
        return [
          {
            ...waitingOf(kind, agreement, found.length, periods.size === 1 ? [...periods][0]! : null),
            dueOn: kind === 'action' ? (days[0] ?? null) : null,
          },
        ];
      }),
    );
  }

  async #disputed(own: readonly AgreementTerms[]): Promise<Waiting[]> {
    const disputes = (await this.corrections.disputes(own)).filter(({ mayDecide }) => mayDecide);
    return own.flatMap((agreement) => {
      const count = disputes.filter((dispute) => dispute.agreement === agreement.key).length;
      return count > 0 ? [waitingOf('correction', agreement, count)] : [];
    });
  }

  /** Periods that the other party wants closed. */
  async #closing(own: readonly AgreementTerms[]): Promise<Waiting[]> {
    const found = await this.closing.unconfirmed(own);
    return found.map(({ agreement, period }) => waitingOf('closing', agreement, 1, period));
  }

  /** Those of one's own that are about to end, unless somebody acts. */
  #ending(own: readonly AgreementTerms[], memberOf: readonly string[]): Waiting[] {
    return own.flatMap((agreement) => {
      const { provider, customer } = currentTerms(agreement);
      const dueOn = renewalDue(agreement, this.clock.now());
      if (dueOn === null || ![provider, customer].some((team) => memberOf.includes(team))) return [];
      return [{ ...waitingOf('renewal', agreement, 1), dueOn }];
    });
  }

  /** The newest closed period of each, where one's own party has not signed it off. */
  async #unsigned(own: readonly AgreementTerms[], memberOf: readonly string[]): Promise<Waiting[]> {
    const newest = await this.reviews.newestPeriods(own.map(({ id }) => id));
    return own.flatMap((agreement) => {
      const found = newest.find(({ agreementId }) => agreementId === agreement.id);
      const terms = currentTerms(agreement);
      const lacks = (['provider', 'customer'] as const).some(
        (side) => memberOf.includes(terms[side]) && !found?.signed.includes(side),
      );
      return found && lacks ? [waitingOf('review', agreement, 1, found.period)] : [];
    });
  }
}

const waitingOf = (
  kind: WaitingKind,
  agreement: AgreementTerms,
  count: number,
  period: string | null = null,
): Waiting => ({
  ...{ kind, agreement: { key: agreement.key, title: currentTerms(agreement).title }, count, period, dueOn: null },
});
