import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { RunningFiguresRepository } from './running-figures.repository.ts';
import { subjectOf } from './running-subjects.ts';

/** Marks what running figures rest on, in the transaction that changes it. */
@Injectable()
export class RunningMarksService implements OnModuleInit {
  constructor(
    readonly figures: RunningFiguresRepository,
    readonly database: Database,
    readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    this.events.on('services.changed', ({ changes }) =>
      // What is only suspected, or has another reason, counts as before.
      this.#services(changes.filter(({ fromMs }) => fromMs !== null).map(({ serviceId }) => serviceId)),
    );
    this.events.on('timelines.revised', ({ serviceIds }) => this.#services(serviceIds));
    this.events.on('maintenance.changed', ({ serviceIds }) => this.#services(serviceIds));
    this.events.on('catalog.changed', ({ serviceIds }) => this.#services(serviceIds));
    this.events.on('incidents.changed', ({ serviceIds }) => this.#services(serviceIds));
    this.events.on('calendars.changed', ({ keys }) => this.#mark(keys.map(subjectOf.calendar)));
    this.events.on('metrics.changed', ({ key }) => this.#mark([subjectOf.metric(key)]));
    this.events.on('corrections.changed', ({ agreement }) => this.#mark([subjectOf.agreement(agreement)]));
    this.events.on('terms.changed', ({ agreement }) => this.#mark([subjectOf.agreement(agreement)]));
    this.events.on('agreements.changed', ({ keys }) => this.#mark(keys.map(subjectOf.agreement)));
  }

  #services(ids: readonly number[]): Promise<void> {
    return this.#mark(ids.map(subjectOf.service));
  }

  async #mark(subjects: readonly string[]): Promise<void> {
    if (subjects.length > 0) await this.database.beforeCommit(this.#write, subjects);
  }

  readonly #write = (parts: readonly (readonly string[])[]): Promise<void> =>
    this.figures.mark([...new Set(parts.flat())]);
}
