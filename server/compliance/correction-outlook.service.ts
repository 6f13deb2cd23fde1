import { Injectable } from '@nestjs/common';
import { currentTerms, type AgreementTerms } from '../agreements/agreements.service.ts';
import { CalendarsService } from '../catalog/calendars.service.ts';
import type { CorrectionEffect } from '../contract/corrections.ts';
import type { ObjectiveResult } from '../contract/compliance.ts';
import { periodAt } from '../domain/period.ts';
import type { Span } from '../domain/spans.ts';
import { endOfWorkingDay } from '../domain/working-days.ts';
import { objectivesOf, type KnownCorrections } from './correction-scope.ts';
import { CorrectionsRepository, type LaidCorrection } from './corrections.repository.ts';
import type { Evaluated } from './evaluated.ts';
import { EvaluationService, reachOf } from './evaluation.service.ts';
import { partsOf, type AskedPeriod, type JudgedPart } from './judged-parts.ts';
import { resultView } from './result-view.ts';

/** The other party has a correction so many working days to itself. */
const answerDays = 10;

/** What would come of corrections, and until when they are to be answered. */
@Injectable()
export class CorrectionOutlookService {
  constructor(
    readonly evaluation: EvaluationService,
    readonly calendars: CalendarsService,
    readonly corrections: CorrectionsRepository,
  ) {}

  /** Every objective that a correction touches, in each of its periods: as it stands, and with the correction. */
  async effects(agreement: AgreementTerms, correction: LaidCorrection, nowMs: number): Promise<CorrectionEffect[]> {
    const effects: CorrectionEffect[] = [];
    for (const period of touchedPeriods(agreement, correction, nowMs)) {
      const approved = (await this.corrections.inForce(agreement.id, reachOf(period))).filter(
        ({ decision }) => decision !== null,
      );
      for (const part of partsOf(agreement, period)) {
        const { effective } = part;
        if (effective.fromMs >= correction.toMs || effective.toMs <= correction.fromMs) continue;
        const keys = objectivesOf(correction, part.terms);
        const evaluate = (known: KnownCorrections) => this.evaluation.evaluate(part, period, nowMs, known, keys);
        const before = await evaluate({ approved, open: [] });
        const after = await evaluate({ approved: [...approved, correction], open: [] });
        effects.push(...before.map((one, index) => effectOf(period, part, one, after[index]!)));
      }
    }
    return effects;
  }

  /** The end of the tenth working day, or of another, by the agreement's calendar. */
  async answerDueMs(agreement: AgreementTerms, nowMs: number, days = answerDays): Promise<number> {
    const { calendar, supportCalendar, timeZone } = currentTerms(agreement);
    const key = calendar ?? supportCalendar;
    return endOfWorkingDay(nowMs, days, timeZone, key ? await this.calendars.hours(key) : null);
  }
}

/** The periods that a stretch of the past lies in; of rolling days those up to now. */
function touchedPeriods(agreement: AgreementTerms, { fromMs, toMs }: Span, nowMs: number): AskedPeriod[] {
  const { period: kind, timeZone } = currentTerms(agreement);
  if (kind.startsWith('rolling-')) {
    const period = periodAt(kind, timeZone, nowMs);
    return toMs > period.fromMs ? [{ ...period, isRolling: true }] : [];
  }
  const periods: AskedPeriod[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs = periods.at(-1)!.toMs)
    periods.push({ ...periodAt(kind, timeZone, atMs), isRolling: false });
  return periods;
}

function effectOf(
  { label }: AskedPeriod,
  { terms }: JudgedPart,
  before: Evaluated,
  after: Evaluated,
): CorrectionEffect {
  const view = (result: Evaluated) => resultView(result, terms.counting.upstream === 'excused');
  const { key, title, promise } = view(before);
  return {
    ...{ period: label, objective: key, title, promise },
    before: standingOf(view(before)),
    after: standingOf(view(after)),
  };
}

const standingOf = ({ verdict, unproven, attained, reached, sentence }: ObjectiveResult) => ({
  ...{ verdict, unproven, sentence },
  now: reached ?? attained?.text ?? null,
});
