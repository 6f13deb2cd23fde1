/** A board in a few words, for lists. */
import type { BoardSelection } from '../../server/contract/boards.ts';

const mostNamed = 3;

const named = (what: string, items: readonly (string | number)[]): string[] =>
  items.length === 0
    ? []
    : items.length > mostNamed
      ? [`${items.length} ${what}s`]
      : [`${what}${items.length > 1 ? 's' : ''} ${items.join(', ')}`];

/** `teams hr, it · tier 1`; `Everything` where nothing is chosen. */
export function selectionText({ teams, categories, tags, tiers, services }: BoardSelection): string {
  const parts = [
    ...named('team', teams),
    ...(categories.length > 0 ? [categories.join(', ')] : []),
    ...named('tag', tags),
    ...named('tier', tiers),
    ...named('service', services),
  ];
  return parts.length > 0 ? parts.join(' · ') : 'Everything';
}
