import { describe, expect, it } from 'vitest';
import type { Explanation, ExplanationPiece } from '../../../server/contract/compliance.ts';
import {
  classSums,
  exactText,
  explainedRows,
  figureSum,
  rowAt,
  rowLengthMs,
} from '../../../client/model/explanation.ts';
import { explainedLayers, stripPieces } from '../../../client/model/timeline-strip.ts';

const piece = (name: ExplanationPiece['class'], from: string, to: string, bad = false): ExplanationPiece => ({
  class: name,
  from: `2026-10-01T${from}:00Z`,
  to: `2026-10-01T${to}:00Z`,
  seconds: 0,
  ...{ bad, rule: name, service: 'payroll', reason: null, upstream: null, corrections: [] },
});
const event = (from: string, bad: number): Explanation['events'][number] => ({
  class: bad > 0 ? 'bad' : 'good',
  from: `2026-10-01T${from}:00Z`,
  to: null,
  what: 'Incident 7',
  good: 1 - bad,
  bad,
});

describe('the rows of an explanation', () => {
  it('are all pieces of all lines and all events, in order of time', () => {
    const lines = [
      [piece('up', '00:00', '09:00'), piece('down', '09:00', '09:14', true)],
      [piece('excluded', '02:00', '04:00')],
    ];
    const rows = explainedRows({ lines, events: [event('03:00', 1)] });
    expect(rows.map((row) => [row.class, row.isBad])).toEqual([
      ['up', false],
      ['excluded', false],
      ['bad', true],
      ['down', true],
    ]);
    expect(rows.map(rowLengthMs)).toEqual([9 * 3_600_000, 7_200_000, null, 840_000]);
    expect(rows[2]).toMatchObject({ rule: 'Incident 7', service: null });
  });

  it('are counted by class, the worst first', () => {
    const rows = explainedRows({
      lines: [[piece('up', '00:00', '01:00'), piece('down', '01:00', '01:10', true), piece('up', '01:10', '02:00')]],
      events: [event('05:00', 0)],
    });
    expect(classSums(rows)).toEqual([
      { class: 'down', count: 1, ms: 600_000 },
      { class: 'up', count: 2, ms: 6_600_000 },
      { class: 'good', count: 1, ms: 0 },
    ]);
  });

  it('are found by an instant', () => {
    const rows = explainedRows({
      lines: [[piece('up', '00:00', '01:00'), piece('down', '01:00', '02:00')]],
      events: [],
    });
    expect(rowAt(rows, Date.parse('2026-10-01T01:30:00Z'))).toBe(1);
    expect(rowAt(rows, Date.parse('2026-09-01T00:00:00Z'))).toBe(-1);
  });
});

describe('a figure as a sum', () => {
  const seconds = {
    ...{ agreed: 2_592_000, excluded: 7_200, eligible: 2_584_800 },
    ...{ up: 2_583_780, degraded: 0, down: 840, unknown: 180, unmonitored: 0, bad: 840 },
  };

  it('tells agreed, excluded and eligible time exactly, and what of it is bad or not known', () => {
    expect(figureSum({ seconds, events: null }).map(({ sign, amount, word }) => `${sign} ${amount} ${word}`)).toEqual([
      ' 720 h agreed',
      '− 2 h excluded',
      '= 718 h left to count',
      'of it 14 min bad',
      'of it 3 min unknown',
    ]);
  });

  it('tells of events how many there were and how many were missed', () => {
    expect(figureSum({ seconds: null, events: { total: 40, bad: 2 } }).map(({ amount }) => amount)).toEqual([
      '40',
      '2',
    ]);
    expect(figureSum({ seconds: null, events: null })).toEqual([]);
  });

  it('says lengths to the millisecond', () => {
    expect([0, 250, 840_000, 2_584_800_000, 3_661_001, 8_784 * 3_600_000].map(exactText)).toEqual([
      '0 h',
      '0.25 s',
      '14 min',
      '718 h',
      '1 h 1 min 1.001 s',
      '8\u202f784 h',
    ]);
  });
});

describe('the strip of a period', () => {
  it('lays what is lost over what is excluded, however short it is', () => {
    const span = { fromMs: Date.parse('2026-10-01T00:00:00Z'), toMs: Date.parse('2026-10-01T10:00:00Z') };
    const pieces = [
      piece('excluded', '00:00', '05:00'),
      piece('down', '05:00', '05:01'),
      piece('up', '05:01', '10:00'),
    ];
    const drawn = stripPieces(
      pieces.map((one) => ({ ...one, state: one.class })),
      span,
      0.01,
      explainedLayers,
    );
    expect(drawn.map(({ state }) => state)).toEqual(['up', 'excluded', 'down']);
    expect(drawn.at(-1)).toEqual({ state: 'down', start: 0.5, end: 0.51 });
  });
});
