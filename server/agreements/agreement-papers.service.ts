import { Injectable } from '@nestjs/common';
import type { AttachmentQuery } from '../contract/agreement-life.ts';
import { invalidField, Problem } from '../platform/problem.ts';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AgreementLifeRepository } from './agreement-life.repository.ts';
import { AgreementLifeService } from './agreement-life.service.ts';
import { AgreementPartiesService } from './agreement-parties.service.ts';
import { AgreementsService } from './agreements.service.ts';
import { todayOf } from './life-state.ts';
import { proposalOf } from './proposal-rules.ts';
import { emptySeats, seatsOf } from './seats.ts';
import { sha256 } from './signed-content.ts';

/** Signed papers that stand in the place of signatures. */
@Injectable()
export class AgreementPapersService {
  constructor(
    readonly agreements: AgreementsService,
    readonly acts: AgreementLifeService,
    readonly parties: AgreementPartiesService,
    readonly life: AgreementLifeRepository,
    readonly clock: SteadyClock,
  ) {}

  /** Keeps a signed paper for all of a party who have not signed yet. @throws Problem invalid-input, conflict, forbidden */
  async attach(key: string, number: number, { party, name }: AttachmentQuery, content: unknown): Promise<void> {
    const paper = readPdf(content);
    await this.agreements.exclusively(async () => {
      const agreement = await this.agreements.termsOf(key);
      const proposal = proposalOf(agreement, number);
      const { id: versionId, terms } = proposal;
      const today = todayOf(proposal, this.clock.now());
      const standing = await this.parties.standing(agreement.id, terms, today);
      if (!this.parties.attachesFor(standing).includes(party))
        throw new Problem('forbidden', `Only signatories of the ${party} and admins may attach a paper for it`);
      const signatures = await this.life.signatures([versionId]);
      const missing = emptySeats(seatsOf(terms), signatures).filter((seat) => seat.party === party);
      if (missing.length === 0) throw new Problem('conflict', `The ${party} has signed version ${number} already`);
      const by = this.parties.person();
      const hash = sha256(paper);
      const attachmentId = await this.life.addAttachment({ versionId, party, name, hash, by }, paper);
      const papers = missing.map(({ email }) => ({
        ...{ versionId, party, email, by, isDelegate: false, hash: proposal.hash!, attachmentId },
      }));
      await this.life.addSignatures(papers);
      await this.agreements.tell(key, 'paper-attached', { version: number, party, name, hash });
      await this.acts.sealWhenSigned(agreement, proposal, [...signatures, ...papers]);
    });
  }

  /** @throws Problem not-found */
  async read(key: string, number: number, id: number): Promise<{ name: string; content: Buffer }> {
    const { versions, proposals } = await this.agreements.termsOf(key);
    const version = [...versions, ...proposals].find((one) => one.number === number);
    const found = version && (await this.life.attachment([version.id], id));
    if (!found) throw new Problem('not-found', `Version ${number} of agreement "${key}" has no paper ${id}`);
    return found;
  }
}

function readPdf(content: unknown): Buffer {
  if (!Buffer.isBuffer(content) || content.length === 0)
    throw new Problem('unsupported-media-type', 'Send the paper as a PDF: application/pdf');
  if (!content.subarray(0, 1_024).includes('%PDF-')) throw invalidField('file', 'is no PDF');
  return content;
}
