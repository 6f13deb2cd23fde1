/** A web server in a process of its own that notes when each path was asked for; `fail` makes a path answer 503. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Arrival {
  path: string;
  /** Epoch ms with fractions. */
  atMs: number;
}
/** The first answer of a path after it was switched. */
export interface Switched {
  path: string;
  failing: boolean;
  answeredMs: number;
}
export type TargetMessage = { type: 'arrivals' } | { type: 'switch'; path: string } | { type: 'switched' };

let arrivals: Arrival[] = [];
const failing = new Set<string>();
const awaited = new Set<string>();
const switched: Switched[] = [];
const now = (): number => performance.timeOrigin + performance.now();

const server = createServer((request, response) => {
  const path = request.url!;
  arrivals.push({ path, atMs: now() });
  const fails = failing.has(path);
  response.statusCode = fails ? 503 : 200;
  response.end('fine');
  if (awaited.delete(path)) response.once('finish', () => switched.push({ path, failing: fails, answeredMs: now() }));
});

process.on('message', (message: TargetMessage) => {
  if (message.type === 'arrivals') {
    process.send!(arrivals);
    arrivals = [];
  } else if (message.type === 'switched') process.send!(switched);
  else {
    if (!failing.delete(message.path)) failing.add(message.path);
    awaited.add(message.path);
  }
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', 4_096, () => process.send!((server.address() as AddressInfo).port));
