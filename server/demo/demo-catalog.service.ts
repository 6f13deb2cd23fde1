import { Injectable } from '@nestjs/common';
import { CalendarsService } from '../catalog/calendars.service.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import { MaintenanceService } from '../catalog/maintenance.service.ts';
import { ProbesService } from '../catalog/probes.service.ts';
import { ServicesService } from '../catalog/services.service.ts';
import { TeamsService } from '../catalog/teams.service.ts';
import type { DemoLoad } from '../contract/demo.ts';
import { demoCalendars, demoMaintenance } from './demo-hours.ts';
import { demoTeams } from './demo-people.ts';
import { demoServices, probeOf, serviceInput } from './demo-services.ts';
import type { DemoTime } from './demo-time.ts';

/** The catalog of the demo: made, and taken away, as people would. */
@Injectable()
export class DemoCatalogService {
  constructor(
    readonly catalog: CatalogService,
    readonly teams: TeamsService,
    readonly calendars: CalendarsService,
    readonly services: ServicesService,
    readonly probes: ProbesService,
    readonly maintenance: MaintenanceService,
  ) {}

  async makeTeamsAndHours(time: DemoTime): Promise<void> {
    for (const [key, team] of Object.entries(demoTeams)) await this.teams.put(key, team, {});
    for (const [key, calendar] of Object.entries(demoCalendars(time))) await this.calendars.put(key, calendar, {});
  }

  /** Services, each with what stands for it where the location is one. */
  async makeServices(load: DemoLoad): Promise<void> {
    const { locations } = await this.catalog.state([]);
    const isThere = load.location != null && locations.has(load.location);
    for (const service of demoServices) {
      await this.services.put(service.key, serviceInput(service), {});
      const probe = isThere ? probeOf(service, load) : null;
      if (probe) await this.probes.put({ service: service.key, key: 'sample' }, probe, {});
    }
  }

  async makeMaintenance(time: DemoTime): Promise<void> {
    for (const [key, one] of Object.entries(demoMaintenance(time))) await this.maintenance.put(key, one, {});
  }

  /** @throws Problem in-use where something of somebody's own rests on it */
  async delete(
    names: Readonly<Record<'maintenance' | 'service' | 'calendar' | 'team', readonly string[]>>,
  ): Promise<void> {
    for (const key of names.maintenance) await this.maintenance.delete(key);
    for (const key of names.service) await this.services.delete(key);
    for (const key of names.calendar) await this.calendars.delete(key);
    for (const key of names.team) await this.teams.delete(key);
  }
}
