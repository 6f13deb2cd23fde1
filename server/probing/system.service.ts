import { hostname } from 'node:os';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import type { System } from '../contract/system.ts';
import { ENVIRONMENT, type Environment } from '../platform/config.ts';
import { HealthRegistry } from '../platform/health-registry.ts';
import { version } from '../platform/package-root.ts';
import { ProcessCost } from '../platform/process-cost.ts';
import { currentActor } from '../platform/request-context.ts';
import { AgentsService } from './agents.service.ts';
import { DispatchLease } from './dispatch-lease.ts';
import { LeaseRepository } from './lease.repository.ts';
import { dayOf } from './observations.repository.ts';
import { RecordResultsService } from './record-results.service.ts';
import { ResultsProcessor } from './results.processor.ts';
import { SystemRepository } from './system.repository.ts';

/** How far back the growth of the database is looked at. */
const growthDays = 30;

/** Tells how Troth itself fares. */
@Injectable()
export class SystemService implements OnModuleDestroy {
  readonly #cost: ProcessCost;

  constructor(
    readonly facts: SystemRepository,
    readonly agents: AgentsService,
    readonly lease: DispatchLease,
    readonly leases: LeaseRepository,
    readonly results: ResultsProcessor,
    readonly health: HealthRegistry,
    readonly clock: SteadyClock,
    @Inject(ENVIRONMENT) readonly environment: Environment,
    recordResults: RecordResultsService,
  ) {
    this.#cost = new ProcessCost(() => recordResults.storedHere);
  }

  onModuleDestroy(): void {
    this.#cost.stop();
  }

  async read(): Promise<System> {
    const nowMs = this.clock.now();
    const checks = await this.health.checks();
    const queueAnswers = checks.some(({ name, ok }) => name === 'queue' && ok);
    const [agents, locations, lease, size, parts, growth, lagMs] = await Promise.all([
      this.agents.list(),
      this.facts.locations(nowMs),
      this.leases.read(),
      this.facts.size(),
      this.facts.storage(),
      this.facts.growthSince(dayOf(nowMs) - growthDays),
      queueAnswers ? this.results.lagMs() : null,
    ]);
    return {
      asOf: new Date(nowMs).toISOString(),
      version,
      ready: checks.every(({ ok, required }) => ok || !required),
      checks,
      dispatch: {
        held: lease.held,
        here: this.lease.isHeld,
        since: lease.held ? (lease.gainedAt?.toISOString() ?? null) : null,
        epoch: lease.epoch,
      },
      queue: { store: this.environment.REDIS_URL ? 'redis' : 'postgres', lagMs },
      locations,
      agents,
      storage: {
        databaseBytes: size.bytes,
        growthBytes: growth && Math.round(growth.bytes / growth.days),
        growthDays: growth?.days ?? 0,
        parts,
      },
      cost: this.#costNow(),
      inside: currentActor().permissions.has('metrics:read')
        ? {
            host: hostname(),
            dispatcherHost: lease.held ? (lease.holder?.split('/')[0] ?? null) : null,
            node: process.version,
            postgres: size.version,
            connections: size.connections,
            mostConnections: size.mostConnections,
          }
        : null,
    };
  }

  /** Writes down how large the database is today. */
  noteSize(): Promise<void> {
    return this.facts.noteSize(dayOf(this.clock.now()));
  }

  #costNow(): System['cost'] {
    const { overMs, cpuCores, done, cpuMsEach } = this.#cost.read();
    return {
      startedAt: new Date(Date.now() - process.uptime() * 1_000).toISOString(),
      overMs: Math.round(overMs),
      cpuCores,
      memoryBytes: process.memoryUsage.rss(),
      observations: done,
      cpuMsPerObservation: cpuMsEach,
    };
  }
}
