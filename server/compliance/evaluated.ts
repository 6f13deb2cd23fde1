/** What the evaluation of any objective comes to, before it is put into words. */
import type { ObjectiveInput } from '../contract/agreements.ts';
import type { Share } from '../domain/attribution.ts';
import type { Piece } from '../domain/objective-line.ts';
import type { Ratio } from '../domain/ratio.ts';
import type { TimeFigures } from '../domain/time-objective.ts';
import type { Judgement } from '../domain/verdict.ts';
import type { KnownCorrections } from './correction-scope.ts';

/** An event, or the observations of a stretch, that a figure is made of. */
export interface CountedItem {
  readonly class: 'good' | 'bad' | 'excluded' | 'counted';
  readonly fromMs: number;
  readonly toMs: number | null;
  readonly what: string;
  readonly good: number;
  readonly bad: number;
}

export type ExcusedTime = Pick<Share, 'key'> & { readonly ms: number };

export interface Evaluated {
  readonly key: string;
  readonly objective: ObjectiveInput;
  /** Keys of the services it is about. */
  readonly services: readonly string[];
  /** Approved ones are in the figures, open ones may come into them. */
  readonly corrections: KnownCorrections;
  readonly judgement: Judgement;
  /** What budget and rest are counted in. */
  readonly unit: 'ms' | 'events' | 'micros';
  /** What was reached, in words, where it is no share. */
  readonly reached: string | null;
  /** The same as a number in the unit of what is promised; null where it is a share, or nothing. */
  readonly value: Ratio | null;
  readonly coverage: Ratio | null;
  readonly isProven: boolean;
  readonly time: TimeFigures | null;
  readonly events: { readonly total: number; readonly bad: number } | null;
  readonly burn: Ratio | null;
  readonly exhaustedAtMs: number | null;
  /** Bad time goes on at this very instant. */
  readonly isLosing: boolean;
  /** Bad time that falls to services below. */
  readonly shares: readonly Share[];
  /** Time that is left out because a service below was down. */
  readonly excused: readonly ExcusedTime[];
  /** Until when they stay as they are while nothing happens, epoch ms; null where time alone changes them. */
  readonly stillUntilMs: number | null;
  /** What the figures over time are made of. */
  readonly lines: readonly (readonly Piece[])[];
  /** What the figures over events are made of. */
  readonly items: readonly CountedItem[];
}

/** The same without what it is about. */
export type Figures = Omit<Evaluated, 'key' | 'objective' | 'services' | 'corrections'>;

/** What is told of an objective: the same without what an explanation needs beside it. */
export type Told = Omit<Evaluated, 'value' | 'lines' | 'items' | 'corrections' | 'stillUntilMs'> & {
  readonly isDisputed: boolean;
};

/** What most objectives have none of. */
export const plain = {
  reached: null,
  value: null,
  coverage: null,
  isProven: true,
  time: null,
  events: null,
  burn: null,
  exhaustedAtMs: null,
  isLosing: false,
  stillUntilMs: null,
  shares: [],
  excused: [],
  lines: [],
  items: [],
} as const satisfies Partial<Evaluated>;
