import { Injectable } from '@nestjs/common';
import '../incidents/incidents.event.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import type { ServiceSeen } from '../probing/series-fold.service.ts';
import { BoardRepository, type LiveEvent } from './board.repository.ts';
import { merged, nothing, toSight } from './live-event.ts';

/** A tile that did not change tells of a new observation at most this often. */
const touchEveryMs = 5_000;

/** Numbers what changes the board, in the transaction that changes it, for the boards of every server. */
@Injectable()
export class BoardEvents {
  readonly #lastTouch = new Map<number, number>();

  constructor(repository: BoardRepository, database: Database, events: EventBus) {
    const append = (parts: readonly LiveEvent[]) => repository.append(merged(parts));
    const tell = (part: Partial<LiveEvent>) => database.beforeCommit(append, { ...nothing, ...part });
    events.on('services.changed', ({ changes }) => tell({ changed: changes.map(({ serviceId }) => serviceId) }));
    // Who has what is wrong with a service stands on its tile.
    for (const event of ['incident.opened', 'incident.changed', 'incident.resolved'] as const)
      events.on(event, ({ incidents }) => tell({ changed: [...new Set(incidents.flatMap((one) => one.serviceIds))] }));
    // What agreements count of its past is another, which pages about them read again.
    events.on('corrections.changed', ({ serviceId }) => tell({ changed: [serviceId] }));
    events.on('figures.changed', ({ agreements }) => tell({ agreements }));
    events.on('catalog.changed', ({ serviceIds, locationsChanged }) =>
      tell({ changed: serviceIds, locations: locationsChanged, maintenance: true }),
    );
    events.on('maintenance.changed', () => tell({ maintenance: true }));
    events.on('services.seen', ({ seen }) => {
      const due = seen.filter((each) => this.#isTouchDue(each));
      return due.length > 0 ? tell({ seen: due.map(toSight) }) : undefined;
    });
  }

  #isTouchDue({ serviceId, observedMs }: ServiceSeen): boolean {
    if (observedMs - (this.#lastTouch.get(serviceId) ?? 0) < touchEveryMs) return false;
    this.#lastTouch.set(serviceId, observedMs);
    return true;
  }
}
