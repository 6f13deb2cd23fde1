/** A correction as it is being written in the browser. */
import {
  correctionClasses,
  type CorrectionClass,
  type CorrectionGround,
  type CorrectionParty,
} from '../../server/contract/corrections.ts';
import type { ExplainedRow } from './explanation.ts';

export interface CorrectionDraft {
  readonly service: string;
  /** Empty: for all of the agreement. */
  readonly objective: string;
  readonly from: string;
  readonly to: string;
  readonly as: CorrectionClass;
  readonly ground: CorrectionGround;
  readonly reason: string;
  readonly link: string;
  /** Empty where the server knows it. */
  readonly party: CorrectionParty | '';
}

type Query = Readonly<Record<string, unknown>>;

/** The address of the form that contests a stretch; null of what cannot be contested. */
export function contestQuery(
  { service, from, to, class: name }: Pick<ExplainedRow, 'service' | 'from' | 'to' | 'class'>,
  objective: string,
): Record<string, string> | null {
  return service === null || to === null ? null : { service, from, to, class: name, objective };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What the form begins with: the stretch that the address names, left out; what was excluded counts again. */
export function draftOf(query: Query): CorrectionDraft {
  return {
    service: textOf(query['service']),
    objective: '',
    from: textOf(query['from']),
    to: textOf(query['to']),
    as: query['class'] === 'excluded' ? 'measured' : 'excluded',
    ground: 'agreed',
    reason: '',
    link: '',
    party: '',
  };
}

interface Covering {
  readonly services?: readonly string[];
  readonly objectives?: Readonly<Record<string, { readonly services?: readonly string[] }>>;
}

/** The services that an agreement is about, as its document names them; one that is contested already comes first. */
export function coveredServices(document: unknown, contested: string): string[] {
  const { services = [], objectives = {} } = (document ?? {}) as Covering;
  const all = [...services, ...Object.values(objectives).flatMap((objective) => objective.services ?? [])];
  return [...new Set(contested === '' ? all : [contested, ...all])];
}

/** Whether it says of what and when: before that, nothing can be told of it. */
export const isWhole = ({ service, from, to }: CorrectionDraft): boolean => service !== '' && from !== '' && to !== '';

/** What the stretch counts as already need not be offered. */
export const offeredClasses = (current: unknown): CorrectionClass[] =>
  correctionClasses.filter((name) => name !== current);

/** The draft as the server takes it. */
export const inputOfDraft = ({ objective, as, ground, link, party, ...draft }: CorrectionDraft) => ({
  ...draft,
  as,
  objective: objective || undefined,
  ground: as === 'excluded' ? ground : undefined,
  link: link.trim() || undefined,
  party: party || undefined,
});
