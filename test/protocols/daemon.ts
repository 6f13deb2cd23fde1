import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed } from './programs.ts';

export interface DaemonWish {
  program: string;
  /** What it reads: file names and texts; private keys are for their owner alone. */
  files: (folder: string) => Record<string, string>;
  options: (folder: string) => string[];
  /** Where it listens on 127.0.0.1 once it is ready. */
  ports: readonly number[];
}

export interface Daemon {
  folder: string;
  stop(): Promise<void>;
}

/** Starts a server in the foreground, in a folder of its own, and waits until it listens. */
export async function startDaemon({ program, files, options, ports }: DaemonWish): Promise<Daemon> {
  const path = installed(program);
  const folder = mkdtempSync(join(tmpdir(), `troth-${program}-`));
  chmodSync(folder, 0o755);
  for (const [name, text] of Object.entries(files(folder))) {
    writeFileSync(join(folder, name), text, { mode: name.endsWith('.key') ? 0o600 : 0o644 });
  }
  const child = spawn(path, options(folder), { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const died = exited.then(() => {
    throw new Error(`${program} ended: ${said}`);
  });
  await Promise.race([Promise.all(ports.map(accepting)), died]).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  died.catch(() => undefined);
  return { folder, stop };
}

/** Resolves once a port of loopback accepts a connection; rejects after ten seconds. */
async function accepting(port: number): Promise<void> {
  const endsAt = performance.now() + 10_000;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (performance.now() > endsAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      socket.destroy();
    }
  }
}
