import { Injectable } from '@nestjs/common';
import type { ClauseComment, LifeAct, Side } from '../contract/agreement-life.ts';
import type { AgreementInput } from '../contract/agreements.ts';
import { Problem } from '../platform/problem.ts';
import { AgreementDocumentsService } from './agreement-documents.service.ts';
import { AgreementLifeRepository } from './agreement-life.repository.ts';
import { AgreementPartiesService } from './agreement-parties.service.ts';
import { AgreementSnapshotsService } from './agreement-snapshots.service.ts';
import { documentLength } from './document/document-length.ts';
import { signedHash } from './signed-content.ts';
import { endOfForce, type AgreementTerms, type ProposedVersion } from './terms.ts';

interface Closing {
  act: LifeAct['act'] & ('returned' | 'withdrawn');
  party: Side;
  reason: string;
  comments: ClauseComment[];
}

/** Makes versions to be signed of drafts, and closes those that will not be. */
@Injectable()
export class AgreementProposalsService {
  constructor(
    readonly documents: AgreementDocumentsService,
    readonly snapshots: AgreementSnapshotsService,
    readonly parties: AgreementPartiesService,
    readonly life: AgreementLifeRepository,
  ) {}

  /** What people are asked to sign stays short. @throws Problem invalid-input that names the longest parts */
  async assertReadable(draft: AgreementInput): Promise<void> {
    const { verdict, message, parts } = await documentLength(await this.documents.asDraft(draft));
    if (verdict !== 'too-long') return;
    const longest = parts.toSorted((a, b) => b.pages - a.pages).slice(0, 3);
    throw new Problem('invalid-input', `The document is too long. ${message}`, {
      issues: longest.map((part) => ({ path: part.key, message: `takes ${part.pages.toFixed(1)} pages` })),
    });
  }

  /** Keeps a draft as the next version, with what its figures rest on. Answers its number. */
  async make(agreement: AgreementTerms, draft: AgreementInput, party: Side): Promise<number> {
    const number = agreement.lastNumber + 1;
    const snapshot = await this.snapshots.of(draft);
    const hash = signedHash({ agreement: agreement.key, version: number, document: draft, snapshot });
    const versionId = await this.life.addProposal({
      ...{ agreementId: agreement.id, number, document: draft, snapshot, hash },
      ...{ effectiveFrom: draft.effective.from, effectiveTo: endOfForce(draft) },
    });
    const by = this.parties.person();
    await this.life.addAct({ versionId, act: 'proposed', party, by, reason: '', comments: [] });
    return number;
  }

  /** The party that proposed a version. */
  async proposerOf(versionId: number): Promise<Side> {
    const acts = await this.life.acts([versionId]);
    return acts.find(({ act }) => act === 'proposed')!.party;
  }

  async close({ id }: ProposedVersion, closing: Closing): Promise<void> {
    await this.life.setState(id, closing.act);
    await this.life.addAct({ versionId: id, by: this.parties.person(), ...closing });
  }
}
