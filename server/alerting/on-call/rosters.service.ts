import { Injectable } from '@nestjs/common';
import { PeopleService, type Person } from '../../access/people.service.ts';
import { CalendarsService } from '../../catalog/calendars.service.ts';
import type { OnCallScheduleInput } from '../../contract/on-call.ts';
import { groupBy } from '../../domain/grouping.ts';
import type { OnCallOverride } from '../../domain/on-call.ts';
import type { Defined } from './definitions.service.ts';
import { OverridesRepository } from './overrides.repository.ts';
import { Roster } from './roster.ts';

/** A schedule with all that tells who is on call by it in a span. */
export interface LoadedRoster {
  defined: Defined<'on-call-schedule'>;
  overrides: readonly OnCallOverride[];
  roster: Roster;
}

/** Puts schedules, their overrides and the people together. */
@Injectable()
export class RostersService {
  constructor(
    readonly overrides: OverridesRepository,
    readonly people: PeopleService,
    readonly calendars: CalendarsService,
  ) {}

  /** For questions about [fromMs, toMs), all schedules in two queries. */
  async load(schedules: readonly Defined<'on-call-schedule'>[], fromMs: number, toMs: number): Promise<LoadedRoster[]> {
    const ids = schedules.map(({ id }) => id);
    const found = await this.overrides.touching(ids, new Date(fromMs), new Date(toMs));
    const bySchedule = groupBy(found, ({ scheduleId }) => scheduleId);
    const people = await this.people.named();
    return schedules.map((defined) => {
      const overrides = (bySchedule.get(defined.id) ?? []).map(({ id, member, from, to }): OnCallOverride => ({
        id,
        member,
        fromMs: from.getTime(),
        toMs: to.getTime(),
      }));
      return { defined, overrides, roster: this.#roster(defined.input, overrides, people) };
    });
  }

  /** A schedule that is still being written, without overrides. */
  async draft(schedule: OnCallScheduleInput): Promise<Roster> {
    return this.#roster(schedule, [], await this.people.named());
  }

  #roster(schedule: OnCallScheduleInput, overrides: readonly OnCallOverride[], people: Map<string, Person>): Roster {
    return new Roster({
      ...{ schedule, overrides, people },
      hoursOf: (week, timeZone) => this.calendars.hoursOf({ timeZone, week, holidays: null, exceptions: [] }),
    });
  }
}
