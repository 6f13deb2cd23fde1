import { Injectable } from '@nestjs/common';
import { chunks } from '../domain/grouping.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { recheckChannel } from './dispatcher.service.ts';
import { ServiceStatusRepository } from './service-status.repository.ts';

/** Postgres takes no notice of 8,000 bytes or more. */
const mostIdsInNotice = 500;

/** A service that becomes suspect has what it rests on run again at once, so that blame is known when it is confirmed. */
@Injectable()
export class UpstreamRechecks {
  constructor(
    readonly statuses: ServiceStatusRepository,
    readonly database: Database,
    events: EventBus,
  ) {
    events.on('services.changed', async ({ changes }) => {
      const suspects = changes.filter(({ before, after }) => after.suspect && !before.suspect);
      if (suspects.length === 0) return;
      const upstreams = await this.statuses.upstreams(suspects.map(({ serviceId }) => serviceId));
      for (const ids of chunks(upstreams, mostIdsInNotice)) await this.database.notify(recheckChannel, ids.join(','));
    });
  }
}
