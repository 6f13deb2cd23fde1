import { describe, expect, it } from 'vitest';
import { placeText, progressOf, replacedText, resumeFault, subjectLink } from '../../../client/model/history-import.ts';
import { formatOf, type HistoryImport } from '../../../server/contract/history-imports.ts';

const found: HistoryImport = {
  ...{ id: 1, kind: 'timeline', format: 'csv', name: 'a.csv', state: 'receiving', bytes: 4_000_000 },
  ...{ receivedBytes: 1_000_000, checkedBytes: 2_000_000, rows: 20_000, appliedRows: 5_000 },
  ...{ faults: [], hasMoreFaults: false, preview: { columns: [], rows: [] }, subjects: [], subjectCount: 0 },
  ...{ createdAt: '2026-01-01T00:00:00Z', by: 'ada', appliedAt: null, isOwn: true },
};
const subject = {
  ...{ name: 'payroll', key: 'payroll', rows: 3, from: '2025-01-01T00:00:00.000Z', to: '2025-12-31T00:00:00.000Z' },
  ...{ replaces: 0, unchanged: 0 },
};

describe('an import in words', () => {
  it('tells how far it is in what goes on', () => {
    expect(progressOf(found)?.text).toBe('1.0 MB of 4.0 MB sent, 25 %');
    expect(progressOf(found, 2_000_000)?.text).toBe('2.0 MB of 4.0 MB sent, 50 %');
    expect(progressOf({ ...found, state: 'checking' })?.text).toBe('20\u202f000 rows read, 50 % of the file');
    expect(progressOf({ ...found, state: 'applying' })?.text).toBe('5 000 of 20\u202f000 rows taken over, 25 %');
    expect(progressOf({ ...found, state: 'applied' })).toBeNull();
  });

  it('tells where a fault is', () => {
    expect(placeText({ row: 40_000, column: 'to', message: '' })).toBe('row 40\u202f000, column to');
    expect(placeText({ row: 2, column: null, message: '' })).toBe('row 2');
    expect(placeText({ row: null, column: null, message: '' })).toBe('');
  });

  it('tells what gives way', () => {
    expect(replacedText('timeline', subject, false)).toBe('replaces nothing');
    expect(replacedText('timeline', { ...subject, replaces: 1 }, false)).toBe('replaces 1 imported interval');
    expect(replacedText('metrics', { ...subject, replaces: 2, unchanged: 1 }, true)).toBe(
      'replaced 2 values; 1 is there already',
    );
  });

  it('leads to the end of what was taken over', () => {
    expect(subjectLink('timeline', subject)).toBe(
      '/services/payroll?from=2025-10-02T00%3A00%3A00.000Z&to=2025-12-31T00%3A00%3A00.000Z',
    );
    expect(subjectLink('metrics', subject)).toBe('/metric-values/payroll');
  });

  it('knows formats by the ends of names, and the rest of a file by its name and size', () => {
    expect(['a.CSV', 'b.jsonl', 'c.json', 'd.xlsx', 'e'].map(formatOf)).toEqual(['csv', 'ndjson', 'json', null, null]);
    expect(resumeFault(found, { name: 'a.csv', size: 4_000_000 })).toBe('');
    expect(resumeFault(found, { name: 'b.csv', size: 4_000_000 })).toContain('the rest of a.csv');
    expect(resumeFault(found, { name: 'a.csv', size: 1 })).toContain('changed meanwhile');
  });
});
