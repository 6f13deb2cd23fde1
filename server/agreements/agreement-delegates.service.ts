import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AccessService } from '../access/access.service.ts';
import type { DelegateInput } from '../contract/agreement-life.ts';
import { invalidField, Problem } from '../platform/problem.ts';
import { AgreementLifeRepository } from './agreement-life.repository.ts';
import { AgreementsService, type AgreementTerms } from './agreements.service.ts';
import { liveProposal, todayOf } from './life-state.ts';
import { seatsOf, type Seat } from './seats.ts';
import { currentTerms } from './terms.ts';

/** The text whose signatories are meant: what is proposed, else the draft, else what holds. */
export const signedNext = (agreement: AgreementTerms) =>
  liveProposal(agreement)?.terms ?? agreement.draft ?? currentTerms(agreement);

/** People who sign in the place of others for a while. */
@Injectable()
export class AgreementDelegatesService {
  constructor(
    readonly agreements: AgreementsService,
    readonly life: AgreementLifeRepository,
    readonly access: AccessService,
    readonly clock: SteadyClock,
  ) {}

  /** The places that are one's own in a text, for which one may name delegates. */
  ownPlaces(agreement: AgreementTerms): Seat[] {
    const { user, isAccount } = this.access.actingPerson();
    if (!isAccount) return [];
    return seatsOf(signedNext(agreement)).filter(({ account }) => account === user.toLowerCase());
  }

  /** @throws Problem forbidden, invalid-input */
  async name(key: string, { user, from, to }: DelegateInput): Promise<void> {
    await this.agreements.exclusively(async () => {
      const agreement = await this.agreements.termsOf(key);
      const places = this.ownPlaces(agreement);
      const me = this.access.actingPerson();
      if (places.length === 0) throw new Problem('forbidden', 'Only a signatory may name who signs in their place');
      if (user.toLowerCase() === me.user.toLowerCase()) throw invalidField('user', 'must be somebody else than you');
      if (to <= todayOf({ terms: signedNext(agreement) }, this.clock.now()))
        throw invalidField('to', 'must be a day to come');
      for (const { party, email } of places) {
        if (!(await this.life.addDelegate(agreement.id, { party, email, user, from, to }, me.user)))
          throw invalidField('user', `there is no account "${user}" that can sign in`);
      }
      await this.agreements.tell(key, 'delegate-named', { delegate: user, for: places[0]!.email, from, to });
    });
  }

  /** @throws Problem not-found, forbidden */
  async end(key: string, id: number): Promise<void> {
    await this.agreements.exclusively(async () => {
      const agreement = await this.agreements.termsOf(key);
      const delegate = (await this.life.delegates(agreement.id)).find((one) => one.id === id);
      if (!delegate) throw new Problem('not-found', `Agreement "${key}" has no delegate ${id}`);
      if (!this.ownPlaces(agreement).some(({ email }) => email === delegate.email))
        throw new Problem('forbidden', 'Only who named a delegate may take that back');
      await this.life.removeDelegate(agreement.id, id);
      await this.agreements.tell(key, 'delegate-ended', { delegate: delegate.user, for: delegate.email });
    });
  }
}
