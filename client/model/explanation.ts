/** What a figure is made of, as rows and as a sum. */
import { mdiCalendarRemoveOutline, mdiCheckCircle, mdiCloseOctagon, mdiCounter } from '@mdi/js';
import type { Explanation, ObjectiveResult } from '../../server/contract/compliance.ts';
import type { CorrectionNote } from '../../server/contract/corrections.ts';
import { countText } from './size-text.ts';
import { tileLooks } from './tile-kind.ts';

export type PieceClass = Explanation['lines'][number][number]['class'] | Explanation['events'][number]['class'];

interface ClassLook {
  readonly word: string;
  readonly icon: string;
}

/** In the order in which they are offered to filter by. */
export const classLooks: Readonly<Record<PieceClass, ClassLook>> = {
  down: tileLooks.down,
  bad: { word: 'Missed', icon: mdiCloseOctagon },
  degraded: tileLooks.degraded,
  unknown: tileLooks.unknown,
  excluded: { word: 'Excluded', icon: mdiCalendarRemoveOutline },
  unmonitored: tileLooks.unmonitored,
  up: tileLooks.up,
  good: { word: 'Good', icon: mdiCheckCircle },
  counted: { word: 'Counted', icon: mdiCounter },
};
export const pieceClasses = Object.keys(classLooks) as readonly PieceClass[];
export const isPieceClass = (text: string): text is PieceClass => Object.hasOwn(classLooks, text);

/** One stretch of time, or one event. */
export interface ExplainedRow {
  readonly class: PieceClass;
  readonly from: string;
  /** Null of what has no length. */
  readonly to: string | null;
  readonly isBad: boolean;
  /** The rule that put it there, or what it is. */
  readonly rule: string;
  /** The service that makes it so; null of events. */
  readonly service: string | null;
  readonly reason: string | null;
  /** The service below that it falls to. */
  readonly upstream: string | null;
  /** Corrections that are approved or proposed for it. */
  readonly corrections: readonly CorrectionNote[];
}

/** Everything that the figure is made of, in order of time. */
export function explainedRows({ lines, events }: Pick<Explanation, 'lines' | 'events'>): ExplainedRow[] {
  const pieces = lines.flat().map(({ bad, ...piece }): ExplainedRow => ({ ...piece, isBad: bad }));
  const counted = events.map(({ class: name, from, to, what, bad }): ExplainedRow => ({
    ...{ class: name, from, to, isBad: bad > 0, rule: what },
    ...{ service: null, reason: null, upstream: null, corrections: [] },
  }));
  return [...pieces, ...counted].toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from));
}

export interface ClassSum {
  readonly class: PieceClass;
  readonly count: number;
  readonly ms: number;
}

/** How many rows there are of each class, and how long they are together; classes without any are left out. */
export function classSums(rows: readonly ExplainedRow[]): ClassSum[] {
  const sums = new Map<PieceClass, { count: number; ms: number }>();
  for (const row of rows) {
    const sum = sums.get(row.class) ?? { count: 0, ms: 0 };
    sums.set(row.class, { count: sum.count + 1, ms: sum.ms + (rowLengthMs(row) ?? 0) });
  }
  return pieceClasses.flatMap((name) => {
    const sum = sums.get(name);
    return sum ? [{ class: name, ...sum }] : [];
  });
}

export const rowLengthMs = ({ from, to }: Pick<ExplainedRow, 'from' | 'to'>): number | null =>
  to === null ? null : Date.parse(to) - Date.parse(from);

/** The row that holds an instant, or the last one before it; -1 of none. */
export const rowAt = (rows: readonly ExplainedRow[], atMs: number): number =>
  rows.findLastIndex(({ from }) => Date.parse(from) <= atMs);

/** `718 h`, `717 h 46 min 0.25 s`: exact, in hours, so that sums can be checked by whoever reads them. */
export function exactText(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const secondsLeft = (ms % 60_000) / 1_000;
  const parts = [
    ...(hours > 0 ? [`${countText(hours)} h`] : []),
    ...(minutes > 0 ? [`${minutes} min`] : []),
    ...(secondsLeft > 0 ? [`${secondsLeft} s`] : []),
  ];
  return parts.length > 0 ? parts.join(' ') : '0 h';
}

export interface SumTerm {
  /** What stands before it. */
  readonly sign: '' | '−' | '=' | 'of it';
  readonly amount: string;
  readonly word: string;
}

/** `720 h agreed − 2 h excluded = 718 h counted, of it 14 min bad`; of events how many were missed. Empty of anything else. */
export function figureSum({ seconds, events }: Pick<ObjectiveResult, 'seconds' | 'events'>): SumTerm[] {
  if (seconds) {
    const amount = (ofSeconds: number): string => exactText(Math.round(ofSeconds * 1_000));
    const unclear = [
      { sign: 'of it', amount: amount(seconds.unknown), word: 'unknown', ms: seconds.unknown },
      { sign: 'of it', amount: amount(seconds.unmonitored), word: 'unmonitored', ms: seconds.unmonitored },
    ] as const;
    return [
      { sign: '', amount: amount(seconds.agreed), word: 'agreed' },
      { sign: '−', amount: amount(seconds.excluded), word: 'excluded' },
      { sign: '=', amount: amount(seconds.eligible), word: 'left to count' },
      { sign: 'of it', amount: amount(seconds.bad), word: 'bad' },
      ...unclear.filter(({ ms }) => ms > 0).map(({ sign, amount: text, word }) => ({ sign, amount: text, word })),
    ];
  }
  if (!events) return [];
  return [
    { sign: '', amount: countText(events.total), word: 'counted' },
    { sign: 'of it', amount: countText(events.bad), word: 'missed' },
  ];
}
