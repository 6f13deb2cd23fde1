/** What a signature is about: the same text gives the same hash, on whatever machine it is computed. */
import { createHash } from 'node:crypto';

/** JSON with the names of every object in order, without what is not given. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => canonicalJson(one ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}

/** Everything that is agreed in one version. */
export interface SignedContent {
  agreement: string;
  version: number;
  document: unknown;
  snapshot: unknown;
}

/** SHA-256 in hex over the canonical JSON of what is signed. */
export const signedHash = ({ agreement, version, document, snapshot }: SignedContent): string =>
  sha256(canonicalJson({ agreement, version, document, snapshot }));

/** SHA-256 in hex. */
export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
