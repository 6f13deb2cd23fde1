import { Inject, Injectable } from '@nestjs/common';
import { jobNames, reasons, triesQueue, type AddressGuard, type Outcome } from '../../probes/contract.ts';
import { Queues } from '../../probes/queues.ts';
import { probeKind } from '../../probes/registry.ts';
import { runProbe } from '../../probes/run-probe.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import { ProbesService } from '../catalog/probes.service.ts';
import type { ObservationView, ProbeRun } from '../contract/probing.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { invalidField, Problem } from '../platform/problem.ts';
import { AgentsRepository } from './agents.repository.ts';
import { SeriesDirectory } from './series-directory.ts';

/** Nest's token for the guard of probes that this server runs by itself. */
export const ADDRESS_GUARD = Symbol('address guard');

/** For the way through the queue and back. */
const queueAllowanceMs = 5_000;

/** Runs a probe once for somebody who wants to see what it says; stores nothing. */
@Injectable()
export class TryProbeService {
  constructor(
    readonly queues: Queues,
    readonly directory: SeriesDirectory,
    readonly catalog: CatalogService,
    readonly probes: ProbesService,
    readonly agents: AgentsRepository,
    @Inject(ADDRESS_GUARD) readonly guard: AddressGuard,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  async run({
    kind: name,
    config: input,
    timeoutMs,
    degradedAboveMs,
    location,
    probe,
  }: ProbeRun): Promise<ObservationView> {
    const kind = findKind(name);
    const config = await this.probes.readTrial(kind, input, probe);
    const startedMs = Date.now();
    const outcome = location
      ? await this.#runAt(location, { kind: name, config, timeoutMs })
      : await runProbe(kind, config, { timeoutMs, degradedAboveMs: degradedAboveMs ?? null, guard: this.guard });
    return toView(outcome, startedMs, location ?? null);
  }

  async #runAt(location: string, run: { kind: string; config: unknown; timeoutMs: number }): Promise<Outcome> {
    const known = await this.catalog.locations();
    if (!known.some(({ key }) => key === location)) throw invalidField('location', `there is no location ${location}`);
    const agents = await this.agents.all();
    if (!agents.some((agent) => agent.alive && agent.location === location)) {
      throw new Problem('unavailable', `No agent is running at ${location}.`);
    }
    const sealed = { ...run, config: this.directory.sealFor(location, run.kind, run.config) };
    try {
      return await this.queues.request<Outcome>(
        triesQueue(location),
        jobNames.try,
        sealed,
        run.timeoutMs + queueAllowanceMs,
      );
    } catch (err) {
      this.log.warn({ err, location }, 'a probe could not be tried');
      throw new Problem('unavailable', `The agent at ${location} did not answer in time.`);
    }
  }
}

function findKind(name: string) {
  try {
    const kind = probeKind(name);
    if (kind.mode === 'push') throw new Error(`${name} waits for a call and cannot be run`);
    return kind;
  } catch (error) {
    throw invalidField('kind', (error as Error).message);
  }
}

function toView(
  { verdict, reason, latencyMs, timings, detail, facts }: Outcome,
  startedMs: number,
  location: string | null,
): ObservationView {
  const at = new Date(startedMs).toISOString();
  const said = { verdict, reason, reasonText: reasons[reason].text, latencyMs };
  return {
    location,
    slot: at,
    at,
    attempt: 0,
    ...said,
    timings: timings ?? null,
    detail: detail ?? null,
    facts: facts ?? null,
  };
}
