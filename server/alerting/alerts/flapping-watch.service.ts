import { Injectable, type OnModuleInit } from '@nestjs/common';
import { flappingChanges, isFlapping } from '../../domain/flapping.ts';
import { serviceStates } from '../../domain/service-state.ts';
import { Database } from '../../platform/database.ts';
import { EventBus } from '../../platform/events.ts';
import '../../probing/timelines.service.ts';
import { AlertFactsRepository, type ServiceHistory } from './alert-facts.repository.ts';
import { AlertIntakeService } from './alert-intake.service.ts';
import { AlertWatchesRepository, type Watch, type WatchStep } from './alert-watches.repository.ts';
import { alertsChannel } from './alerts.event.ts';

interface FlappingState {
  readonly isFlapping: boolean;
}

/** Watches services that change again and again: after each change, and while they flap at each of their slots. */
@Injectable()
export class FlappingWatchService implements OnModuleInit {
  constructor(
    readonly watches: AlertWatchesRepository,
    readonly facts: AlertFactsRepository,
    readonly intake: AlertIntakeService,
    readonly database: Database,
    readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    this.events.on('services.changed', async ({ changes }) => {
      const turned = changes.filter(({ fromMs, before, after }) => fromMs !== null && before.state !== after.state);
      if (turned.length === 0) return;
      await this.watches.watch(
        'flapping',
        turned.map(({ serviceId }) => serviceId),
        this.intake.nowMs(),
      );
      await this.database.notify(alertsChannel);
    });
  }

  /** Less often changed than before, it cannot begin: only what flaps is looked at again. */
  async look(watched: readonly Watch<FlappingState>[], nowMs: number): Promise<WatchStep<FlappingState>[]> {
    const ids = watched.map(({ subject }) => subject);
    const found = await this.facts.histories(ids, flappingChanges + 1, nowMs);
    const histories = new Map(found.map((history) => [history.id, history]));
    const begun: ServiceHistory[] = [];
    const ended: string[] = [];
    const steps = watched.map(({ subject, state }): WatchStep<FlappingState> => {
      const history = histories.get(subject);
      const was = state.isFlapping ?? false;
      const is = history !== undefined && isFlapping(was, statesOf(history, nowMs));
      if (history && is && !was) begun.push(history);
      if (history && was && !is) ended.push(fingerprintOf(history));
      return { subject, state: is ? { isFlapping: is } : null, dueMs: history && is ? nowMs + history.everyMs : null };
    });
    await this.intake.fire(
      begun.map((history) => ({
        ...{ rule: 'service-flapping', fingerprint: fingerprintOf(history), serviceId: history.id, sinceMs: nowMs },
        title: `${history.name} is flapping`,
        reason: 'It goes down and up again and again; that it is down is not told until it rests',
      })),
    );
    await this.intake.resolve({ fingerprints: ended }, nowMs);
    if (ended.length > 0) await this.intake.reconsider('flapping');
    return steps;
  }
}

const fingerprintOf = ({ key }: ServiceHistory): string => `service-flapping/${key}`;

/** At each slot, oldest first; what was not known is no change. */
function statesOf({ everyMs, intervals }: ServiceHistory, nowMs: number): string[] {
  const states: string[] = [];
  for (let back = flappingChanges; back >= 0; back -= 1) {
    const at = intervals.findLast(({ fromMs }) => fromMs <= nowMs - back * everyMs);
    const state = at && serviceStates[at.state];
    if (state === 'down') states.push('down');
    else if (state === 'up' || state === 'degraded') states.push('well');
    else if (states.length > 0) states.push(states.at(-1)!);
  }
  return states;
}
