import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AccessService } from '../access/access.service.ts';
import { AuditService } from '../access/audit.service.ts';
import { AgreementsService, currentTerms, hasClause, type AgreementTerms } from '../agreements/agreements.service.ts';
import { speaksFor } from '../compliance/corrections.service.ts';
import { ConsequencesService } from '../consequences/consequences.service.ts';
import { sides, type Side } from '../contract/agreement-life.ts';
import { correctionDeciders, type CorrectionDecider } from '../contract/corrections.ts';
import type { Report } from '../contract/reports.ts';
import type { Review, ReviewActionInput, ReviewComment, ReviewCommentInput, SignReview } from '../contract/reviews.ts';
import { dateAt } from '../domain/local-time.ts';
import { nextPeriod, periodAt } from '../domain/period.ts';
import { invalidField, Problem } from '../platform/problem.ts';
import { currentActor } from '../platform/request-context.ts';
import { ReportsService } from '../reports/reports.service.ts';
import { reviewTrend } from './review-trend.ts';
import {
  ReviewsRepository,
  type NewestPeriod,
  type StoredComment,
  type StoredSignature,
} from './reviews.repository.ts';

/** A closed period that a party has not signed off. */
export interface UnsignedReview extends Pick<NewestPeriod, 'period' | 'revision' | 'frozenAt'> {
  agreement: AgreementTerms;
  party: Side;
}

/** What the parties say of a closed period together: comments, actions, signatures, and the way into the next version. */
@Injectable()
export class ReviewsService {
  constructor(
    readonly reviews: ReviewsRepository,
    readonly reports: ReportsService,
    readonly consequences: ConsequencesService,
    readonly agreements: AgreementsService,
    readonly access: AccessService,
    readonly audit: AuditService,
    readonly clock: SteadyClock,
  ) {}

  /** @throws Problem not-found where the period is not frozen */
  async get(key: string, period: string): Promise<Review> {
    const report = await this.reports.get(key, period, null);
    const agreement = await this.agreements.termsOf(key);
    const comments = await this.reviews.comments(agreement.id, period);
    const signatures = await this.reviews.signatures(agreement.id, period);
    const isCurrent = ({ revision }: StoredSignature): boolean => revision === report.revision;
    const current = signatures.filter(isCurrent);
    const { trend } = report.content;
    const targets = await this.reports.targets(
      agreement.id,
      trend.map((one) => one.period),
    );
    const { title, ...names } = await this.consequences.viewed(agreement);
    return {
      ...{ agreement: { key, title }, ...names, period },
      report: {
        ...{ revision: report.revision, frozenAt: report.frozenAt, hash: report.hash },
        gist: report.content.gist,
      },
      trend: reviewTrend(report.content, targets),
      comments: comments.map(commentView),
      signatures: current.map(signatureView),
      earlierSignatures: signatures.filter((one) => !isCurrent(one)).map(signatureView),
      hasDraft: agreement.draft !== null,
      may: this.#may(agreement, current),
    };
  }

  /** The newest closed periods that parties of these agreements have not signed off. */
  async unsigned(agreements: readonly AgreementTerms[]): Promise<UnsignedReview[]> {
    const byId = new Map(agreements.map((agreement) => [agreement.id, agreement]));
    const newest = await this.reviews.newestPeriods([...byId.keys()]);
    return newest.flatMap(({ agreementId, signed, ...period }) =>
      sides
        .filter((party) => !signed.includes(party))
        .map((party) => ({ ...period, party, agreement: byId.get(agreementId)! })),
    );
  }

  /** What was said of clauses since the terms that hold were written: what the next version is to say otherwise. */
  async notes(key: string): Promise<ReviewComment[]> {
    const agreement = await this.agreements.termsOf(key);
    const written = agreement.versions.at(-1)?.createdAt;
    const since = written === undefined ? null : new Date(written);
    return (await this.reviews.clauseComments(agreement.id, since)).map(commentView);
  }

  /** @throws Problem not-found, forbidden, invalid-input */
  comment(key: string, period: string, { text, clause = null, party: wanted }: ReviewCommentInput): Promise<Review> {
    return this.#write(key, period, async (agreement) => {
      const terms = currentTerms(agreement);
      const party = speaker(correctionDeciders, speaksFor(terms, currentActor()), wanted);
      if (clause !== null && !hasClause(terms, clause)) throw invalidField('clause', `there is no clause "${clause}"`);
      await this.reviews.addComment(agreement.id, { period, party, text, clause }, this.access.actingPerson());
      await this.#record(key, 'commented', { period, party, text, clause });
    });
  }

  /** @throws Problem not-found, forbidden, invalid-input */
  addAction(key: string, period: string, { what, doer, owner, dueOn }: ReviewActionInput): Promise<Review> {
    return this.#write(key, period, async (agreement, report) => {
      const terms = currentTerms(agreement);
      const spoken = speaksFor(terms, currentActor());
      if (!addsFor(spoken).includes(doer))
        throw new Problem(
          'forbidden',
          'A party promises for itself; only the customer may ask something of the provider',
        );
      if (dueOn < dateAt(Math.floor(this.clock.now()), terms.timeZone).toString())
        throw invalidField('dueOn', 'must not be a day of the past');
      const { from, to } = report.content.period;
      await this.consequences.addAction(agreement, {
        ...{ period, fromMs: Date.parse(from), toMs: Date.parse(to), what, party: doer, owner, dueOn },
        why: 'From the review of the period',
        isAccepted: spoken.has(doer),
      });
    });
  }

  /** @throws Problem not-found, forbidden, conflict, changed-meanwhile */
  sign(key: string, period: string, { revision, party: wanted }: SignReview): Promise<Review> {
    return this.#write(key, period, async (agreement, report) => {
      const party = speaker(sides, speaksFor(currentTerms(agreement), currentActor()), wanted);
      if (revision !== report.revision)
        throw new Problem('changed-meanwhile', `The report is of revision ${report.revision} now: read that first`);
      const signed = { period, revision, hash: report.hash, party };
      if (!(await this.reviews.sign(agreement.id, signed, this.access.actingPerson())))
        throw new Problem('conflict', `It is signed off for the ${party} already`);
      await this.#record(key, 'signed', signed);
    });
  }

  /**
   * Begins the draft of the next version, to hold from the next period on, for which reviews made their notes; where there
   * is a draft, that is it. @throws Problem not-found, forbidden, managed-by-file
   */
  beginNext(key: string, period: string): Promise<Review> {
    return this.#write(key, period, async (agreement) => {
      if (agreement.draft !== null) return;
      const { document } = await this.agreements.get(key, this.clock.now());
      const from = this.#nextBegin(agreement);
      await this.agreements.put(key, { ...document, effective: { from } }, {});
    });
  }

  /** The first day of the period after the present one, and after that on which the terms that hold last began. */
  #nextBegin(agreement: AgreementTerms): string {
    const { period: kind, timeZone, effective } = currentTerms(agreement);
    const step = kind.startsWith('rolling-') ? 'month' : (kind as 'month');
    let period = periodAt(step, timeZone, Math.floor(this.clock.now()));
    let from: string;
    do {
      period = nextPeriod(step, timeZone, period);
      from = dateAt(period.fromMs, timeZone).toString();
    } while (from <= effective.from);
    return from;
  }

  /** One writer at a time; what is written is told, and the review answered as it is then. */
  #write(
    key: string,
    period: string,
    act: (agreement: AgreementTerms, report: Report) => Promise<void>,
  ): Promise<Review> {
    return this.agreements.exclusively(async () => {
      const report = await this.reports.get(key, period, null);
      await act(await this.agreements.termsOf(key), report);
      await this.consequences.announce(key);
      return this.get(key, period);
    });
  }

  async #record(key: string, verb: 'commented' | 'signed', detail: unknown): Promise<void> {
    await this.audit.record({ action: `review.${verb}`, subjectKind: 'agreement', subject: key, detail });
  }

  #may(agreement: AgreementTerms, signatures: readonly StoredSignature[]): Review['may'] {
    const spoken = speaksFor(currentTerms(agreement), currentActor());
    const signed = new Set(signatures.map(({ party }) => party));
    return {
      comment: correctionDeciders.filter((party) => spoken.has(party)),
      sign: sides.filter((side) => spoken.has(side) && !signed.has(side)),
      addFor: addsFor(spoken),
      beginNext: agreement.managedBy === null && agreement.draft === null && sides.some((side) => spoken.has(side)),
    };
  }
}

/** For whom one may write down what is to be done. */
const addsFor = (spoken: ReadonlySet<CorrectionDecider>): Side[] =>
  sides.filter((side) => spoken.has(side) || (side === 'provider' && spoken.has('customer')));

/** For whom one speaks, of those who may. @throws Problem forbidden, invalid-input */
function speaker<Party extends CorrectionDecider>(
  among: readonly Party[],
  spoken: ReadonlySet<CorrectionDecider>,
  wanted: Party | null | undefined,
): Party {
  const own = among.filter((party) => spoken.has(party));
  if (own.length === 0) throw new Problem('forbidden', `Only members of the ${among.join(', or the ')} may do this`);
  if (wanted == null && own.length > 1) throw invalidField('party', `must be given: ${own.join(' or ')}`);
  const party = wanted ?? own[0]!;
  if (!own.includes(party)) throw new Problem('forbidden', `You do not speak for the ${party}`);
  return party;
}

const commentView = ({ at, ...comment }: StoredComment): ReviewComment => ({ ...comment, at: at.toISOString() });
const signatureView = ({ at, ...signature }: StoredSignature) => ({ ...signature, at: at.toISOString() });
