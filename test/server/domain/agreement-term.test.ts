import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  endInReach,
  isTermEnd,
  lastNoticeDay,
  nextTerm,
  termEndAfter,
  urgencyOf,
  type AgreementTerm,
} from '../../../server/domain/agreement-term.ts';

const term = (change: Partial<AgreementTerm> = {}): AgreementTerm => ({
  ...{ from: '2026-01-01', to: '2027-01-01', atEnd: 'expires', months: 12, noticeDays: 30 },
  ...change,
});

describe('a term', () => {
  it('ends once where it expires, and never where it has no end', () => {
    expect(termEndAfter(term(), '2026-06-01')).toBe('2027-01-01');
    expect(termEndAfter(term(), '2027-01-01')).toBeNull();
    expect(termEndAfter(term({ to: null }), '2026-06-01')).toBeNull();
  });

  it('ends again and again where it renews, on the 31st wherever a month has one', () => {
    const monthly = term({ to: '2027-01-31', atEnd: 'renews', months: 1 });
    const ends = ['2026-05-01', '2027-01-31', '2027-02-28', '2027-03-31'].map((day) => termEndAfter(monthly, day));
    expect(ends).toEqual(['2027-01-31', '2027-02-28', '2027-03-31', '2027-04-30']);
  });

  it('can be asked to end as long as there is time for the notice', () => {
    const yearly = term({ atEnd: 'renews' });
    expect(lastNoticeDay(yearly, '2027-01-01')).toBe('2026-12-02');
    expect(endInReach(yearly, '2026-12-02')).toBe('2027-01-01');
    expect(endInReach(yearly, '2026-12-03')).toBe('2028-01-01');
    expect(isTermEnd(yearly, '2028-01-01')).toBe(true);
    expect(isTermEnd(yearly, '2028-01-02')).toBe(false);
  });

  it('is followed by one of the same length, in months where it has whole ones', () => {
    expect(nextTerm(term(), '2027-01-01')).toEqual({ from: '2027-01-01', to: '2028-01-01' });
    expect(nextTerm(term({ to: '2026-01-11' }), '2028-02-25')).toEqual({ from: '2028-02-25', to: '2028-03-06' });
    expect(nextTerm(term({ to: null }), '2027-01-01')).toEqual({ from: '2027-01-01', to: null });
  });

  it('warns from 60, 30 and 7 days before', () => {
    const urgencies = ['2026-11-01', '2026-11-02', '2026-12-02', '2026-12-25', '2027-01-02'].map((today) =>
      urgencyOf(today, '2027-01-01'),
    );
    expect(urgencies).toEqual([null, 'soon', 'near', 'last', null]);
  });

  it('has its next end behind every day, and none between', () => {
    const day = fc.integer({ min: 0, max: 9_000 }).map((days) => new Date(days * 86_400_000 + 1_700_000_000_000));
    const dateOf = (date: Date): string => date.toISOString().slice(0, 10);
    fc.assert(
      fc.property(day, day, fc.integer({ min: 1, max: 36 }), (first, today, months) => {
        const renewing = term({ from: '2000-01-01', to: dateOf(first), atEnd: 'renews', months });
        const end = termEndAfter(renewing, dateOf(today))!;
        expect(end > dateOf(today)).toBe(true);
        expect(isTermEnd(renewing, end)).toBe(true);
        const before = new Date(Date.parse(end) - 86_400_000).toISOString().slice(0, 10);
        expect(termEndAfter(renewing, before)).toBe(end);
      }),
    );
  });
});
