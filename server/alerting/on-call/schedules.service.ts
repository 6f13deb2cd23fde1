import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { PeopleService } from '../../access/people.service.ts';
import { SearchService } from '../../catalog/search.service.ts';
import type { ListQuery, Page, PutQuery } from '../../contract/catalog.ts';
import { parseInput } from '../../contract/input-issues.ts';
import {
  onCallScheduleInputSchema,
  type OnCallNow,
  type OnCallPerson,
  type OnCallSchedule,
  type OnCallScheduleInput,
  type OnCallShifts,
  type OwnShifts,
  type PeopleQuery,
  type ShiftsQuery,
} from '../../contract/on-call.ts';
import { invalidInput } from '../../platform/input.pipe.ts';
import { currentActor } from '../../platform/request-context.ts';
import { scheduleFields } from './defined-things.ts';
import { searchableOnCall } from './definitions.repository.ts';
import { type Defined, DefinitionsService, schedulesOf } from './definitions.service.ts';
import { ownAheadMs, type Roster, standingMs } from './roster.ts';
import { type LoadedRoster, RostersService } from './rosters.service.ts';

const kind = 'on-call-schedule';

/** On-call schedules, and who is on call by them. */
@Injectable()
export class SchedulesService {
  constructor(
    readonly definitions: DefinitionsService,
    readonly rosters: RostersService,
    readonly people: PeopleService,
    readonly clock: SteadyClock,
    search: SearchService,
  ) {
    search.include(searchableOnCall);
  }

  async page(query: ListQuery): Promise<Page<OnCallSchedule>> {
    const { items, next } = await this.definitions.page(kind, query);
    return { items: await this.#views(items), next };
  }

  /** @throws Problem not-found */
  async get(key: string): Promise<OnCallSchedule> {
    const [view] = await this.#views([await this.definitions.get(kind, key)]);
    return view!;
  }

  /** Answers whether the schedule is new. */
  put(key: string, input: unknown, query: PutQuery): Promise<boolean> {
    return this.definitions.put(kind, key, readInput(input), query);
  }

  delete(key: string): Promise<void> {
    return this.definitions.delete(kind, key);
  }

  restore(key: string): Promise<void> {
    return this.definitions.restore(kind, key);
  }

  /** @throws Problem not-found */
  async shifts(key: string, { from, to }: ShiftsQuery): Promise<OnCallShifts> {
    const defined = await this.definitions.get(kind, key);
    const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
    const [loaded] = await this.rosters.load([defined], fromMs, toMs);
    return shiftsIn(loaded!.roster, defined.input, fromMs, toMs);
  }

  /** The shifts of a schedule that is still being written. @throws Problem invalid-input */
  async preview(input: unknown, { from, to }: ShiftsQuery): Promise<OnCallShifts> {
    const schedule = readInput(input);
    return shiftsIn(await this.rosters.draft(schedule), schedule, Date.parse(from), Date.parse(to));
  }

  /** @throws Problem not-found */
  async now(key: string): Promise<OnCallNow> {
    const nowMs = Math.floor(this.clock.now());
    const loaded = await this.#standing([await this.definitions.get(kind, key)], nowMs);
    return { at: new Date(nowMs).toISOString(), ...loaded[0]!.roster.now(nowMs) };
  }

  /** The turns of whoever asks, those of now first. */
  async mine(): Promise<OwnShifts> {
    const { kind: actorKind, name } = currentActor();
    if (actorKind !== 'user') return [];
    const nowMs = Math.floor(this.clock.now());
    const all = await this.definitions.find(kind);
    const loaded = await this.rosters.load(all, nowMs - standingMs, nowMs + ownAheadMs);
    const own = loaded
      .filter(({ roster, overrides }) => roster.names(name, overrides))
      .map(({ defined: { key, input }, roster }) => ({
        schedule: { key, name: input.name, timeZone: input.timeZone },
        ...roster.turnsOf(name, nowMs),
      }))
      .filter(({ current, next }) => current !== null || next !== null);
    return own.sort((a, b) => Number(b.current !== null) - Number(a.current !== null));
  }

  /** Policies that tell a schedule in which whoever asks is on call now, by key. */
  async policiesNow(): Promise<string[]> {
    const own = new Set((await this.mine()).flatMap(({ current, schedule }) => (current ? [schedule.key] : [])));
    if (own.size === 0) return [];
    const policies = await this.definitions.find('escalation-policy');
    return policies.filter(({ input }) => schedulesOf(input).some((key) => own.has(key))).map(({ key }) => key);
  }

  /** Those who may be named: everybody who can sign in. */
  async pageOfPeople({ text = '', limit, cursor }: PeopleQuery): Promise<Page<OnCallPerson>> {
    const words = text.toLowerCase();
    const found = [...(await this.people.named())].filter(
      ([name, { displayName, disabled }]) =>
        !disabled &&
        (name.includes(words) || displayName.toLowerCase().includes(words)) &&
        (cursor === undefined || name > cursor.toLowerCase()),
    );
    const items = found.slice(0, limit).map(([, { name, displayName }]) => ({ key: name, name: displayName }));
    return { items, next: found.length > limit ? items.at(-1)!.key : null };
  }

  /** Whether the caller may put others in the place of those on call: who may change it, and the members of its team. */
  mayOverride(schedule: Defined<'on-call-schedule'>): boolean {
    const { permissions, memberOf = [] } = currentActor();
    const isOfTeam = schedule.input.team != null && memberOf.includes(schedule.input.team);
    const mayChange = this.definitions.mayChange({ ...schedule, managedBy: null });
    return mayChange || (permissions.has('incidents:write') && isOfTeam);
  }

  #standing(schedules: readonly Defined<'on-call-schedule'>[], nowMs: number): Promise<LoadedRoster[]> {
    return this.rosters.load(schedules, nowMs - standingMs, nowMs + standingMs);
  }

  async #views(schedules: readonly Defined<'on-call-schedule'>[]): Promise<OnCallSchedule[]> {
    const nowMs = Math.floor(this.clock.now());
    const policies = await this.definitions.find('escalation-policy');
    return (await this.#standing(schedules, nowMs)).map(({ defined, roster }) => ({
      ...scheduleFields(defined.input),
      ...{ key: defined.key, managedBy: defined.managedBy, updatedAt: defined.updatedAt.toISOString() },
      mayChange: this.definitions.mayChange(defined),
      mayOverride: this.mayOverride(defined),
      now: roster.now(nowMs),
      gaps: roster.gaps(nowMs),
      usedBy: policies
        .filter(({ input }) => schedulesOf(input).includes(defined.key))
        .map(({ key, input }) => ({ key, name: input.name })),
    }));
  }
}

function readInput(input: unknown): OnCallScheduleInput {
  const { value, issues } = parseInput(onCallScheduleInputSchema, input);
  if (value === undefined) throw invalidInput(issues);
  return value;
}

const shiftsIn = (roster: Roster, { timeZone }: OnCallScheduleInput, fromMs: number, toMs: number): OnCallShifts => ({
  timeZone,
  shifts: roster.shifts(fromMs, toMs),
  layers: roster.layers(fromMs, toMs),
});
