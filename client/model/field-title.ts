const spelled: Readonly<Record<string, string>> = {
  ca: 'CA',
  dns: 'DNS',
  http: 'HTTP',
  id: 'ID',
  ip: 'IP',
  json: 'JSON',
  ms: '(ms)',
  rcode: 'response code',
  tcp: 'TCP',
  tls: 'TLS',
  url: 'URL',
};

/** The name of a property as people read it: `recheckAfter` is `Recheck after`, `httpVersion` is `HTTP version`. */
export function fieldTitle(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .map((word) => spelled[word.toLowerCase()] ?? word.toLowerCase());
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
