import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import type { ProposeInput, Side } from '../contract/agreement-life.ts';
import type { AgreementInput } from '../contract/agreements.ts';
import { nextTerm } from '../domain/agreement-term.ts';
import { Problem } from '../platform/problem.ts';
import { endingOf, termOf } from './agreement-ending.ts';
import { AgreementPartiesService } from './agreement-parties.service.ts';
import { AgreementProposalsService } from './agreement-proposals.service.ts';
import { AgreementsService, type AgreementTerms } from './agreements.service.ts';
import { todayOf } from './life-state.ts';
import { assertProposable } from './proposal-rules.ts';
import { proposesFor } from './seats.ts';
import { openProposal } from './terms.ts';

/** Agreements that go on: the present terms, proposed for the term that follows. */
@Injectable()
export class AgreementRenewalService {
  constructor(
    readonly agreements: AgreementsService,
    readonly proposals: AgreementProposalsService,
    readonly parties: AgreementPartiesService,
    readonly clock: SteadyClock,
  ) {}

  /** For which parties the one who acts may propose a renewal; none where there is nothing to renew. */
  async choices(agreement: AgreementTerms): Promise<Side[]> {
    const next = this.#next(agreement);
    if (next instanceof Problem) return [];
    const today = todayOf({ terms: next }, this.clock.now());
    return proposesFor(await this.parties.standing(agreement.id, next, today));
  }

  /** When the term would begin and end that follows; null where there is nothing to renew. */
  nextTerm(agreement: AgreementTerms): { from: string; to: string | null } | null {
    const next = this.#next(agreement);
    return next instanceof Problem ? null : { from: next.effective.from, to: next.effective.to ?? null };
  }

  /** Proposes the present terms for the next term, as the next version. @throws Problem conflict, forbidden, managed-by-file */
  async renew(key: string, { party }: ProposeInput): Promise<void> {
    const before = await this.agreements.termsOf(key);
    const draft = this.#toRenew(before);
    const today = todayOf({ terms: draft }, this.clock.now());
    const side = this.parties.proposer(await this.parties.standing(before.id, draft, today), party);
    await this.proposals.assertReadable(draft);
    await this.agreements.exclusively(async () => {
      const all = await this.agreements.terms();
      const agreement = all.find((one) => one.key === key);
      if (!agreement || !isDeepStrictEqual(this.#toRenew(agreement), draft))
        throw new Problem('changed-meanwhile', `Somebody else changed agreement "${key}"`);
      await this.agreements.assertSound(key, draft, all);
      assertProposable(agreement, draft, today);
      await this.agreements.agreements.write([{ key, managedBy: null, draft }]);
      const number = await this.proposals.make(agreement, draft, side);
      await this.agreements.tell(key, 'renewal-proposed', { version: number, party: side, effective: draft.effective });
    });
  }

  /** @throws Problem conflict, managed-by-file */
  #toRenew(agreement: AgreementTerms): AgreementInput {
    const next = this.#next(agreement);
    if (next instanceof Problem) throw next;
    return next;
  }

  /** The terms of the next term, or why there is none. */
  #next(agreement: AgreementTerms): AgreementInput | Problem {
    const { key, versions, draft } = agreement;
    const last = versions.at(-1);
    const refused = (why: string): Problem => new Problem('conflict', why);
    if (last?.status === 'declared')
      return new Problem('managed-by-file', `The config file declares agreement "${key}": it is renewed there`);
    const ending = endingOf(agreement, this.clock.now());
    if (!last || !ending) return refused(`Agreement "${key}" has no end: there is nothing to renew`);
    if (ending.kind === 'renews') return refused(`Agreement "${key}" goes on by itself`);
    const open = openProposal(agreement);
    if (open) return refused(`Version ${open.number} waits for signatures already`);
    if (draft) return refused(`A draft of agreement "${key}" is being written: that is what is proposed next`);
    const today = todayOf(last, this.clock.now());
    // What has lapsed goes on from today: nobody signs for days that are past.
    const from = ending.on > today ? ending.on : today;
    return { ...last.terms, effective: nextTerm(termOf(last.terms), from) };
  }
}
