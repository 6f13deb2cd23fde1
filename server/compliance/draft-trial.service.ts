import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AgreementsService, namingIssues } from '../agreements/agreements.service.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import {
  draftTrialInputSchema,
  trialPeriods,
  type DraftTrial,
  type DraftTrialInput,
  type DraftTrialQuery,
} from '../contract/draft-trial.ts';
import { parseInput } from '../contract/input-issues.ts';
import { periodsBefore } from '../domain/period.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { correctionsOf, knownOf, type KnownCorrections } from './correction-scope.ts';
import { CorrectionsRepository } from './corrections.repository.ts';
import { EvaluationService } from './evaluation.service.ts';
import { isoOf } from './result-view.ts';
import { reachOf, type AskedPeriod, type JudgedPart, type JudgedTerms } from './judged-parts.ts';
import { triedObjective } from './tried-objective.ts';

/** What is being written of an agreement, judged over its last whole periods as if it had held all along; stored nowhere. */
@Injectable()
export class DraftTrialService {
  /** Trials are done one after the other: each may hold years of what was measured. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    readonly agreements: AgreementsService,
    readonly catalog: CatalogService,
    readonly evaluation: EvaluationService,
    readonly corrections: CorrectionsRepository,
    readonly clock: SteadyClock,
  ) {}

  /** @throws Problem invalid-input, not-found */
  async of({ agreement }: DraftTrialQuery, body: unknown): Promise<DraftTrial> {
    const { value: draft, issues } = parseInput(draftTrialInputSchema, body);
    if (draft === undefined) throw invalidInput(issues);
    const faults = namingIssues(draft, await this.catalog.names());
    if (faults.length > 0) throw invalidInput(faults);
    const id = agreement === undefined ? null : (await this.agreements.termsOf(agreement)).id;
    const mine = this.#last.then(() => this.#judged(draft, id));
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #judged(draft: DraftTrialInput, agreementId: number | null): Promise<DraftTrial> {
    const nowMs = Math.floor(this.clock.now());
    const part: JudgedPart<JudgedTerms> = {
      ...{ agreementId: null, version: null, basis: 'draft', terms: draft, snapshot: null },
      effective: { fromMs: -Infinity, toMs: Infinity },
    };
    const periods = periodsBefore(draft.period, draft.timeZone, nowMs, trialPeriods).map((period): AskedPeriod => ({
      ...period,
      isRolling: false,
    }));
    const known = await this.#corrections(agreementId, periods);
    const asked = Object.entries(draft.objectives);
    const bases = await this.evaluation.bases(part, periods, nowMs, asked);
    const objectives: DraftTrial['objectives'] = [];
    for (const [key, objective] of asked) {
      const judged = await this.evaluation.periodsOf(
        key,
        objective,
        bases.map((basis, at) => ({ basis, corrections: correctionsOf(known, key, part, periods[at]!) })),
      );
      const tried = judged.map((result, at) => ({ period: periods[at]!, result }));
      objectives.push(triedObjective(key, objective, tried));
      // Years of many services take their time: others have their turn in between.
      await setImmediate();
    }
    return { asOf: isoOf(nowMs), objectives };
  }

  /** What the parties approved around the periods. */
  async #corrections(agreementId: number | null, periods: readonly AskedPeriod[]): Promise<KnownCorrections> {
    if (agreementId === null) return { approved: [], open: [] };
    const span = { fromMs: periods[0]!.fromMs, toMs: periods.at(-1)!.toMs };
    return knownOf(await this.corrections.inForce(agreementId, reachOf(span)));
  }
}
