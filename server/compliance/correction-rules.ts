/** What may be corrected at all. */
import type { AgreementTerms } from '../agreements/agreements.service.ts';
import type { CorrectionInput } from '../contract/corrections.ts';
import type { InputIssue } from '../contract/input-issues.ts';
import { suggestion } from '../contract/suggestion.ts';
import { subtract, unionOf } from '../domain/spans.ts';
import { concerns, timedServices } from './correction-scope.ts';
import { partsOf } from './judged-parts.ts';

/** Everything that stands against a correction; empty where it may be proposed. */
export function correctionFaults(agreement: AgreementTerms, input: CorrectionInput, nowMs: number): InputIssue[] {
  const span = { fromMs: Date.parse(input.from), toMs: Date.parse(input.to) };
  const parts = partsOf(agreement, span);
  const faults: InputIssue[] = [];
  const add = (path: string, message: string) => faults.push({ path: [path], message });
  if (span.toMs > nowMs) add('to', 'must not lie in the future');
  const held = unionOf(parts.map(({ effective }) => effective));
  const outside = subtract([span], held)[0];
  if (outside) add(outside.fromMs === span.fromMs ? 'from' : 'to', 'lies outside of the dates of the agreement');
  const services = new Set(
    parts.flatMap(({ terms }) => Object.values(terms.objectives).flatMap((one) => timedServices(terms, one))),
  );
  if (!services.has(input.service))
    add('service', `is not one whose time the agreement counts${suggestion(input.service, [...services])}`);
  else if (input.objective != null) {
    const scope = { service: input.service, objective: input.objective };
    const isAny = parts.some(
      ({ terms }) => Object.hasOwn(terms.objectives, scope.objective) && concerns(scope, scope.objective, terms),
    );
    if (!isAny) add('objective', `is none that counts the time of "${input.service}"`);
  }
  return faults;
}
