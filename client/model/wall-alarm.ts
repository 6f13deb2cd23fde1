/** Which outages sound: those that nobody has taken, here or anywhere, and no planned maintenance explains. */
import type { BoardService } from '../../server/contract/live.ts';

/** Of each acknowledged service the instant since which it was down then; a later outage is another one. */
export type Acknowledged = Readonly<Record<string, string>>;

export const outagesOf = (services: Iterable<BoardService>): BoardService[] =>
  [...services].filter(
    ({ state, maintenance, handled }) => state === 'down' && maintenance === null && handled === null,
  );

export const unacknowledged = (outages: readonly BoardService[], acknowledged: Acknowledged): BoardService[] =>
  outages.filter(({ key, since }) => acknowledged[key] !== (since ?? ''));

/** The outages that there are as acknowledged; those that are over are forgotten. */
export const acknowledge = (outages: readonly BoardService[]): Acknowledged =>
  Object.fromEntries(outages.map(({ key, since }) => [key, since ?? '']));
