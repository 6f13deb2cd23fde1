/** Keys made from what people call things. */

const longestKey = 63;
const hyphens = /^-+|-+$/g;

/** Letters that are no letter with a mark. */
const spelled: Record<string, string> = { ß: 'ss', æ: 'ae', ø: 'o' };

/** The key that a name suggests: `Büro Köln` is `buro-koln`; `fallback` where nothing of it can stand in a key. */
export function keyOfName(name: string, fallback = 'service'): string {
  const lower = name.toLowerCase().replaceAll(/[ßæø]/g, (letter) => spelled[letter]!);
  const plain = lower.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  const key = plain.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(hyphens, '');
  return key.slice(0, longestKey).replaceAll(hyphens, '') || fallback;
}

/** A key that is not taken: the same, or with the first number behind it that is free. */
export function freeKey(key: string, isTaken: (key: string) => boolean): string {
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : `-${number}`;
    const candidate = `${key.slice(0, longestKey - suffix.length).replaceAll(hyphens, '')}${suffix}`;
    if (!isTaken(candidate)) return candidate;
  }
}
