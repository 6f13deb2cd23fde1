import { describe, expect, it } from 'vitest';
import { documentPartKeys } from '../../../server/contract/agreement-document.ts';
import type { AgreementLife, LifeState, VersionLife } from '../../../server/contract/agreement-life.ts';
import {
  actText,
  clauseChoices,
  clauseText,
  lifeCourse,
  returnedComments,
  signedCount,
} from '../../../client/model/agreement-life.ts';

const at = '2026-03-01T09:00:00.000Z';
const by = { user: 'hanna', name: 'Hanna Lund' };
const seat = (party: 'provider' | 'customer', isSigned: boolean): VersionLife['signatures'][number] => ({
  party,
  signatory: { name: party, email: `${party}@example.org`, role: '' },
  signed: isSigned ? { at, by, isDelegate: false, hash: 'f', attachment: null } : null,
});
const version = (number: number, state: LifeState, more: Partial<VersionLife> = {}): VersionLife => ({
  ...{ number, state, createdAt: at, hash: 'f', isIntact: true, acts: [], attachments: [] },
  effective: { from: '2026-04-01', to: null },
  signatures: [seat('provider', true), seat('customer', false)],
  ...more,
});
const nothing = {
  ...{ propose: [], return: false, withdraw: false, sign: null, attach: [] },
  ...{ renew: [], end: false, delegate: false },
};
const life = (more: Partial<AgreementLife>): AgreementLife => ({
  ...{ state: 'draft', proposal: null, inForce: null, hasDraft: true, nextTerm: null, next: '', may: nothing },
  ...{ versions: [], delegates: [], changedSince: [] },
  ...more,
});
const steps = (course: ReturnType<typeof lifeCourse>): string[] =>
  course!.steps.map(({ title, state, note }) => `${title}: ${state}${note ? ` (${note})` : ''}`);

describe('the way of an agreement', () => {
  it('begins with a draft', () => {
    const course = lifeCourse(life({}));
    expect(course?.subject).toBe('The draft');
    expect(steps(course)).toEqual([
      'Written: now',
      'Proposed: next',
      'Signed by both: next',
      'In force: next',
      'Ended: next',
    ]);
  });

  it('is at its proposal while signatures are missing, and tells how many', () => {
    const course = lifeCourse(life({ proposal: 2, versions: [version(2, 'proposed'), version(1, 'active')] }));
    expect(course?.subject).toBe('Version 2');
    expect(steps(course)).toEqual([
      'Written: done',
      'Proposed: now (2026-03-01)',
      'Signed by both: next (1 of 2 signatures)',
      'In force: next (from 2026-04-01)',
      'Ended: next (by a party or the next version)',
    ]);
  });

  it('goes back to the writing where it was returned, and to a new draft where one is there', () => {
    expect(steps(lifeCourse(life({ proposal: 1, versions: [version(1, 'returned')] })))[0]).toBe(
      'Written: now (returned with comments)',
    );
    const anew = lifeCourse(life({ inForce: 1, versions: [version(1, 'active')] }));
    expect([anew?.subject, anew?.steps[0]?.state]).toEqual(['The new draft', 'now']);
  });

  it('ends on its day, superseded or by a party; what is declared has none', () => {
    const ended = { effective: { from: '2026-04-01', to: '2026-09-01' } };
    const last = (state: LifeState) =>
      steps(lifeCourse(life({ hasDraft: false, versions: [version(1, state, ended)] }))).at(-1);
    expect(last('ended')).toBe('Ended: now (2026-09-01)');
    expect(last('superseded')).toBe('Superseded: now (2026-09-01)');
    expect(lifeCourse(life({ hasDraft: false, inForce: 1, versions: [version(1, 'declared')] }))).toBeNull();
  });
});

describe('clauses', () => {
  it('are called as people call them', () => {
    expect(['objectives.urgent-response', 'duties', 'texts.duties', 'title'].map(clauseText)).toEqual([
      'Objective: Urgent response',
      'Duties, limits and exceptions',
      'Texts: Duties',
      'Title',
    ]);
  });

  it('are every objective and every part of the document', () => {
    const values = clauseChoices({ objectives: { uptime: {}, speed: {} } }).map(({ value }) => value);
    expect(values).toEqual(['objectives.uptime', 'objectives.speed', ...documentPartKeys]);
  });

  it('have the comments of the proposal that came back, each clause once', () => {
    const comments = ['First.', 'Second.'].map((text) => ({ clause: 'duties', text }));
    const acts: VersionLife['acts'] = [
      { act: 'proposed', party: 'provider', by, at, reason: '', comments: [] },
      { act: 'returned', party: 'customer', by, at, reason: '', comments },
    ];
    const returned = life({ proposal: 1, versions: [version(1, 'returned', { acts })] });
    expect(returnedComments(returned)).toEqual([{ clause: 'duties', texts: ['First.', 'Second.'] }]);
    expect(returnedComments({ ...returned, proposal: null })).toEqual([]);
    expect(actText(acts[1]!)).toBe('Returned with comments for the customer by Hanna Lund');
  });
});

describe('signatures', () => {
  it('are counted', () => {
    expect(signedCount([seat('provider', true), seat('customer', false)])).toBe('1 of 2 signatures');
    expect(signedCount([seat('provider', false)])).toBe('0 of 1 signature');
  });
});
