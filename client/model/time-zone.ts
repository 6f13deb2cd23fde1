/** Time zones by their IANA names. */

/** Whether a text names a zone that this browser knows. */
export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Every zone that this browser can name, UTC among them, in order. */
export const zoneNames = (): string[] => [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])].toSorted();

/** The zones in whose names all the words occur, in any order: `new york` finds `America/New_York`. */
export function findZones(text: string, zones: readonly string[]): string[] {
  const words = text
    .toLowerCase()
    .split(/[\s/_]+/)
    .filter(Boolean);
  return zones.filter((zone) => words.every((word) => zone.toLowerCase().includes(word)));
}
