import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import type { AgreementLife, LifeChoices, Side } from '../contract/agreement-life.ts';
import type { AgreementInput } from '../contract/agreements.ts';
import { toldChanges } from '../domain/differences.ts';
import { Problem } from '../platform/problem.ts';
import { AgreementDelegatesService, signedNext } from './agreement-delegates.service.ts';
import { AgreementLifeRepository } from './agreement-life.repository.ts';
import { AgreementPartiesService } from './agreement-parties.service.ts';
import { AgreementRenewalService } from './agreement-renewal.service.ts';
import { AgreementSnapshotsService } from './agreement-snapshots.service.ts';
import { AgreementsService, type AgreementTerms } from './agreements.service.ts';
import { lifeState, liveProposal, todayOf, versionAt } from './life-state.ts';
import { nextText, versionView, type LifeRecords } from './life-view.ts';
import { actsFor, emptySeats, otherSide, proposesFor, seatsOf, type Standing } from './seats.ts';
import { changedSince } from './snapshot.ts';
import { openProposal, type ProposedVersion } from './terms.ts';

/** A place in a proposed version that nobody has signed in. */
export interface OpenSeat {
  agreement: AgreementTerms;
  version: number;
  proposedAt: string;
  party: Side;
  /** Of the signatory. */
  name: string;
  email: string;
  /** Names of the accounts that may sign in that place today. */
  standIns: string[];
}

/** Where an agreement is in its life, what was done, and what the one who asks may do. */
@Injectable()
export class AgreementLifeViewService {
  constructor(
    readonly agreements: AgreementsService,
    readonly delegates: AgreementDelegatesService,
    readonly parties: AgreementPartiesService,
    readonly snapshots: AgreementSnapshotsService,
    readonly life: AgreementLifeRepository,
    readonly renewal: AgreementRenewalService,
    readonly clock: SteadyClock,
  ) {}

  /** @throws Problem not-found */
  async of(key: string): Promise<AgreementLife> {
    const nowMs = this.clock.now();
    const { terms: agreement, stored } = await this.agreements.storedOf(key);
    const all = [...agreement.versions, ...agreement.proposals].sort((a, b) => b.number - a.number);
    const ids = all.map(({ id }) => id);
    const records: LifeRecords = {
      acts: await this.life.acts(ids),
      signatures: await this.life.signatures(ids),
      attachments: await this.life.attachments(ids),
    };
    const byId = new Map(stored.versions.map((version) => [version.id, version]));
    const proposal = liveProposal(agreement);
    return {
      state: lifeState(agreement, nowMs).life,
      proposal: proposal?.number ?? null,
      inForce: versionAt(agreement, nowMs)?.number ?? null,
      hasDraft: agreement.draft !== null,
      nextTerm: this.renewal.nextTerm(agreement),
      next: nextText(agreement, proposal, records),
      may: await this.#may(agreement, proposal, records, nowMs),
      versions: all.map((version) => versionView(version, byId.get(version.id)!, agreement, records, nowMs)),
      delegates: await this.#delegates(agreement),
      changedSince: await this.#changedSince(agreement, nowMs),
    };
  }

  /** Keys of those of these agreements whose proposed version the one who asks would sign. */
  async toSign(agreements: readonly AgreementTerms[]): Promise<string[]> {
    const open = agreements.flatMap((agreement) => {
      const proposal = openProposal(agreement);
      return proposal ? [{ agreement, proposal }] : [];
    });
    const signatures = await this.life.signatures(open.map(({ proposal }) => proposal.id));
    const keys: string[] = [];
    for (const { agreement, proposal } of open) {
      const today = todayOf(proposal, this.clock.now());
      const standing = await this.parties.standing(agreement.id, proposal.terms, today);
      if (this.#signs(proposal, standing, signatures)) keys.push(agreement.key);
    }
    return keys;
  }

  /** The places that wait for signatures in these agreements, each with who may sign in it. */
  async openSeats(agreements: readonly AgreementTerms[]): Promise<OpenSeat[]> {
    const open = agreements.flatMap((agreement) => {
      const proposal = openProposal(agreement);
      return proposal ? [{ agreement, proposal }] : [];
    });
    if (open.length === 0) return [];
    const signatures = await this.life.signatures(open.map(({ proposal }) => proposal.id));
    const standIns = await this.life.standIns(open.map(({ agreement }) => agreement.id));
    const nowMs = this.clock.now();
    return open.flatMap(({ agreement, proposal }) => {
      const ofIt = signatures.filter(({ versionId }) => versionId === proposal.id);
      const today = todayOf(proposal, nowMs);
      return emptySeats(seatsOf(proposal.terms), ofIt).map(({ party, name, email }) => ({
        ...{ agreement, version: proposal.number, proposedAt: proposal.createdAt, party, name, email },
        standIns: standIns
          .filter((one) => one.agreementId === agreement.id && one.party === party && one.email === email)
          .flatMap(({ user, from, to }) => (from <= today && today < to ? [user] : [])),
      }));
    });
  }

  async #may(
    agreement: AgreementTerms,
    proposal: ProposedVersion | undefined,
    records: LifeRecords,
    nowMs: number,
  ): Promise<LifeChoices> {
    const { draft, versions } = agreement;
    const open = proposal?.status === 'proposed' ? proposal : undefined;
    const standingIn = (terms: AgreementInput): Promise<Standing> =>
      this.parties.standing(agreement.id, terms, todayOf({ terms }, nowMs));
    const standing = open ? await standingIn(open.terms) : undefined;
    const by = records.acts.find(({ versionId, act }) => versionId === open?.id && act === 'proposed')?.party;
    const last = versions.at(-1);
    const canEnd = last?.status === 'signed' && (last.effective.to ?? '9999') > todayOf(last, nowMs);
    const holder = canEnd ? await standingIn(last.terms) : undefined;
    return {
      propose: draft && !open ? proposesFor(await standingIn(draft)) : [],
      return: standing !== undefined && by !== undefined && actsFor(standing, otherSide(by)),
      withdraw: standing !== undefined && by !== undefined && actsFor(standing, by),
      sign: open && standing ? this.#signs(open, standing, records.signatures) : null,
      attach: standing ? this.parties.attachesFor(standing) : [],
      renew: await this.renewal.choices(agreement),
      end: holder !== undefined && (actsFor(holder, 'provider') || actsFor(holder, 'customer')),
      delegate: this.delegates.ownPlaces(agreement).length > 0,
    };
  }

  #signs(
    { id, terms }: ProposedVersion,
    standing: Standing,
    signatures: LifeRecords['signatures'],
  ): LifeChoices['sign'] {
    try {
      const ofIt = signatures.filter(({ versionId }) => versionId === id);
      const { party, name, isDelegate } = this.parties.signingSeat(terms, standing, ofIt);
      return { party, name, isDelegate };
    } catch (error) {
      if (error instanceof Problem) return null;
      throw error;
    }
  }

  async #delegates(agreement: AgreementTerms): Promise<AgreementLife['delegates']> {
    const own = new Set(this.delegates.ownPlaces(agreement).map(({ email }) => email));
    const { parties } = signedNext(agreement);
    return (await this.life.delegates(agreement.id)).map(({ id, party, email, user, name, from, to }) => ({
      ...{ id, party, from, to, by: { user, name }, mayEnd: own.has(email) },
      signatory: parties[party].signatories.find((one) => one.email === email)?.name ?? email,
    }));
  }

  async #changedSince(agreement: AgreementTerms, nowMs: number): Promise<AgreementLife['changedSince']> {
    const holding = versionAt(agreement, nowMs);
    if (!holding?.snapshot) return [];
    return toldChanges(changedSince(holding.snapshot, await this.snapshots.of(holding.terms)));
  }
}
