import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** AES-256-GCM; a sealed value is `sealed:v1:<base64url of nonce, tag, ciphertext>`. */
const prefix = 'sealed:v1:';
const nonceBytes = 12;
const tagBytes = 16;

export const isSealed = (value: unknown): value is string => typeof value === 'string' && value.startsWith(prefix);

/** Seals a text with a key of 32 bytes; every call gives another value. */
export function seal(key: Buffer, plain: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return prefix + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

/** @throws when the key is another or the value was changed */
export function unseal(key: Buffer, sealed: string): string {
  const bytes = Buffer.from(sealed.slice(prefix.length), 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
}

/** Names of fields from the top of a config to a secret; `*` stands for every item or entry. */
export type SecretPath = readonly string[];

/** A copy of `value` with every text at the given paths changed. */
export function mapPaths(value: unknown, paths: readonly SecretPath[], change: (text: string) => string): unknown {
  return paths.reduce((copy, path) => mapPath(copy, path, change), value);
}

function mapPath(value: unknown, [head, ...rest]: SecretPath, change: (text: string) => string): unknown {
  if (head === undefined) return typeof value === 'string' ? change(value) : value;
  if (Array.isArray(value)) return head === '*' ? value.map((item) => mapPath(item, rest, change)) : value;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, item]) => [name, head === '*' || head === name ? mapPath(item, rest, change) : item]),
  );
}
