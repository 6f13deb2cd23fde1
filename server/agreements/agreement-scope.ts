/** What an agreement is about: its services, and those of each objective; the objectives of others that it rests on. */
import type { AgreementInput, ObjectiveInput } from '../contract/agreements.ts';

type NamingServices = Pick<AgreementInput, 'services' | 'objectives'>;

/** Keys of all services that an agreement is about: those it names, then those of its objectives, each once. */
export const servicesOf = ({ services, objectives }: NamingServices): string[] => [
  ...new Set([
    ...services,
    ...Object.values(objectives).flatMap((objective) => ('services' in objective ? objective.services : [])),
  ]),
];

/** Keys of the services that an objective is about: its own, or all of the agreement; none where it is about none. */
export function servicesOfObjective(agreement: NamingServices, objective: ObjectiveInput): string[] {
  if (!('services' in objective)) return [];
  return objective.services.length > 0 ? objective.services : servicesOf(agreement);
}

/** The parts of `network-ola/core`. */
export function referenceParts(reference: string): { agreement: string; objective: string } {
  const [agreement = '', objective = ''] = reference.split('/');
  return { agreement, objective };
}
