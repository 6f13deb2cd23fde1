import { expect, it } from 'vitest';
import { nearest } from '../../../probes/support/nearest.ts';

const kinds = ['http', 'tcp', 'tls', 'dns', 'icmp', 'heartbeat'];

it.each([
  ['htpt', 'http'],
  ['https', 'http'],
  ['HTTP', 'http'],
  ['icpm', 'icmp'],
  ['heartbeet', 'heartbeat'],
  ['hartbeats', 'heartbeat'],
  ['tsl', 'tls'],
  ['dsn', 'dns'],
])('takes %s for %s', (word, meant) => expect(nearest(word, kinds)).toBe(meant));

it.each(['ping', 'postgres', '', 'x'])('has no suggestion for %j', (word) =>
  expect(nearest(word, kinds)).toBeUndefined(),
);

it('prefers the nearer of two', () => expect(nearest('tcps', ['tls', 'tcp'])).toBe('tcp'));
