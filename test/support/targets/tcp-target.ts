import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { listening, type Target } from './listening.ts';

/** A TCP server that does with each connection what it is told. */
export const tcpTarget = (onConnection: (socket: Socket) => void, host?: string): Promise<Target> =>
  listening(createServer(onConnection), host);

/** Accepts connections and reads, and never says a word. */
export const hangingTarget = (): Promise<Target> => tcpTarget((socket) => socket.resume());

/** Resets each connection as soon as something arrives. */
export const resettingTarget = (): Promise<Target> =>
  tcpTarget((socket) => socket.once('data', () => socket.resetAndDestroy()));

/** Closes each connection in order as soon as something arrives. */
export const closingTarget = (): Promise<Target> => tcpTarget((socket) => socket.once('data', () => socket.end()));

/** Answers whatever comes with these bytes and closes. */
export const sayingTarget = (answer: string | Buffer): Promise<Target> =>
  tcpTarget((socket) => socket.once('data', () => socket.end(answer)));

/** Answers with the beginning, then one byte every few milliseconds for ever. */
export const drippingTarget = (beginning: string, everyMs = 10): Promise<Target> =>
  tcpTarget((socket) =>
    socket.once('data', () => {
      socket.write(beginning);
      const timer = setInterval(() => socket.write('.'), everyMs);
      socket.once('close', () => clearInterval(timer));
    }),
  );

/** A port of loopback at which nothing listens. */
export async function closedPort(): Promise<number> {
  const target = await tcpTarget(() => undefined);
  await target.close();
  return target.port;
}

const listenerProgram = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
  process.stdout.write(String(this.address().port));
})`;
const connectsWithinMs = 250;

/** A port that leaves further connections without any answer, as a dead host does: its listener is paused and full. */
export async function silentPort(): Promise<Pick<Target, 'port' | 'close'>> {
  const child = spawn(process.execPath, ['-e', listenerProgram], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(text.toString());
  child.kill('SIGSTOP');
  const waiting: Socket[] = [];
  for (let isFull = false; !isFull;) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    waiting.push(socket);
    isFull = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(true), connectsWithinMs);
      socket.once('connect', () => {
        clearTimeout(timer);
        resolve(false);
      });
    });
  }
  return {
    port,
    close: async () => {
      for (const socket of waiting) socket.destroy();
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}
