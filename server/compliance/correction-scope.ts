/** What a correction is about: which objectives it touches, of what it may be written at all. */
import { servicesOfObjective } from '../agreements/agreements.service.ts';
import type { ObjectiveInput } from '../contract/agreements.ts';
import type { Span } from '../domain/spans.ts';
import type { LaidCorrection, StoredCorrection } from './corrections.repository.ts';
import type { JudgedPart, JudgedTerms } from './judged-parts.ts';

/** Corrections of an agreement that touch a span, in order of proposal. */
export interface KnownCorrections<Kind extends LaidCorrection = LaidCorrection> {
  readonly approved: readonly Kind[];
  readonly open: readonly Kind[];
}

/** Those that were approved, and those that wait for an answer. */
export const knownOf = (found: readonly StoredCorrection[]): KnownCorrections<StoredCorrection> => ({
  approved: found.filter(({ decision }) => decision !== null),
  open: found.filter(({ decision }) => decision === null),
});

/** Keys of the services whose time an objective counts; none where it counts incidents or numbers. */
export function timedServices(terms: JudgedTerms, objective: ObjectiveInput): string[] {
  switch (objective.type) {
    case 'availability':
    case 'outage':
    case 'success':
    case 'latency':
      return servicesOfObjective(terms, objective);
    case 'recovery':
      return objective.within == null ? [objective.probe!.split('.')[0]!] : [];
    default:
      return [];
  }
}

type Scope = Pick<LaidCorrection, 'service' | 'objective'>;

/** Whether a correction touches an objective. */
export const concerns = (scope: Scope, key: string, terms: JudgedTerms): boolean =>
  (scope.objective ?? key) === key && timedServices(terms, terms.objectives[key]!).includes(scope.service);

/** Keys of the objectives that a correction touches. */
export const objectivesOf = (scope: Scope, terms: JudgedTerms): string[] =>
  Object.keys(terms.objectives).filter((key) => concerns(scope, key, terms));

/** Those of an objective: all that are approved, and of the open ones what lies in the part that is judged. */
export function correctionsOf<Kind extends LaidCorrection>(
  { approved, open }: KnownCorrections<Kind>,
  key: string,
  { terms, effective }: JudgedPart<JudgedTerms>,
  period: Span,
): KnownCorrections<Kind> {
  if (approved.length === 0 && open.length === 0) return { approved, open };
  const isOfIt = (correction: Kind): boolean => concerns(correction, key, terms);
  const isInside = ({ fromMs, toMs }: Span): boolean =>
    fromMs < Math.min(period.toMs, effective.toMs) && toMs > Math.max(period.fromMs, effective.fromMs);
  return { approved: approved.filter(isOfIt), open: open.filter((one) => isOfIt(one) && isInside(one)) };
}
