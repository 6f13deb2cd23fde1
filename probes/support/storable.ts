import type { Outcome } from '../contract.ts';

const longestText = 500;
const longestKey = 60;
const unstorable = /[\0\p{Surrogate}]/u;
const allUnstorable = new RegExp(unstorable, 'gu');

/** Neither Postgres nor its queue keeps NUL or half a surrogate pair: a target may send one, a cut end in the other. */
export const storableText = (text: string, longest = longestText): string =>
  isStorable(text, longest) ? text : text.slice(0, longest).replaceAll(allUnstorable, '\uFFFD');

/** The same facts where they can be stored as they are, which is nearly always; else a copy that can. */
export function storableFacts(facts: NonNullable<Outcome['facts']>): NonNullable<Outcome['facts']> {
  for (const key in facts) {
    const fact = facts[key];
    if (!isStorable(key, longestKey) || !isStorableFact(fact)) return copied(facts);
  }
  return facts;
}

/** JSON knows no NaN and no infinity. */
const isStorableFact = (fact: unknown): boolean =>
  typeof fact === 'string' ? isStorable(fact, longestText) : typeof fact !== 'number' || Number.isFinite(fact);

const isStorable = (text: string, longest: number): boolean => text.length <= longest && !unstorable.test(text);

const copied = (facts: NonNullable<Outcome['facts']>) =>
  Object.fromEntries(
    Object.entries(facts).map(([key, fact]) => [
      storableText(key, longestKey),
      typeof fact === 'string' ? storableText(fact) : isStorableFact(fact) ? fact : String(fact),
    ]),
  );
