import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { listeningPart, sampleName, type Part } from './part.ts';

const idleMs = 30_000;

/** Greets, answers `STATUS` and `QUIT`, a line each. */
export const tcpPart = (port: number): Part => listeningPart(() => createServer(converse), port);

function converse(socket: Socket): void {
  socket.setTimeout(idleMs, () => socket.destroy());
  socket.write(`220 ${sampleName} order desk ready\r\n`);
  // Readline passes on what goes wrong with the socket.
  const lines = createInterface({ input: socket }).on('error', () => socket.destroy());
  lines.on('line', (line) => {
    const word = line.trim().toUpperCase();
    if (word === 'STATUS') socket.write('250 0 orders waiting\r\n');
    else if (word === 'QUIT') socket.end('221 bye\r\n');
    else socket.write('500 say STATUS or QUIT\r\n');
  });
}
