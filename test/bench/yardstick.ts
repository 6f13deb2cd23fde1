import { connect } from 'node:net';
import type { Figure } from './figures.ts';
import { pathOf, type Installation } from './installation.ts';

const warmUp = 1_000;
const exchanges = 5_000;

/**
 * What one HTTP exchange on a fresh socket costs in bare Node.js here: nothing parsed, timed, checked or stored. It tells
 * how fast the machine is, so that figures of different machines can be compared.
 */
export async function measureYardstick(installation: Installation): Promise<Figure[]> {
  const port = await installation.target.ready;
  for (let done = 0; done < warmUp; done += 1) await exchange(port);
  const before = process.cpuUsage();
  for (let done = 0; done < exchanges; done += 1) await exchange(port);
  const { user, system } = process.cpuUsage(before);
  await installation.arrivals();
  return [
    {
      name: 'a bare socket exchange in Node.js: CPU',
      measured: (user + system) / 1_000 / exchanges,
      unit: 'ms',
      reach: '',
    },
  ];
}

const exchange = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`GET ${pathOf(0)} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.resume();
  });
