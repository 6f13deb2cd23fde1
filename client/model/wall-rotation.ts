/** Boards that take turns on one display. */
import type { BoardLayoutSettings } from '../../server/contract/boards.ts';

/** The boards of a turn, the display's own first; one alone does not turn. */
export const turnOf = (home: string, { boards }: BoardLayoutSettings['rotation']): string[] => [
  home,
  ...boards.filter((key) => key !== home),
];

export const nextInTurn = (turn: readonly string[], shown: string): string =>
  turn[(turn.indexOf(shown) + 1) % turn.length] ?? shown;
