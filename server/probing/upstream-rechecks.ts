import { Injectable } from '@nestjs/common';
import { chunks } from '../domain/grouping.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { recheckChannel } from './dispatcher.service.ts';
import { ServiceStatusRepository, type ServiceStatus } from './service-status.repository.ts';

/** Postgres takes no notice of 8,000 bytes or more. */
const mostIdsInNotice = 500;

/** A service that becomes suspect, or goes down, has what it rests on run again at once, so that blame is known soon. */
@Injectable()
export class UpstreamRechecks {
  constructor(
    readonly statuses: ServiceStatusRepository,
    readonly database: Database,
    events: EventBus,
  ) {
    events.on('services.changed', async ({ changes }) => {
      const suspects = changes.filter(
        ({ before, after }) => !before.suspect && (after.suspect || (isDown(after) && !isDown(before))),
      );
      if (suspects.length === 0) return;
      const upstreams = await this.statuses.upstreams(suspects.map(({ serviceId }) => serviceId));
      for (const ids of chunks(upstreams, mostIdsInNotice)) await this.database.notify(recheckChannel, ids.join(','));
    });
  }
}

const isDown = ({ state }: ServiceStatus): boolean => state === 'down';
