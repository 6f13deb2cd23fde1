import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import type { EndInput, ProposeInput, ReturnInput, SignInput, WithdrawInput } from '../contract/agreement-life.ts';
import type { AgreementInput } from '../contract/agreements.ts';
import { spanOfDays } from '../domain/local-time.ts';
import { EventBus } from '../platform/events.ts';
import { invalidField, Problem } from '../platform/problem.ts';
import { AgreementLifeRepository, type StoredSignature } from './agreement-life.repository.ts';
import { AgreementPartiesService } from './agreement-parties.service.ts';
import { AgreementProposalsService } from './agreement-proposals.service.ts';
import { AgreementsService, type AgreementTerms } from './agreements.service.ts';
import { todayOf } from './life-state.ts';
import { assertClauses, assertFollows, assertNotice, assertProposable, proposalOf } from './proposal-rules.ts';
import { actsFor, emptySeats, otherSide, seatsOf } from './seats.ts';
import { beginMs, openProposal, type ProposedVersion } from './terms.ts';

/** The acts by which an agreement comes into force and ends. Every one is on record. */
@Injectable()
export class AgreementLifeService {
  constructor(
    readonly agreements: AgreementsService,
    readonly proposals: AgreementProposalsService,
    readonly parties: AgreementPartiesService,
    readonly life: AgreementLifeRepository,
    readonly events: EventBus,
    readonly clock: SteadyClock,
  ) {}

  /** Makes a version of the draft, for both parties to sign. @throws Problem invalid-input, conflict, forbidden */
  async propose(key: string, { party }: ProposeInput): Promise<void> {
    const before = await this.agreements.termsOf(key);
    const draft = this.#draftToPropose(before);
    const today = todayOf({ terms: draft }, this.clock.now());
    const side = this.parties.proposer(await this.parties.standing(before.id, draft, today), party);
    await this.proposals.assertReadable(draft);
    await this.agreements.exclusively(async () => {
      const all = await this.agreements.terms();
      const agreement = all.find((one) => one.key === key);
      if (!agreement || !isDeepStrictEqual(agreement.draft, draft))
        throw new Problem('changed-meanwhile', `Somebody else changed agreement "${key}"`);
      this.#draftToPropose(agreement);
      await this.agreements.assertSound(key, draft, all);
      assertProposable(agreement, draft, today);
      const number = await this.proposals.make(agreement, draft, side);
      await this.agreements.tell(key, 'proposed', { version: number, party: side });
    });
  }

  /** Sends a proposal back with what should be otherwise. @throws Problem conflict, forbidden */
  async return(key: string, { version, comments }: ReturnInput): Promise<void> {
    await this.#answer(key, version, async (agreement, proposal) => {
      const side = otherSide(await this.proposals.proposerOf(proposal.id));
      assertClauses(proposal.terms, comments);
      await this.#assertActs(agreement, proposal.terms, side, `return what the ${otherSide(side)} proposed`);
      await this.proposals.close(proposal, { act: 'returned', party: side, reason: '', comments });
      await this.agreements.tell(key, 'returned', { version, comments });
    });
  }

  /** Takes a proposal back. @throws Problem conflict, forbidden */
  async withdraw(key: string, { version, reason }: WithdrawInput): Promise<void> {
    await this.#answer(key, version, async (agreement, proposal) => {
      const side = await this.proposals.proposerOf(proposal.id);
      await this.#assertActs(agreement, proposal.terms, side, 'withdraw what it proposed');
      await this.proposals.close(proposal, { act: 'withdrawn', party: side, reason, comments: [] });
      await this.agreements.tell(key, 'withdrawn', { version, reason });
    });
  }

  /** Signs a proposal; the last signature makes it hold. @throws Problem conflict, changed-meanwhile, forbidden */
  async sign(key: string, { version, hash }: SignInput): Promise<void> {
    await this.#answer(key, version, async (agreement, proposal) => {
      if (proposal.hash !== hash)
        throw new Problem('changed-meanwhile', 'This is not the text that waits for signatures: read it again');
      const signatures = await this.life.signatures([proposal.id]);
      const standing = await this.#standing(agreement, proposal.terms);
      const { party, email, isDelegate } = this.parties.signingSeat(proposal.terms, standing, signatures);
      const signature = {
        ...{ versionId: proposal.id, party, email, by: this.parties.person(), isDelegate, hash },
        attachmentId: null,
      };
      await this.life.addSignatures([signature]);
      await this.agreements.tell(key, 'signed', { version, party, for: email, hash });
      await this.sealWhenSigned(agreement, proposal, [...signatures, signature]);
    });
  }

  /** Ends what was signed on a day to come. @throws Problem invalid-input, conflict, forbidden */
  end(key: string, input: EndInput): Promise<void> {
    return this.#end(key, input, { isEntered: false });
  }

  /** Keeps on record that what was signed ended on a day that is past, as `end` does: for what is entered afterwards. */
  recordEnd(key: string, input: EndInput): Promise<void> {
    return this.#end(key, input, { isEntered: true });
  }

  async #end(key: string, { on, reason }: EndInput, { isEntered }: { isEntered: boolean }): Promise<void> {
    await this.agreements.exclusively(async () => {
      const agreement = await this.agreements.termsOf(key);
      const last = agreement.versions.at(-1);
      if (last?.status === 'declared')
        throw new Problem('managed-by-file', `The config file declares agreement "${key}": effective.to ends it there`);
      if (!last) throw new Problem('conflict', `Agreement "${key}" was never signed: there is nothing to end`);
      const standing = await this.#standing(agreement, last.terms);
      const side = (['customer', 'provider'] as const).find((one) => actsFor(standing, one));
      if (!side) throw new Problem('forbidden', 'Only its parties and admins may end this agreement');
      const { from, to } = last.effective;
      const today = todayOf(last, this.clock.now());
      if (!isEntered && on <= today) throw invalidField('on', 'must be a day to come');
      if (!isEntered) assertNotice(last.terms, on, today);
      if (on <= from) throw invalidField('on', `must be after ${from}, when version ${last.number} begins`);
      if (to !== null && on >= to) throw invalidField('on', `must be before ${to}, when it ends anyway`);
      await this.life.endVersion(last.id, on);
      await this.life.addAct({
        ...{ versionId: last.id, act: 'ended', party: side, by: this.parties.person(), reason },
        comments: [],
      });
      await this.life.holdsAnew(agreement.id, { forgetsDraft: false });
      await this.agreements.tell(key, 'ended', { version: last.number, on, reason });
      const { fromMs } = spanOfDays(on, null, last.terms.timeZone);
      if (on <= today) await this.events.publish('terms.changed', { agreement: key, fromMs });
    });
  }

  /** Both parties have signed: it holds from its day on, and ends what held before. */
  async sealWhenSigned(
    agreement: AgreementTerms,
    proposal: ProposedVersion,
    signatures: readonly Pick<StoredSignature, 'party' | 'email'>[],
  ): Promise<void> {
    if (emptySeats(seatsOf(proposal.terms), signatures).length > 0) return;
    const { from } = proposal.effective;
    assertFollows(agreement, from);
    // Others may have come to rest on it since it was proposed.
    await this.agreements.assertSound(agreement.key, proposal.terms, await this.agreements.terms());
    for (const { id, effective } of agreement.versions)
      if (effective.to === null || effective.to > from) await this.life.endVersion(id, from);
    await this.life.setState(proposal.id, 'signed');
    await this.life.holdsAnew(agreement.id, {
      forgetsDraft: isDeepStrictEqual(agreement.draft, proposal.terms),
    });
    await this.agreements.tell(agreement.key, 'sealed', { version: proposal.number, from, hash: proposal.hash });
    await this.events.publish('terms.changed', { agreement: agreement.key, fromMs: beginMs(proposal.terms) });
  }

  /** Something done with the proposal that is open, one at a time. */
  #answer(
    key: string,
    version: number,
    act: (agreement: AgreementTerms, proposal: ProposedVersion) => Promise<void>,
  ): Promise<void> {
    return this.agreements.exclusively(async () => {
      const agreement = await this.agreements.termsOf(key);
      await act(agreement, proposalOf(agreement, version));
    });
  }

  #draftToPropose(agreement: AgreementTerms): AgreementInput {
    const open = openProposal(agreement);
    if (open)
      throw new Problem(
        'conflict',
        `Version ${open.number} waits for signatures already: withdraw it, or have it returned`,
      );
    if (!agreement.draft)
      throw new Problem('conflict', `Agreement "${agreement.key}" has no draft: what it says is in force as it stands`);
    return agreement.draft;
  }

  async #assertActs(agreement: AgreementTerms, terms: AgreementInput, side: 'provider' | 'customer', what: string) {
    const standing = await this.#standing(agreement, terms);
    if (!actsFor(standing, side)) throw new Problem('forbidden', `Only the ${side} may ${what}`);
  }

  #standing(agreement: AgreementTerms, terms: AgreementInput) {
    return this.parties.standing(agreement.id, terms, todayOf({ terms }, this.clock.now()));
  }
}
