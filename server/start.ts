import { join } from 'node:path';
import { CommandError } from './cli/command-error.ts';
import { readEnvironment, type Environment } from './platform/config.ts';
import { makeDataFolder } from './platform/embedded-postgres-place.ts';
import { listenFailure } from './platform/free-port.ts';
import { cannotListen } from './platform/listen.ts';
import { createLogger, type Logger } from './platform/logger.ts';
import { LockedError, takeLock } from './platform/process-lock.ts';
import { banner } from './start/banner.ts';
import { readableLine } from './start/console-lines.ts';
import { ChildRecord } from './start/leftovers.ts';
import { Supervisor } from './start/supervisor.ts';

export interface StartOptions {
  /** Loads the demo organisation, unless it is there. */
  demo?: boolean;
}

/**
 * Runs a whole Troth on this machine until it is told to stop: its database, server, agent and sample target.
 * @throws ConfigError or CommandError when it cannot start; nothing is left running then
 */
export async function start(options: StartOptions = {}, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  // People at a terminal want the banner, not every request; LOG_LEVEL=info shows all.
  const environment = readEnvironment({ ...env, LOG_LEVEL: env['LOG_LEVEL'] || 'warn' });
  const dataFolder = makeDataFolder(environment.TROTH_DATA);
  const unlock = lock(dataFolder);
  try {
    await run({ ...environment, TROTH_DATA: dataFolder }, { ...env, TROTH_DATA: dataFolder }, options);
  } finally {
    unlock();
  }
}

async function run(environment: Environment, env: NodeJS.ProcessEnv, { demo = false }: StartOptions): Promise<void> {
  const onLine = process.stdout.isTTY ? printLine : undefined;
  const log = makeLogger(environment.LOG_LEVEL, onLine);
  const record = new ChildRecord(environment.TROTH_DATA);
  await record.endLeftovers(log);
  await assertPortIsFree(environment);
  const supervisor = new Supervisor({ environment, env, log, record, onLine, hasDemo: demo });
  // Where the terminal was closed there is nobody to tell, and still everything to stop.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const told = onSignals(() => supervisor.hurry());
  try {
    const started = supervisor.start();
    const running = await Promise.race([started, told]);
    // A start that is cut off fails in its own way, which nobody needs to hear of.
    started.catch(() => undefined);
    if (running) {
      announce(running);
      await told;
    }
    console.log('\nStopping ...');
  } finally {
    await supervisor.stop();
  }
  console.log('Troth has stopped.');
}

function announce({ url, setupLink, loopback }: Awaited<ReturnType<Supervisor['start']>>): void {
  const allowed = `Probes may reach loopback at the ports of the sample target alone: ${loopback.join(', ')}`;
  const box = banner({ url, setupLink, hasSample: loopback.length > 0 });
  console.log([box, ...(loopback.length > 0 ? [allowed] : [])].join('\n'));
}

function lock(dataFolder: string): () => void {
  try {
    return takeLock(join(dataFolder, 'start.lock'));
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    throw new CommandError(
      `Troth already runs on the data folder ${dataFolder} (process ${error.holder.pid}).\n` +
        'Stop it first, or give this one a folder and a port of its own: TROTH_DATA=.troth-2 PORT=8485 npm start',
      { cause: error },
    );
  }
}

/** Before anything runs. @throws ConfigError or CommandError */
async function assertPortIsFree(environment: Environment): Promise<void> {
  const { HOST, PORT } = environment;
  const failure = await listenFailure(HOST, PORT);
  if (failure === null) return;
  if (failure !== 'EADDRINUSE') throw cannotListen(environment, failure) ?? new CommandError(`${HOST}: ${failure}`);
  throw new CommandError(
    `Port ${PORT} is taken on ${HOST} by another program.\nStop that, or choose another port: PORT=${PORT + 1} npm start`,
  );
}

/** Resolves at the first signal; each further one calls `hurry`. */
function onSignals(hurry: () => void): Promise<undefined> {
  return new Promise((resolve) => {
    let isTold = false;
    const onSignal = () => {
      if (isTold) hurry();
      isTold = true;
      resolve(undefined);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
}

const printLine = (name: string, line: string): void => console.error(readableLine(name, line));

const makeLogger = (level: string, onLine: typeof printLine | undefined): Logger =>
  createLogger(level, 'start', onLine && { write: (line) => onLine('start', line.trimEnd()) });
