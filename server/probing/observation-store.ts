import { Injectable } from '@nestjs/common';
import { dayOf, ObservationsRepository } from './observations.repository.ts';
import type { OwedObservation } from './owed-slots.ts';
import { PackedHoursRepository } from './packed-hours.repository.ts';
import { PartitionsRepository } from './partitions.repository.ts';
import { RollupsRepository } from './rollups.repository.ts';

/** Puts observations where they belong: the table of their day, or the packed hours of a day that is sealed. */
@Injectable()
export class ObservationStore {
  constructor(
    readonly observations: ObservationsRepository,
    readonly packed: PackedHoursRepository,
    readonly partitions: PartitionsRepository,
    readonly rollups: RollupsRepository,
  ) {}

  /** Stores everything that is not there yet; answers whether any of the late ones was not. */
  async store(owed: readonly OwedObservation[], late: ReadonlySet<OwedObservation>): Promise<boolean> {
    const sealed = await this.observations.openDays(owed.map(({ slotMs }) => dayOf(slotMs)));
    const own = owed.filter(({ attempt }) => attempt === 0);
    const isSealed = ({ slotMs }: OwedObservation) => sealed.has(dayOf(slotMs));
    await this.observations.insert(own.filter((each) => !late.has(each) && !isSealed(each)));
    let added = await this.observations.insert(own.filter((each) => late.has(each) && !isSealed(each)));
    added += await this.packed.merge(own.filter(isSealed));
    const told = owed.filter(hasDetails);
    await this.partitions.ensure(
      'observation_details',
      told.map(({ slotMs }) => slotMs),
    );
    const isLateRecheck = (each: OwedObservation) => late.has(each) && each.attempt > 0;
    added += await this.observations.insertDetails(told.filter(isLateRecheck));
    await this.observations.insertDetails(told.filter((each) => !isLateRecheck(each)));
    await this.rollups.markDirty(own.map(({ slotMs }) => slotMs));
    return added > 0;
  }
}

/** A run that began later than this after its slot is told with its own instant. */
const punctualMs = 1_000;

const hasDetails = ({ attempt, detail, facts, verdict, slotMs, observedMs }: OwedObservation): boolean =>
  attempt > 0 || detail !== null || facts !== null || verdict !== 'up' || observedMs - slotMs >= punctualMs;
