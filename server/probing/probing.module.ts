import { Inject, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { CatalogModule } from '../catalog/catalog.module.ts';
import { ENVIRONMENT, type Environment } from '../platform/config.ts';
import { HealthRegistry, type Health } from '../platform/health-registry.ts';
import { probeGuard } from '../platform/probe-guard.ts';
import { AgentsController } from './agents.controller.ts';
import { AgentsRepository } from './agents.repository.ts';
import { AgentsService } from './agents.service.ts';
import { ChangesController } from './changes.controller.ts';
import { ChangesRepository } from './changes.repository.ts';
import { ChangesService } from './changes.service.ts';
import { DispatchLease } from './dispatch-lease.ts';
import { DispatcherService } from './dispatcher.service.ts';
import { DutiesService } from './duties.service.ts';
import { GapSweepService } from './gap-sweep.service.ts';
import { HeartbeatsController } from './heartbeats.controller.ts';
import { HeartbeatsService } from './heartbeats.service.ts';
import { HistoryController } from './history.controller.ts';
import { HistoryService } from './history.service.ts';
import { HourCountsRepository } from './hour-counts.repository.ts';
import { LateResultsService } from './late-results.service.ts';
import { LeaseRepository } from './lease.repository.ts';
import { HeartbeatSeriesService } from './heartbeat-series.service.ts';
import { ImportedIntervalsRepository } from './imported-intervals.repository.ts';
import { ImportedObservationsService } from './imported-observations.service.ts';
import { ImportedTimelinesService } from './imported-timelines.service.ts';
import { MeasurementsController } from './measurements.controller.ts';
import { MeasurementsRepository } from './measurements.repository.ts';
import { MeasurementsService } from './measurements.service.ts';
import { ObservationCountsService } from './observation-counts.service.ts';
import { ObservationRangesRepository } from './observation-ranges.repository.ts';
import { ObservationStore } from './observation-store.ts';
import { ObservationsRepository } from './observations.repository.ts';
import { OutagesRepository } from './outages.repository.ts';
import { OwedSlots } from './owed-slots.ts';
import { PackedHoursRepository } from './packed-hours.repository.ts';
import { PackingService } from './packing.service.ts';
import { PartitionsRepository } from './partitions.repository.ts';
import { PlanningRepository } from './planning.repository.ts';
import { PlanningService } from './planning.service.ts';
import { ProposalsController } from './proposals.controller.ts';
import { ProposalsService } from './proposals.service.ts';
import { RecordResultsService } from './record-results.service.ts';
import { ResultsProcessor } from './results.processor.ts';
import { RollupsRepository } from './rollups.repository.ts';
import { RollupsService } from './rollups.service.ts';
import { SeriesDirectory } from './series-directory.ts';
import { SeriesFoldService } from './series-fold.service.ts';
import { SeriesStatusRepository } from './series-status.repository.ts';
import { ServiceStatusRepository } from './service-status.repository.ts';
import { SubjectsService } from './subjects.service.ts';
import { SystemController } from './system.controller.ts';
import { SystemRepository } from './system.repository.ts';
import { SystemService } from './system.service.ts';
import { TimelineReaderService } from './timeline-reader.service.ts';
import { TimelinesRepository } from './timelines.repository.ts';
import { TimelinesService } from './timelines.service.ts';
import { ADDRESS_GUARD, TryProbeService } from './try-probe.service.ts';
import { UpstreamRechecks } from './upstream-rechecks.ts';

const repositories = [
  AgentsRepository,
  ChangesRepository,
  HourCountsRepository,
  ImportedIntervalsRepository,
  LeaseRepository,
  MeasurementsRepository,
  ObservationRangesRepository,
  ObservationsRepository,
  OutagesRepository,
  PackedHoursRepository,
  PartitionsRepository,
  PlanningRepository,
  RollupsRepository,
  SeriesStatusRepository,
  ServiceStatusRepository,
  SystemRepository,
  TimelinesRepository,
];

/** A missing slot is noticed within this of being overdue. */
const sweepEveryMs = 5_000;
/** After a start, results that waited in the queue come in before anything is called missing. */
const sweepRestMs = 15_000;

/** Results that wait longer than this come too late to be of use on a board. */
const longestLagMs = 30_000;

/** From the plan to the timeline: what is owed, who runs it, what it said, what follows. */
@Module({
  imports: [CatalogModule, AccessModule],
  controllers: [
    AgentsController,
    ChangesController,
    HeartbeatsController,
    HistoryController,
    MeasurementsController,
    ProposalsController,
    SystemController,
  ],
  providers: [
    ...repositories,
    AgentsService,
    ChangesService,
    DispatchLease,
    DispatcherService,
    DutiesService,
    GapSweepService,
    HeartbeatsService,
    HistoryService,
    LateResultsService,
    MeasurementsService,
    ObservationCountsService,
    ObservationStore,
    OwedSlots,
    PackingService,
    PlanningService,
    ProposalsService,
    RecordResultsService,
    ResultsProcessor,
    RollupsService,
    SeriesDirectory,
    SeriesFoldService,
    SubjectsService,
    SystemService,
    TimelinesService,
    ImportedObservationsService,
    ImportedTimelinesService,
    TimelineReaderService,
    HeartbeatSeriesService,
    TryProbeService,
    UpstreamRechecks,
    { provide: ADDRESS_GUARD, useFactory: probeGuard, inject: [ENVIRONMENT] },
  ],
  exports: [
    AgentsService,
    DutiesService,
    HeartbeatSeriesService,
    ImportedObservationsService,
    ImportedTimelinesService,
    MeasurementsService,
    ObservationCountsService,
    PlanningService,
    TimelineReaderService,
  ],
})
export class ProbingModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(ENVIRONMENT) readonly environment: Environment,
    readonly planning: PlanningService,
    readonly dispatcher: DispatcherService,
    readonly results: ResultsProcessor,
    readonly heartbeats: HeartbeatsService,
    readonly duties: DutiesService,
    readonly sweep: GapSweepService,
    readonly rollups: RollupsService,
    readonly packing: PackingService,
    readonly lease: DispatchLease,
    readonly leases: LeaseRepository,
    readonly agents: AgentsService,
    readonly system: SystemService,
    readonly health: HealthRegistry,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const roles = new Set(this.environment.TROTH_ROLES);
    await this.planning.load();
    this.heartbeats.start();
    if (roles.has('ingest')) this.results.start();
    if (roles.has('dispatch')) {
      await this.dispatcher.start();
      const readyMs = performance.now() + sweepRestMs;
      const sweep = async () => void (performance.now() > readyMs && (await this.sweep.sweep()));
      this.duties.start({ name: 'gap sweep', everyMs: sweepEveryMs, run: sweep });
      this.duties.start({ name: 'heartbeats', everyMs: 1_000, run: () => this.heartbeats.watchAll() });
      this.duties.start({ name: 'rollups', everyMs: 10_000, run: async () => void (await this.rollups.rollUp()) });
      this.duties.start({ name: 'packing', everyMs: 600_000, run: async () => void (await this.packing.pack()) });
      this.duties.start({ name: 'retention', everyMs: 3_600_000, run: async () => void (await this.packing.retain()) });
      this.duties.start({ name: 'gone agents', everyMs: 3_600_000, run: () => this.agents.forgetGone() });
      this.duties.start({ name: 'database size', everyMs: 600_000, run: () => this.system.noteSize() });
    }
    this.#registerHealth();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.heartbeats.stop();
    await this.duties.stop();
    await this.dispatcher.stop();
  }

  #registerHealth(): void {
    this.health.register('dispatch lease', async () => {
      const held = await this.leases.isHeld();
      const detail = this.lease.isHeld ? 'this server dispatches' : 'another server dispatches';
      return { ok: held, detail: held ? detail : 'no server dispatches' };
    });
    this.health.register(
      'agents',
      async () => {
        const agents = await this.agents.list();
        const alive = agents.filter((agent) => agent.alive).length;
        return { ok: alive > 0, detail: `${alive} running` };
      },
      { required: false },
    );
    if (this.environment.TROTH_ROLES.includes('ingest')) this.health.register('ingest lag', () => this.#ingestLag());
  }

  /** Of now: a batch that came late is no lag once it is stored, and ingest that stands still is. */
  async #ingestLag(): Promise<Health> {
    const lagMs = await this.results.lagMs();
    return { ok: lagMs < longestLagMs, detail: `the oldest result waits ${Math.round(lagMs)} ms` };
  }
}
