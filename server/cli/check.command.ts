import { reasons, type Outcome, type ProbeKind } from '../../probes/contract.ts';
import { phases, ProbeFailure } from '../../probes/contract.ts';
import { probeKind, probeKinds } from '../../probes/registry.ts';
import { runProbe } from '../../probes/run-probe.ts';
import { parseDurationMs } from '../../probes/support/duration.ts';
import { parseInput } from '../contract/input-issues.ts';
import type { ObservationView } from '../contract/probing.ts';
import type { Environment } from '../platform/config.ts';
import { probeGuard } from '../platform/probe-guard.ts';
import { apiClient, type ServerOptions } from './api-client.ts';
import { UsageError } from './command-error.ts';

export interface CheckOptions extends ServerOptions {
  json?: boolean;
  /** A duration such as `5s`. */
  timeout?: string;
  /** Runs it there through a running server, else here. */
  location?: string;
}

/** Runs a probe once and prints what it saw; true when the target is up. @throws UsageError, CommandError */
export async function check(
  environment: Environment,
  name: string,
  target: string,
  options: CheckOptions,
): Promise<boolean> {
  const kind = findKind(name);
  const input = kind.fromTarget(target);
  const config = readConfig(kind, input);
  const timeoutMs = options.timeout === undefined ? kind.defaults.timeoutMs : readTimeout(options.timeout);
  const outcome: Outcome = options.location
    ? await runThere({ kind: name, config: input, timeoutMs, location: options.location }, options)
    : await runProbe(kind, config, { timeoutMs, guard: await probeGuard(environment) });
  console.log(options.json ? JSON.stringify(outcome, null, 2) : table(kind.describe(config), outcome));
  return outcome.verdict === 'up';
}

/** For the help: a command for each form of target of each kind. */
export function checkForms(): string {
  const forms = probeKinds.flatMap(({ kind, examples }) => examples.map((target) => `  troth check ${kind} ${target}`));
  return ['', 'Targets:', ...forms].join('\n');
}

function findKind(name: string): ProbeKind {
  try {
    const kind = probeKind(name);
    if (kind.mode === 'pull') return kind;
  } catch (error) {
    if (error instanceof ProbeFailure) throw new UsageError(error.message);
    throw error;
  }
  throw new UsageError(`A probe of kind ${name} waits to be called: there is nothing to check.`);
}

function readConfig(kind: ProbeKind, input: unknown): unknown {
  const { value, issues } = parseInput(kind.config, input);
  if (issues.length === 0) return value;
  const lines = issues.map(({ path, message }) => `  ${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`);
  const example = `Such as: troth check ${kind.kind} ${kind.examples.at(-1)}`;
  throw new UsageError(`This is no target of ${withArticle(kind.kind)} probe.\n${lines.join('\n')}\n${example}`);
}

/** As it is spoken: `a dns`, but `an http`, for a name without vowels is spelled out. */
const withArticle = (name: string): string => `${/^(?:[aeiou]|[fhlmnrsx][^aeiou]*$)/.test(name) ? 'an' : 'a'} ${name}`;

function readTimeout(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined || ms < 100 || ms > 60_000) throw new UsageError('--timeout is from 100ms to 60s, such as 5s.');
  return ms;
}

async function runThere(run: object, options: ServerOptions): Promise<Outcome> {
  const { verdict, reason, latencyMs, timings, detail, facts } = await apiClient(options).post<ObservationView>(
    '/api/v1/probes/run',
    run,
  );
  return {
    verdict,
    reason: reason as Outcome['reason'],
    latencyMs,
    ...(timings ? { timings: timings as NonNullable<Outcome['timings']> } : {}),
    ...(detail === null ? {} : { detail }),
    ...(facts ? { facts } : {}),
  };
}

function table(target: string, { verdict, reason, latencyMs, timings = {}, detail, facts = {} }: Outcome): string {
  const spent = phases
    .filter((phase) => timings[phase] !== undefined)
    .map((phase) => [`  ${phase}`, ms(timings[phase]!)]);
  const rows = [
    ['target', target],
    ['verdict', verdict],
    ['reason', reasons[reason].text],
    ...(detail ? [['detail', detail]] : []),
    ...(latencyMs === null ? [] : [['latency', ms(latencyMs)]]),
    ...spent,
    ...Object.entries(facts).map(([name, value]) => [name, String(value)]),
  ];
  const width = Math.max(...rows.map(([label]) => label!.length));
  return rows.map(([label, text]) => `${label!.padEnd(width)}  ${text}`).join('\n');
}

const ms = (value: number): string => `${value.toFixed(1)} ms`;
