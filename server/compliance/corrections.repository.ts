import { Injectable } from '@nestjs/common';
import type {
  CorrectionDecider,
  CorrectionEffect,
  CorrectionGround,
  CorrectionParty,
  CorrectionState,
} from '../contract/corrections.ts';
import type { Correction } from '../domain/corrections.ts';
import type { Span } from '../domain/spans.ts';
import { Database } from '../platform/database.ts';
import type { Actor } from '../platform/request-context.ts';

type Person = Pick<Actor, 'kind' | 'name'>;

/** A correction as the engine lays it over a timeline. */
export interface LaidCorrection extends Correction {
  readonly serviceId: number;
  readonly service: string;
  /** The only objective that it holds for; null: all of the agreement. */
  readonly objective: string | null;
  readonly ground: CorrectionGround | null;
  readonly reason: string;
}

export interface CorrectionDraft extends Omit<LaidCorrection, 'id' | 'service'> {
  readonly agreementId: number;
  readonly link: string | null;
  readonly party: CorrectionParty;
  readonly proposer: Person;
  readonly proposedMs: number;
  readonly dueMs: number;
  readonly effects: readonly CorrectionEffect[];
}

export interface CorrectionDecision {
  readonly outcome: Exclude<CorrectionState, 'proposed'>;
  readonly party: CorrectionDecider;
  readonly decider: Person;
  readonly decidedMs: number;
  readonly reason: string;
}

export interface StoredCorrection extends Omit<CorrectionDraft, 'id'>, LaidCorrection {
  readonly serviceName: string;
  /** Null while nobody answered. */
  readonly decision: CorrectionDecision | null;
}

/** Where a page of the list ends. */
export interface CorrectionPlace {
  readonly isOpen: boolean;
  readonly id: number;
}

const selected = `
  select c.id, c.agreement_id as "agreementId", c.service_id as "serviceId", s.key as service, s.name as "serviceName",
    c.objective, c.from_ms as "fromMs", c.to_ms as "toMs", c.counts_as as "as", c.ground, c.reason, c.link, c.party,
    jsonb_build_object('kind', c.proposer_kind, 'name', c.proposer) as proposer, c.proposed_ms as "proposedMs",
    c.due_ms as "dueMs", c.effects,
    case when d.correction_id is not null then jsonb_build_object('outcome', d.outcome, 'party', d.party,
      'decider', jsonb_build_object('kind', d.decider_kind, 'name', d.decider), 'decidedMs', d.decided_ms,
      'reason', d.reason) end as decision
  from corrections c
  join services s on s.id = c.service_id
  left join correction_decisions d on d.correction_id = c.id`;

@Injectable()
export class CorrectionsRepository {
  constructor(readonly database: Database) {}

  async find(agreementId: number, id: number): Promise<StoredCorrection | null> {
    const [row] = await this.database.query<StoredCorrection>(`${selected} where c.agreement_id = $1 and c.id = $2`, [
      agreementId,
      id,
    ]);
    return row ?? null;
  }

  /** Those that are open or approved and touch a span, in order of proposal. */
  inForce(agreementId: number, { fromMs, toMs }: Span): Promise<StoredCorrection[]> {
    return this.database.query(
      `${selected}
       where c.agreement_id = $1 and c.from_ms < $3 and c.to_ms > $2
         and (d.outcome is null or d.outcome = 'approved')
       order by c.id`,
      [agreementId, fromMs, toMs],
    );
  }

  /** Those of these agreements that nobody has answered, in order of proposal. */
  open(agreementIds: readonly number[]): Promise<StoredCorrection[]> {
    return this.database.query(`${selected} where c.agreement_id = any($1) and d.correction_id is null order by c.id`, [
      agreementIds,
    ]);
  }

  /** Open ones first, then the newest. */
  page(
    agreementId: number,
    state: CorrectionState | null,
    after: CorrectionPlace | null,
    most: number,
  ): Promise<StoredCorrection[]> {
    return this.database.query(
      `${selected}
       where c.agreement_id = $1 and ($2::text is null or coalesce(d.outcome, 'proposed') = $2)
         and ($3::boolean is null or (d.correction_id is null, c.id) < ($3, $4::int))
       order by d.correction_id is null desc, c.id desc limit $5`,
      [agreementId, state, after?.isOpen ?? null, after?.id ?? null, most],
    );
  }

  /** Answers its id. */
  async insert(draft: CorrectionDraft): Promise<number> {
    const [row] = await this.database.query<{ id: number }>(
      `insert into corrections (agreement_id, service_id, objective, from_ms, to_ms, counts_as, ground, reason, link,
         party, proposer_kind, proposer, proposed_ms, due_ms, effects)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) returning id`,
      [
        draft.agreementId,
        draft.serviceId,
        draft.objective,
        draft.fromMs,
        draft.toMs,
        draft.as,
        draft.ground,
        draft.reason,
        draft.link,
        draft.party,
        draft.proposer.kind,
        draft.proposer.name,
        draft.proposedMs,
        draft.dueMs,
        JSON.stringify(draft.effects),
      ],
    );
    return row!.id;
  }

  async decide(id: number, { outcome, party, decider, decidedMs, reason }: CorrectionDecision): Promise<void> {
    await this.database.query(
      `insert into correction_decisions (correction_id, outcome, party, decider_kind, decider, decided_ms, reason)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, outcome, party, decider.kind, decider.name, decidedMs, reason],
    );
  }
}
