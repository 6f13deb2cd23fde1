/** What is told of an agreement whatever the instant: what its running figures are laid into. */
import type { AgreementStatus, Counting, ObjectiveInput } from '../contract/agreements.ts';
import type { Compliance } from '../contract/compliance.ts';
import type { Spans } from '../domain/spans.ts';
import type { AskedPeriod } from './judged-parts.ts';

export interface ToldObjective {
  readonly key: string;
  readonly objective: ObjectiveInput;
  readonly services: readonly string[];
  readonly isDisputed: boolean;
  /** Agreed time to come; empty where it decides nothing. */
  readonly ahead: readonly Spans[];
  /** Services below, whose share of the bad time, and then of the excused time, follow the sums of the objective. */
  readonly below: readonly string[];
}

export interface ToldPart {
  readonly version: number | null;
  readonly basis: AgreementStatus;
  /** When it holds; null without an end. */
  readonly fromMs: number;
  readonly toMs: number | null;
  /** Of rolling days as it was at the evaluation. */
  readonly period: AskedPeriod;
  readonly counting: Counting;
  readonly objectives: readonly ToldObjective[];
}

export interface ToldAgreement {
  readonly title: string;
  readonly provider: string;
  readonly customer: string;
  readonly ceiling: Compliance['ceiling'];
  readonly parts: readonly ToldPart[];
  /** Where another period, or another version, begins soon: from then on the parts from `first` on count, until then the others. */
  readonly turn: { readonly atMs: number; readonly first: number } | null;
}

/** Places of the parts of the period that an instant lies in. */
export const partsOfPeriod = ({ parts, turn }: Pick<ToldAgreement, 'parts' | 'turn'>, atMs: number): number[] =>
  [...parts.keys()].filter((place) => !turn || place >= turn.first === atMs >= turn.atMs);

/** Places of those among them that hold at the instant; where none does, of the last. */
export function partsAt(told: Pick<ToldAgreement, 'parts' | 'turn'>, atMs: number): number[] {
  const places = partsOfPeriod(told, atMs);
  const holding = places.filter((place) => {
    const { fromMs, toMs } = told.parts[place]!;
    return fromMs <= atMs && (toMs === null || atMs < toMs);
  });
  return holding.length > 0 ? holding : places.slice(-1);
}
