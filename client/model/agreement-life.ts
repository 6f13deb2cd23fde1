/** The life of an agreement in words, and as steps. */
import type { DocumentPartKey } from '../../server/contract/agreement-document.ts';
import type { AgreementLife, LifeAct, LifeState, Side, VersionLife } from '../../server/contract/agreement-life.ts';
import { titleOfKey } from '../../server/contract/objective-words.ts';

export const lifeTexts: Readonly<Record<LifeState, string>> = {
  draft: 'Draft: not in force',
  proposed: 'Proposed, not signed',
  returned: 'Returned with comments',
  withdrawn: 'Withdrawn',
  signed: 'Signed, not yet in force',
  active: 'Signed, in force',
  superseded: 'Superseded',
  ended: 'Ended',
  declared: 'Declared, not signed',
};

export const sideTexts: Readonly<Record<Side, string>> = { provider: 'Provider', customer: 'Customer' };

export interface LifeStep {
  title: string;
  /** `done`: behind it; `now`: it is there; `next`: to come. */
  state: 'done' | 'now' | 'next';
  note: string | null;
}

export interface LifeCourse {
  /** What is on its way: `The draft`, `Version 2`. */
  subject: string;
  steps: readonly LifeStep[];
}

const stepTitles = ['Written', 'Proposed', 'Signed by both', 'In force', 'Ended'] as const;
/** The step that a state is at. */
const stepOf: Readonly<Record<LifeState, number>> = {
  draft: 0,
  returned: 0,
  withdrawn: 0,
  proposed: 1,
  signed: 2,
  declared: 3,
  active: 3,
  superseded: 4,
  ended: 4,
};

/** The way of what is on its way, else of what holds; null of what is declared, which has none. */
export function lifeCourse(life: AgreementLife): LifeCourse | null {
  const number = life.proposal ?? (life.hasDraft ? null : (life.inForce ?? life.versions[0]?.number ?? null));
  const version = life.versions.find((one) => one.number === number);
  const state = version?.state ?? 'draft';
  if (state === 'declared') return null;
  const at = stepOf[state];
  return {
    subject: version ? `Version ${version.number}` : life.versions.length > 0 ? 'The new draft' : 'The draft',
    steps: stepTitles.map((title, step) => ({
      title: step === 4 && state === 'superseded' ? 'Superseded' : title,
      state: step < at ? 'done' : step === at ? 'now' : 'next',
      note: version ? noteOf(step, version) : null,
    })),
  };
}

function noteOf(step: number, version: VersionLife): string | null {
  const { effective, signatures, state } = version;
  if (step === 0) return state === 'returned' ? 'returned with comments' : null;
  if (step === 1) return state === 'returned' ? null : dayOf(version.createdAt);
  if (step === 2) return state === 'proposed' ? signedCount(signatures) : null;
  if (step === 3) return `from ${effective.from}`;
  return effective.to === null ? 'by a party or the next version' : effective.to;
}

/** `1 of 2 signatures` */
export function signedCount(signatures: VersionLife['signatures']): string {
  const signed = signatures.filter((one) => one.signed !== null).length;
  return `${signed} of ${signatures.length} ${signatures.length === 1 ? 'signature' : 'signatures'}`;
}

const dayOf = (at: string): string => at.slice(0, 10);

const actWords: Readonly<Record<LifeAct['act'], string>> = {
  proposed: 'Proposed',
  returned: 'Returned with comments',
  withdrawn: 'Withdrawn',
  ended: 'End agreed',
};
/** `Proposed for the provider by Anna Berg` */
export const actText = ({ act, party, by }: LifeAct): string => `${actWords[act]} for the ${party} by ${by.name}`;

const partTitles: Readonly<Record<DocumentPartKey, string>> = {
  parties: 'Parties',
  scope: 'Purpose and scope',
  definitions: 'Definitions',
  hours: 'Service hours and maintenance',
  objectives: 'Objectives',
  severities: 'Severities and reporting',
  duties: 'Duties, limits and exceptions',
  continuity: 'Continuity and recovery',
  dependencies: 'Dependencies',
  consequences: 'Charges and consequences',
  review: 'Review, renewal and termination',
  signatures: 'Signatures',
};
const isPart = (clause: string): clause is DocumentPartKey => Object.hasOwn(partTitles, clause);

/** A clause as people call it: `Objective: Availability`. */
export function clauseText(clause: string): string {
  if (isPart(clause)) return partTitles[clause];
  const [first = '', ...rest] = clause.split('.');
  const words = rest.map(titleOfKey).join(', ');
  if (words === '') return titleOfKey(first);
  return first === 'objectives' ? `Objective: ${words}` : `${titleOfKey(first)}: ${words}`;
}

/** What a comment can be about: each objective, then the parts of the document. */
export function clauseChoices(document: Readonly<Record<string, unknown>>): { value: string; title: string }[] {
  const objectives = Object.keys((document['objectives'] ?? {}) as Record<string, unknown>);
  return [...objectives.map((key) => `objectives.${key}`), ...Object.keys(partTitles)].map((value) => ({
    value,
    title: clauseText(value),
  }));
}

/** The comments with which the proposal came back, clause by clause; none while it did not. */
export function returnedComments({ proposal, versions }: AgreementLife): { clause: string; texts: string[] }[] {
  const returned = versions.find(({ number }) => number === proposal)?.acts.find(({ act }) => act === 'returned');
  const byClause = new Map<string, string[]>();
  for (const { clause, text } of returned?.comments ?? [])
    byClause.set(clause, [...(byClause.get(clause) ?? []), text]);
  return [...byClause].map(([clause, texts]) => ({ clause, texts }));
}
