/** What incidents come to: which figures there are, how they read, how they are drawn. Pure. */
import type { IncidentStatistics } from '../../server/contract/incident-statistics.ts';
import { lengthText } from './time-text.ts';

export type FiguresOf = IncidentStatistics['all'];
export type FigureName = 'meanAcknowledgeSeconds' | 'meanRestoreSeconds' | 'meanBetweenSeconds';

export interface Figure {
  readonly name: FigureName;
  readonly short: string;
  readonly title: string;
  readonly explanation: string;
}

export const figures: readonly Figure[] = [
  {
    ...{ name: 'meanAcknowledgeSeconds', short: 'MTTA', title: 'Mean time to acknowledge' },
    explanation: 'From detection or report to whoever took it',
  },
  {
    ...{ name: 'meanRestoreSeconds', short: 'MTTR', title: 'Mean time to restore' },
    explanation: 'From the beginning to the restored service',
  },
  {
    ...{ name: 'meanBetweenSeconds', short: 'MTBF', title: 'Mean time between failures' },
    explanation: 'Time without an incident, by the number of incidents',
  },
];

/** `12 min 5 s`; a dash where there is none. */
export const figureText = (seconds: number | null): string => (seconds === null ? '–' : lengthText(seconds * 1_000));

export interface FigureBar {
  readonly key: string;
  readonly name: string;
  readonly text: string;
  /** Its length, of the longest, from 0 to 1. */
  readonly share: number;
}

/** The bars of one figure, those without it left out: months in order, anything else the longest first. */
export function figureBars({ by, groups }: IncidentStatistics, figure: FigureName, most: number): FigureBar[] {
  const told = groups.flatMap(({ key, name, [figure]: seconds }) => (seconds === null ? [] : [{ key, name, seconds }]));
  const longest = Math.max(1, ...told.map(({ seconds }) => seconds));
  const ordered = by === 'month' || by === 'severity' ? told : told.toSorted((a, b) => b.seconds - a.seconds);
  const shown = by === 'month' ? ordered.slice(-most) : ordered.slice(0, most);
  return shown.map(({ key, name, seconds }) => ({ key, name, text: figureText(seconds), share: seconds / longest }));
}
