import { spawn } from 'node:child_process';
import { ProbeFailure, type RunSignal } from '../contract.ts';
import { probeFailure } from '../support/reason.ts';
import { parseFping, parsePing, type Echoes } from './icmp-output.ts';

export interface EchoOrder {
  /** IP addresses that the guard has let pass; none twice. */
  addresses: readonly string[];
  packets: number;
  /** Milliseconds from now until every answer must be in. */
  withinMs: number;
  /** Aborts when the run is over: no process outlives it. */
  signal: RunSignal;
}

/** Says that a program cannot be used here, and why. */
class Unusable extends Error {}

const howToInstall =
  'install fping (Debian and Ubuntu: apt install fping; Alpine: apk add fping; Fedora and RHEL: dnf install fping)';

/**
 * Sends ICMP echoes to all addresses at once: by one `fping`, or by one `ping` an address where there is no fping.
 * Throws a ProbeFailure: `program-missing` where neither can be used.
 */
export async function echo(order: EchoOrder): Promise<Map<string, Echoes>> {
  const obstacles: string[] = [];
  for (const program of [byFping, byPing]) {
    try {
      return await program(order);
    } catch (error) {
      if (!(error instanceof Unusable)) throw probeFailure(error);
      obstacles.push(error.message);
    }
  }
  throw new ProbeFailure('program-missing', `${obstacles.join('; ')}; ${howToInstall}`);
}

/** The shortest pause between packets to one address that each program allows to an ordinary user. */
const shortestPauseMs = { fping: 10, ping: 200 };

async function byFping({ addresses, packets, withinMs, signal }: EchoOrder): Promise<Map<string, Echoes>> {
  const { pauseMs, waitMs } = timetable(packets, addresses.length, withinMs, shortestPauseMs.fping);
  const options = [`-C${packets}`, `-p${pauseMs}`, `-t${waitMs}`, '-i1'];
  const { errorOutput, exitCode } = await runProgram('fping', [...options, '--', ...addresses], signal);
  const found = parseFping(errorOutput);
  if (addresses.every((address) => found.has(address))) return found;
  throw new Unusable(`fping cannot send (exit code ${exitCode}): ${firstLine(errorOutput) || notPermitted}`);
}

async function byPing({ addresses, packets, withinMs, signal }: EchoOrder): Promise<Map<string, Echoes>> {
  const { pauseMs } = timetable(packets, 1, withinMs, shortestPauseMs.ping);
  const options = ['-n', '-c', String(packets), '-i', String(pauseMs / 1000)];
  const pinged = addresses.map(async (address): Promise<[string, Echoes]> => {
    // Interrupted, ping says what it knows so far; its own limits are whole seconds.
    const { output, errorOutput, exitCode } = await runProgram('ping', [...options, '--', address], signal, withinMs);
    const found = parsePing(output, errorOutput);
    if (found) return [address, found];
    throw new Unusable(`ping cannot send (exit code ${exitCode}): ${firstLine(errorOutput) || notPermitted}`);
  });
  return new Map(await Promise.all(pinged));
}

const notPermitted = 'is it permitted to (capability NET_RAW)?';
const firstLine = (text: string): string => text.trim().split('\n')[0]!;

const longestPauseMs = 200;
const shortestWaitMs = 50;

/** The pause between packets to one address, and how long each may take, so that all of it ends within the time given. */
export function timetable(packets: number, addresses: number, withinMs: number, shortestMs: number) {
  const pauseMs = Math.max(shortestMs, addresses, Math.min(longestPauseMs, Math.floor(withinMs / (2 * packets))));
  const waitMs = Math.floor(withinMs - (packets - 1) * pauseMs - addresses);
  if (waitMs >= shortestWaitMs) return { pauseMs, waitMs };
  throw new ProbeFailure(
    'config-invalid',
    `${packets} packets to ${addresses} addresses do not fit into ${Math.floor(withinMs)} ms: allow a longer timeout or send fewer`,
  );
}

interface Ended {
  output: string;
  errorOutput: string;
  exitCode: number | null;
}

/** Runs a program to its end; interrupts it after `interruptMs`, kills it on abort. */
function runProgram(program: string, options: string[], signal: RunSignal, interruptMs?: number): Promise<Ended> {
  const late = () => new ProbeFailure('timeout', `${program} did not end in time`);
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(late());
    const child = spawn(program, options, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
    });
    const cutOff = () => {
      // A child that could not be started has no id, and its `kill` would mean this process and all of its group.
      if (child.pid !== undefined) child.kill('SIGKILL');
      reject(late());
    };
    signal.addEventListener('abort', cutOff, { once: true });
    const timer = interruptMs === undefined ? undefined : setTimeout(() => child.kill('SIGINT'), interruptMs);
    const text = { output: '', errorOutput: '' };
    child.stdout.on('data', (chunk: Buffer) => (text.output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text.errorOutput += chunk.toString()));
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (error.code === 'ENOENT') reject(new Unusable(`${program} is not installed`));
      else if (error.code === 'EACCES' || error.code === 'EPERM') reject(new Unusable(`${program} may not be run`));
      else reject(error);
    });
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ ...text, exitCode });
    });
  });
}
