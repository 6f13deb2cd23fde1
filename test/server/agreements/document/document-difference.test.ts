import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentDifference } from '../../../../server/agreements/document/document-difference.ts';
import { textDifference } from '../../../../server/agreements/document/text-difference.ts';
import type { AgreementInput, ObjectiveOf } from '../../../../server/contract/agreements.ts';
import { context, fullAgreement, office } from './full-agreement.ts';

const before = { agreement: fullAgreement, context };
const differenceTo = (change: Partial<AgreementInput>, other: Partial<typeof context> = {}) =>
  documentDifference(before, { agreement: { ...fullAgreement, ...change }, context: { ...context, ...other } });

describe('the difference between two versions', () => {
  it('is nothing where both say the same', () => {
    expect(documentDifference(before, structuredClone(before))).toEqual({ settings: [], texts: [] });
  });

  it('names targets and settings in words', () => {
    const availability = fullAgreement.objectives['availability'] as ObjectiveOf<'availability'>;
    const { settings } = differenceTo({
      calendar: null,
      effective: { from: '2026-01-01' },
      counting: { ...fullAgreement.counting, degraded: 'good', maintenanceAllowance: null },
      objectives: {
        ...fullAgreement.objectives,
        availability: { ...availability, target: '99.5', services: ['payroll'] },
      },
    });
    expect(settings).toEqual([
      { label: 'Last day', before: '31 December 2026', after: 'none' },
      { label: 'Service hours', before: expect.stringContaining('Mon–Thu 08:00–18:00'), after: 'Around the clock' },
      { label: 'Degraded time', before: 'bad', after: 'good' },
      { label: 'Maintenance in a period', before: 'at most 8 hours', after: 'any' },
      {
        label: 'Availability of payroll',
        before: 'At least 99.9 % availability',
        after: 'At least 99.5 % availability',
      },
      { label: 'Availability of payroll, covers', before: 'Payroll and Payslips', after: 'Payroll' },
    ]);
  });

  it('sees that a calendar of the same name has other hours', () => {
    const later = { ...office, week: { ...office.week, fri: [] } };
    const { settings } = differenceTo({}, { calendars: new Map([['office', later]]) });
    expect(settings.map(({ label }) => label)).toEqual(['Service hours', 'Support hours']);
  });

  it('tells of objectives, supports and consequences that came and went', () => {
    const { drill: _gone, ...objectives } = fullAgreement.objectives;
    const { settings } = differenceTo({
      objectives: { ...objectives, leads: { ...objectives['satisfaction']!, title: 'Leads' } as ObjectiveOf<'metric'> },
      restsOn: ['network-ola/core'],
      consequences: {
        ...fullAgreement.consequences,
        credits: [],
        arbiter: undefined,
      } as AgreementInput['consequences'],
      arbiter: null,
    });
    expect(settings).toContainEqual({ label: 'Leads', before: null, after: 'At least 4.2 points of 5 on average' });
    expect(settings).toContainEqual({ label: 'Drill', before: 'Restored within 4 hours, in all drills', after: null });
    expect(settings).toContainEqual({
      label: 'Rests on',
      before: 'Hosting by Example GmbH, Servers: At least 99.9 % availability',
      after: null,
    });
    expect(settings).toContainEqual({
      label: 'Credit for Availability of payroll below 99.9 %',
      before: '5 %',
      after: null,
    });
    expect(settings).toContainEqual({ label: 'Arbiter', before: 'the CIO office', after: null });
  });

  it('shows texts word by word', () => {
    const texts = { ...fullAgreement.texts, maintenance: 'During a pay run and before it there is no maintenance.' };
    expect(differenceTo({ texts }).texts).toEqual([
      {
        label: 'Rules for maintenance',
        pieces: [
          { change: 'same', text: 'During a pay run ' },
          { change: 'inserted', text: 'and before it ' },
          { change: 'same', text: 'there is no ' },
          { change: 'removed', text: 'planned ' },
          { change: 'same', text: 'maintenance.' },
        ],
      },
    ]);
  });

  it('loses and invents nothing, whatever the texts', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'cc', ' ', '\n'), { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (old, young) => {
        const pieces = textDifference(old, young);
        const without = (change: string): string =>
          pieces
            .filter((piece) => piece.change !== change)
            .map((piece) => piece.text)
            .join('');
        expect(without('inserted')).toBe(old);
        expect(without('removed')).toBe(young);
        expect(pieces.every((piece, index) => piece.text !== '' && piece.change !== pieces[index - 1]?.change)).toBe(
          true,
        );
      }),
    );
  });
});
