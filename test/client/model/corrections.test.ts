import { describe, expect, it } from 'vitest';
import { contestQuery, draftOf, inputOfDraft, offeredClasses } from '../../../client/model/correction-draft.ts';
import { claimText, decisionText, noteText, waitText } from '../../../client/model/correction-text.ts';
import { exactInstant, exactLocal } from '../../../client/model/exact-time.ts';

const nameOf = (team: string): string => ({ hr: 'Human Resources', cio: 'Office of the CIO' })[team] ?? team;
const due = '2026-12-10T23:00:00.000Z';
const note = {
  id: 1,
  service: 'payroll',
  reason: 'Their firewall',
  by: 'carla',
  as: 'excluded',
  ground: 'customer',
} as const;

describe('corrections in words', () => {
  it('say what is asked', () => {
    expect(claimText({ as: 'excluded', ground: 'force-majeure' })).toBe('leave it out (force majeure)');
    expect(claimText({ as: 'up', ground: null })).toBe('count it as up');
    expect(claimText({ as: 'measured', ground: null })).toBe('count it as measured again');
  });

  it('say beside a stretch whether it is disputed or corrected, and by whom', () => {
    expect(noteText({ ...note, state: 'proposed' })).toBe(
      'Disputed by carla: Their firewall – to leave it out (caused by the customer)',
    );
    expect(noteText({ ...note, state: 'approved' })).toBe(
      'Approved by carla: Their firewall – to leave it out (caused by the customer)',
    );
  });

  it('say who is to answer until when, and who may once that is over', () => {
    const open = { answerBy: 'hr', answerDueAt: due, arbiter: 'cio' };
    const early = waitText(open, nameOf, 'Europe/Berlin', Date.parse(due) - 1);
    expect(early).toBe(
      'Human Resources is to answer before 2026-12-11 00:00:00 CET; after that Office of the CIO may decide as well.',
    );
    const late = (arbiter: string | null) => waitText({ ...open, arbiter }, nameOf, 'UTC', Date.parse(due));
    expect(late('cio')).toBe(
      'Human Resources has not answered within ten working days: Office of the CIO may decide now.',
    );
    expect(late(null)).toContain('names no arbiter');
  });

  it('say who decided, for whom', () => {
    const decision = { by: 'carla', party: 'customer', at: '2026-11-26T10:00:00.000Z', reason: '' } as const;
    const text = decisionText({ state: 'approved', decision, arbiter: null }, () => 'Human Resources', 'UTC');
    expect(text).toBe('Approved by carla for Human Resources, 2026-11-26 10:00:00 UTC.');
    expect(decisionText({ state: 'proposed', decision: null, arbiter: null }, nameOf, 'UTC')).toBe('');
  });
});

describe('a correction that is written', () => {
  const stretch = {
    service: 'payroll',
    from: '2026-10-06T09:00:00Z',
    to: '2026-10-06T10:00:00Z',
    class: 'down',
  } as const;

  it('begins with the stretch that is contested; events without a length cannot be', () => {
    const query = contestQuery(stretch, 'availability')!;
    expect(draftOf(query)).toMatchObject({ service: 'payroll', from: stretch.from, to: stretch.to, as: 'excluded' });
    expect(draftOf({ ...query, class: 'excluded' }).as).toBe('measured');
    expect(contestQuery({ ...stretch, to: null }, 'availability')).toBeNull();
  });

  it('is sent without what is empty, and with a ground only where time is left out', () => {
    const draft = draftOf(contestQuery(stretch, 'availability')!);
    expect(inputOfDraft(draft)).toMatchObject({
      ground: 'agreed',
      objective: undefined,
      link: undefined,
      party: undefined,
    });
    expect(inputOfDraft({ ...draft, as: 'up', link: ' https://a.example ' })).toMatchObject({
      ground: undefined,
      link: 'https://a.example',
    });
    expect(offeredClasses('down')).not.toContain('down');
    expect(offeredClasses('down')).toContain('excluded');
  });
});

describe('exact times', () => {
  it.each([
    ['2026-10-06T09:00:00.000Z', '2026-10-06T11:00:00'],
    ['2026-10-06T09:00:00.250Z', '2026-10-06T11:00:00.250'],
    ['2026-03-29T00:59:59.999Z', '2026-03-29T01:59:59.999'],
    ['2026-03-29T01:00:00.000Z', '2026-03-29T03:00:00'],
  ])('keep every millisecond over the jumps of a zone: %s', (at, local) => {
    expect(exactLocal(at, 'Europe/Berlin')).toBe(local);
    expect(exactInstant(local, 'Europe/Berlin')).toBe(at);
  });

  it('are nothing for what is no time', () => {
    expect(exactInstant('soon', 'UTC')).toBe('');
  });
});
