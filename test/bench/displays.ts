/** Many displays of the board in a process of their own: notes when a change of a service arrives at each. */
import { io } from 'socket.io-client';
import type { BoardDelta } from '../../server/contract/live.ts';

export interface Shown {
  key: string;
  state: string;
  atMs: number;
}

const [url, token, count] = process.argv.slice(2) as [string, string, string];
const shown: Shown[] = [];

function display(): Promise<void> {
  return new Promise((resolve, reject) => {
    const states = new Map<string, string>();
    const socket = io(`${url}/live`, {
      forceNew: true,
      extraHeaders: { authorization: `Bearer ${token}` },
      transports: ['websocket'],
    });
    socket.on('delta', ({ changed }: BoardDelta) => {
      const atMs = performance.timeOrigin + performance.now();
      for (const { key, state } of changed) {
        if (states.get(key) !== state) shown.push({ key, state, atMs });
        states.set(key, state);
      }
    });
    socket.on('connect_error', reject);
    socket.on('connect', () => socket.emit('join', 'board', () => resolve()));
  });
}

process.on('message', () => process.send!(shown));
process.on('disconnect', () => process.exit());
await Promise.all(Array.from({ length: Number(count) }, display));
process.send!('ready');
