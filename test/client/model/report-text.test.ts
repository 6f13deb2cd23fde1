import { describe, expect, it } from 'vitest';
import { chainText, reportFiles } from '../../../client/model/report-text.ts';
import { shortPeriod } from '../../../server/contract/period-title.ts';
import { notedPieces, usedWords } from '../../../server/contract/report-words.ts';
import type { ReportContent } from '../../../server/contract/reports.ts';

describe('the answer of a check of the chain', () => {
  it('says whether it holds, and where it does not', () => {
    const whole = { holds: true, checked: 3, head: 'abc', broken: null };
    expect(chainText(whole)).toBe('All 3 reports say what was frozen, and none is gone.');
    expect(chainText({ ...whole, checked: 1 })).toBe('The one report says what was frozen, and none is gone.');
    expect(chainText({ ...whole, checked: 0, head: null })).toBe('There is no report yet.');
    const broken = { period: '2026-10', revision: 2, why: 'its content is not what was frozen' };
    expect(chainText({ ...whole, holds: false, broken })).toBe(
      'The chain is broken at the report of 2026-10, revision 2: its content is not what was frozen.',
    );
  });
});

describe('the files of a report', () => {
  it('are those of the revision that is shown', () => {
    expect(reportFiles('hr', '2026-10', 2).map(({ href }) => href)).toContain(
      '/api/v1/agreements/hr/reports/2026-10/report.pdf?revision=2',
    );
  });
});

describe('periods in the head of a narrow column', () => {
  it('are as short as can be, with the year where it begins', () => {
    expect(['2026-10', '2026-01', '2026-W41', '2026-Q4', '2026'].map(shortPeriod)).toEqual([
      ...['Oct', 'Jan 26', 'W41', 'Q4', '2026'],
    ]);
  });
});

describe('what was used of a budget', () => {
  const none = { seconds: null, leftSeconds: null, events: null, leftEvents: null, usedRatio: null };
  const used = (budget: object, verdict: 'met' | 'no-data' = 'met') =>
    usedWords({ budget: { ...none, ...budget }, verdict });

  it('is told in time or in misses, never less than it was', () => {
    expect(used({ seconds: 2_678.4, leftSeconds: 878.4 })).toBe('30 min of 44 min 38 s used');
    expect(used({ seconds: 2_678.4, leftSeconds: -921.6 })).toBe('15 min 21 s over 44 min 38 s');
    expect(used({ events: 3, leftEvents: -1 })).toBe('4 missed, 3 allowed');
    expect(used({})).toBeNull();
    expect(used({ seconds: 60, leftSeconds: 60 }, 'no-data')).toBeNull();
  });
});

describe('what stands out of a period', () => {
  it('is what was lost, left out or not known, promise by promise in order of time', () => {
    const piece = (from: string, kind: string, bad = false) => ({ from, class: kind, bad });
    const objective = (key: string, lines: object[][]) => ({ result: { key, title: key }, lines, events: [] });
    const content = (...versions: number[]) =>
      ({
        parts: versions.map((version) => ({
          version,
          objectives: [
            objective('up-time', [
              [piece('2', 'down', true), piece('3', 'up'), piece('4', 'unmonitored')],
              [piece('1', 'excluded'), piece('5', 'unknown')],
            ]),
          ],
        })),
      }) as unknown as ReportContent;
    expect(notedPieces(content(1)).map(({ from, promise }) => `${from} ${promise}`)).toEqual([
      ...['1 Up time', '2 Up time', '5 Up time'],
    ]);
    expect(notedPieces(content(1, 2))[0]!.promise).toBe('Up time (version 1)');
  });
});
