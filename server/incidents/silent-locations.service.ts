import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { minuteMs } from '../domain/durations.ts';
import { agentSilenceMs } from '../domain/liveness.ts';
import { severityIn, usualSeverities } from '../domain/incident-severity.ts';
import { Database } from '../platform/database.ts';
import { ProbeIncidentsRepository } from './probe-incidents.repository.ts';
import { ProbeOutagesRepository } from './probe-outages.repository.ts';
import { ProbeTellingService, type ProbeAct } from './probe-telling.service.ts';
import { SilentLocationsRepository, type LocationSilence } from './silent-locations.repository.ts';

/** An agent that is started anew is back within this. */
const toldAfterMs = agentSilenceMs + 30_000;
const reopenWithinMs = 30 * minuteMs;
/** Nothing is down as far as anybody knows, but nobody would see it. */
const rating = { impact: 2, urgency: 1 };

/** A location of which nothing is heard is one incident, which lists what it hides. */
@Injectable()
export class SilentLocationsService {
  constructor(
    readonly database: Database,
    readonly locations: SilentLocationsRepository,
    readonly probes: ProbeIncidentsRepository,
    readonly outages: ProbeOutagesRepository,
    readonly telling: ProbeTellingService,
    readonly clock: SteadyClock,
  ) {}

  /** Opens and resolves incidents as locations fell silent or are heard again; answers how many. */
  watch(): Promise<number> {
    return this.database.transaction(async () => {
      await this.outages.holdAlone();
      const turned = await this.locations.turned(toldAfterMs);
      if (turned.length === 0) return 0;
      const nowMs = Math.floor(this.clock.now());
      const heard = turned.filter(({ isSilent }) => !isSilent).map((one) => ({ id: one.incidentId!, atMs: nowMs }));
      const resolved = heard.length > 0 ? await this.probes.resolve(heard) : [];
      const silent = await this.#silence(
        turned.filter(({ isSilent }) => isSilent),
        nowMs,
      );
      await this.telling.tell([...resolved.map((one): ProbeAct => ({ ...one, act: 'resolved' })), ...silent]);
      return turned.length;
    });
  }

  async #silence(silent: readonly LocationSilence[], nowMs: number): Promise<ProbeAct[]> {
    if (silent.length === 0) return [];
    const isAgain = ({ heardMs, resolvedMs }: LocationSilence) =>
      resolvedMs !== null && heardMs - resolvedMs <= reopenWithinMs;
    const again = silent.filter(isAgain).map((one) => ({ id: one.incidentId!, atMs: one.heardMs }));
    if (again.length > 0) await this.probes.reopen(again);
    const fresh = silent.filter((one) => !isAgain(one));
    const made = fresh.length > 0 ? await this.probes.insert(fresh.map((one) => draftOf(one, nowMs))) : [];
    const ids = new Map([
      ...silent.filter(isAgain).map((one): [number, number] => [one.id, one.incidentId!]),
      ...fresh.map((one, index): [number, number] => [one.id, made[index]!]),
    ]);
    const hidden = await this.locations.hidden([...ids.keys()], toldAfterMs);
    await this.probes.addServices(
      hidden.map(({ locationId, serviceId }) => ({ incidentId: ids.get(locationId)!, serviceId })),
      true,
    );
    return [
      ...again.map((one): ProbeAct => ({ ...one, act: 'reopened' })),
      ...fresh.map((one): ProbeAct => ({
        ...{ id: ids.get(one.id)!, act: 'opened', atMs: nowMs, detail: { location: one.key } },
      })),
    ];
  }
}

const draftOf = ({ id, name, heardMs, incidentId }: LocationSilence, nowMs: number) => ({
  title: `Nothing is heard of ${name}`,
  ...{ ...rating, severity: severityIn(usualSeverities, rating)! },
  ...{ rootServiceId: null, locationId: id, follows: incidentId, isLate: false },
  ...{ startedMs: Math.min(heardMs, nowMs), detectedMs: nowMs, resolvedMs: null, closedMs: null },
});
