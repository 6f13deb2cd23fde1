import { Injectable } from '@nestjs/common';
import { AgreementsService, servicesOfObjective, type AgreementTerms } from '../agreements/agreements.service.ts';
import { BurnLine, burnLimits, type BurnLimit } from '../domain/burn.ts';
import { openSpans } from '../domain/calendar.ts';
import { dayMs } from '../domain/durations.ts';
import { linesOf, type Piece } from '../domain/objective-line.ts';
import { ratioOfPercent } from '../domain/ratio.ts';
import { lengthMs } from '../domain/spans.ts';
import { correctionsOf, knownOf } from './correction-scope.ts';
import { CorrectionsRepository } from './corrections.repository.ts';
import { countedLines, lineCounting } from './counted-lines.ts';
import { EvaluationService } from './evaluation.service.ts';
import { horizonOf } from './horizon.ts';
import { askedPeriod, partsOf, type AskedPeriod, type JudgedPart } from './judged-parts.ts';
import { ServiceLinesService } from './service-lines.service.ts';

/** How fast the budget of an objective burns, and would go on to if nothing happens. */
export interface BurningObjective {
  readonly key: string;
  readonly services: readonly string[];
  readonly line: BurnLine;
  readonly limits: readonly BurnLimit[];
}

export interface Burning {
  readonly objectives: readonly BurningObjective[];
  /** Until when it goes on as the lines say. */
  readonly horizonMs: number;
}

/** Outages at the edge are read whole as far as they reach over this. */
const edgeMs = 2 * dayMs;

/** Lines by which burn rates are judged: so far back as the longest window reaches over closed hours. */
@Injectable()
export class BurnLinesService {
  constructor(
    readonly agreements: AgreementsService,
    readonly evaluation: EvaluationService,
    readonly serviceLines: ServiceLinesService,
    readonly corrections: CorrectionsRepository,
  ) {}

  /** Of the objectives over time that hold at an instant. @throws Problem not-found */
  async of(agreement: AgreementTerms, nowMs: number): Promise<Burning> {
    const period = askedPeriod(agreement, {}, nowMs);
    const part = partsOf(agreement, period).findLast(
      ({ effective }) => effective.fromMs <= nowMs && nowMs < effective.toMs,
    );
    const horizonMs = horizonOf(agreement, period, nowMs);
    return { horizonMs, objectives: part ? await this.#objectives(part, period, nowMs, horizonMs) : [] };
  }

  async #objectives(
    part: JudgedPart,
    period: AskedPeriod,
    nowMs: number,
    horizonMs: number,
  ): Promise<BurningObjective[]> {
    const { terms, snapshot, effective } = part;
    const asked = Object.entries(terms.objectives).flatMap(([key, objective]) =>
      objective.type === 'availability' ? [{ key, objective, services: servicesOfObjective(terms, objective) }] : [],
    );
    if (asked.length === 0) return [];
    const hours = await this.evaluation.hours(terms.calendar, snapshot);
    const agreedMs = lengthMs(openSpans(hours, period.fromMs, period.toMs));
    if (agreedMs === 0) return [];
    const longestMs = Math.max(...burnLimits(agreedMs, ratioOfPercent('0')).map(({ windowMs }) => windowMs));
    const fromMs = hours ? (hours.deadline(nowMs, -longestMs) ?? period.fromMs) : nowMs - longestMs;
    const agreed = openSpans(hours, fromMs, horizonMs);
    const inForce = openSpans(hours, Math.max(fromMs, effective.fromMs), Math.min(horizonMs, effective.toMs));
    const span = { fromMs: fromMs - edgeMs, toMs: horizonMs };
    const keys = [...new Set(asked.flatMap(({ services }) => services))];
    const lines = await this.serviceLines.of(keys, { ...span, untilMs: horizonMs }, snapshot);
    const known = knownOf(await this.corrections.inForce(part.agreementId!, span));
    const { counting } = terms;
    const isMeasured = ({ class: name }: Piece): boolean =>
      name !== 'excluded' && name !== 'unmonitored' && (name !== 'unknown' || counting.unknown !== 'excluded');
    return asked.map(({ key, objective, services }) => {
      const { approved } = correctionsOf(known, key, part, { ...period, ...span });
      const counted = countedLines(
        services.flatMap((service) => lines.get(service) ?? []),
        part,
        inForce,
        approved,
      );
      const pieces = linesOf(counted, objective.combine, lineCounting(counting), inForce);
      return {
        ...{ key, services, line: new BurnLine(agreed, pieces, isMeasured) },
        limits: burnLimits(agreedMs, ratioOfPercent(objective.target)),
      };
    });
  }
}
