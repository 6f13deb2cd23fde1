/** The longest key that the server takes. */
const longest = 63;

/** A key made of a name: `Straße & Café (1)` is `strasse-cafe-1`; empty where the name holds nothing that a key may. */
export const keyFromName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'o')
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, longest)
    .replace(/-$/, '');
