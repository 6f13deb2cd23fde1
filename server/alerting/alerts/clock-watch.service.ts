import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { AgreementClocks, IncidentClockView } from '../../contract/incidents.ts';
import { clockNames, type ClockName } from '../../domain/incident-clocks.ts';
import { instantText } from '../../domain/instant-text.ts';
import { lengthText } from '../../domain/length-text.ts';
import '../../incidents/incidents.event.ts';
import type { IncidentNews } from '../../incidents/incidents.event.ts';
import { IncidentsService, type IncidentBrief } from '../../incidents/incidents.service.ts';
import { Database } from '../../platform/database.ts';
import { EventBus } from '../../platform/events.ts';
import { AlertIntakeService, type Firing } from './alert-intake.service.ts';
import { AlertWatchesRepository, type Watch, type WatchStep } from './alert-watches.repository.ts';
import { alertsChannel } from './alerts.event.ts';

/** Fingerprints of what was told of its clocks already. */
interface ClockState {
  readonly told: readonly string[];
}

/** Watches the clocks of incidents and requests: they warn and run out at instants that are known beforehand. */
@Injectable()
export class ClockWatchService implements OnModuleInit {
  constructor(
    readonly watches: AlertWatchesRepository,
    readonly incidents: IncidentsService,
    readonly intake: AlertIntakeService,
    readonly database: Database,
    readonly events: EventBus,
  ) {}

  /** Whatever is done with an incident may move its deadlines. */
  onModuleInit(): void {
    const watch = async (news: readonly IncidentNews[]): Promise<void> => {
      const clocked = news.filter(({ kind, isLate }) => kind !== 'drill' && !isLate).map(({ id }) => id);
      if (clocked.length === 0) return;
      await this.watches.watch('clocks', clocked, this.intake.nowMs());
      await this.database.notify(alertsChannel);
    };
    this.events.on('incident.opened', ({ incidents }) => watch(incidents));
    this.events.on('incident.changed', ({ incidents }) => watch(incidents));
    this.events.on('incident.resolved', ({ incidents }) => watch(incidents));
  }

  async look(watched: readonly Watch<ClockState>[], nowMs: number): Promise<WatchStep<ClockState>[]> {
    const briefs = await this.incidents.briefs(watched.map(({ subject }) => subject));
    const open = new Map(briefs.filter(({ resolvedMs }) => resolvedMs === null).map((brief) => [brief.id, brief]));
    const steps: WatchStep<ClockState>[] = [];
    for (const { subject, state } of watched) {
      const brief = open.get(subject);
      const told = state.told ?? [];
      if (!brief) {
        // What was told stays told where it is opened again.
        steps.push({ subject, state: told.length > 0 ? { told } : null, dueMs: null });
        continue;
      }
      const { clocks } = await this.incidents.get(subject);
      // A draft is not agreed: its clocks are shown, and call nobody.
      const agreed = clocks.agreements.filter(({ basis }) => basis !== 'draft');
      const firings = agreed.flatMap((under) => clockNames.flatMap((name) => firingsOf(brief, under, name, nowMs)));
      const fresh = firings.filter(({ fingerprint }) => !told.includes(fingerprint));
      await this.intake.fire(fresh);
      const all = agreed.flatMap((under) => clockNames.map((name) => under[name]));
      steps.push({
        subject,
        state: { told: [...told, ...fresh.map(({ fingerprint }) => fingerprint)] },
        dueMs: nextOf(all, nowMs),
      });
    }
    return steps;
  }
}

const acts: Readonly<Record<ClockName, string>> = { response: 'respond', resolution: 'resolve it' };

/** What a clock has to tell now: that it ran out, else the last of the shares that are spent. */
function firingsOf(brief: IncidentBrief, under: AgreementClocks, name: ClockName, nowMs: number): Firing[] {
  const { agreement, title } = under;
  const { state, dueAt, targetSeconds, warnings } = under[name];
  const spent = warnings.findLast(({ at, percent }) => at !== null && Date.parse(at) <= nowMs && percent < 100);
  const isBreached = state === 'breached';
  if (!isBreached && (state !== 'running' || !spent)) return [];
  const subject = `${brief.id}/${agreement}/${name}`;
  const promised =
    targetSeconds === null ? '' : `${title} promises to ${acts[name]} within ${lengthText(targetSeconds * 1_000)}`;
  const due = dueAt === null ? '' : `, which ${isBreached ? 'was' : 'is'} due ${instantText(dueAt, 'UTC')}`;
  return [
    {
      rule: isBreached ? 'clock-breached' : 'clock-warning',
      fingerprint: isBreached ? `clock-breached/${subject}` : `clock-warning/${subject}/${spent!.percent}`,
      title: isBreached
        ? `${brief.title}: the time to ${acts[name]} has run out`
        : `${brief.title}: ${spent!.percent} % of the time to ${acts[name]} is spent`,
      reason: `${promised}${due}` || null,
      ...{ serviceId: (brief.root ?? brief.services[0])?.id ?? null, incidentId: brief.id, sinceMs: brief.startedMs },
    },
  ];
}

/** When the next share of a clock that runs is spent. */
function nextOf(clocks: readonly IncidentClockView[], nowMs: number): number | null {
  const instants = clocks
    .filter(({ state }) => state === 'running')
    .flatMap(({ warnings, dueAt }) => [...warnings.map(({ at }) => at), dueAt])
    .flatMap((at) => (at !== null && Date.parse(at) > nowMs ? [Date.parse(at)] : []));
  return instants.length > 0 ? Math.min(...instants) : null;
}
