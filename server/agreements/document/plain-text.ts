/** Text as it is meant to be read. */

/**
 * Characters that are not seen and change what is: controls, and the marks that turn the direction of what follows
 * (CVE-2021-42574). Who signs must read what is written.
 */
// oxlint-disable-next-line no-control-regex
const unseen =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A copy of a value in which every text is without characters that are not seen. */
export function readable<Value>(value: Value): Value {
  return clean(value) as Value;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\r\n', '\n').replace(unseen, '');
  if (Array.isArray(value)) return value.map(clean);
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, clean(one)]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, clean(one)]));
}
