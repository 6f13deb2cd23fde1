import type { ObjectiveBelow } from '../agreements/agreements.service.ts';
import type { AgreementInput } from '../contract/agreements.ts';
import type { Compliance } from '../contract/compliance.ts';
import { ceilingOf } from '../domain/attribution.ts';
import { compareRatios, ratioOfPercent } from '../domain/ratio.ts';
import { ratioView } from './result-view.ts';

/** What the objectives that an agreement rests on let it promise, and which of its own promise more. */
export function ceilingView(terms: AgreementInput, below: readonly ObjectiveBelow[]): Compliance['ceiling'] {
  const targets = below.flatMap(({ objective }) =>
    objective.type === 'availability' ? [ratioOfPercent(objective.target)] : [],
  );
  if (targets.length === 0) return null;
  const ceiling = ceilingOf(targets);
  const exceeding = Object.entries(terms.objectives).filter(
    ([, own]) => own.type === 'availability' && compareRatios(ratioOfPercent(own.target), ceiling) > 0,
  );
  return { ...ratioView(ceiling), exceededBy: exceeding.map(([name]) => name) };
}
