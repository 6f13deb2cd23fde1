/** A schedule with the people behind its names: who is reached, and where nobody is. Pure. */
import type { Person } from '../../access/people.service.ts';
import type {
  GapReason,
  OnCallNow,
  OnCallScheduleInput,
  OnCallShift,
  OwnShifts,
  StandingShift,
} from '../../contract/on-call.ts';
import type { ServiceHours } from '../../domain/calendar.ts';
import { dayMs } from '../../domain/durations.ts';
import { byPerson, type OnCall, type OnCallOverride, OnCallSchedule, type Shift } from '../../domain/on-call.ts';

/** So far it is looked back and ahead for the ends of what holds now. */
export const standingMs = 62 * dayMs;
/** So far ahead somebody's next turn is looked for. */
export const ownAheadMs = 183 * dayMs;
export const gapsAheadMs = 28 * dayMs;
const firstGaps = 3;

export interface RosterParts {
  schedule: OnCallScheduleInput;
  overrides: readonly OnCallOverride[];
  /** By their names in lower case. */
  people: ReadonlyMap<string, Person>;
  hoursOf: (week: OnCallScheduleInput['layers'][number]['hours'], timeZone: string) => ServiceHours;
}

export class Roster {
  readonly #schedule: OnCallScheduleInput;
  readonly #people: ReadonlyMap<string, Person>;
  readonly #onCall: OnCallSchedule;

  constructor({ schedule, overrides, people, hoursOf }: RosterParts) {
    const { timeZone } = schedule;
    this.#schedule = schedule;
    this.#people = people;
    this.#onCall = new OnCallSchedule({
      ...{ timeZone, overrides },
      layers: schedule.layers.map(({ length, hours, ...layer }) => ({
        ...layer,
        lengthMs: length ?? null,
        hours: Object.values(hours).some((openings) => openings.length > 0) ? hoursOf(hours, timeZone) : null,
      })),
    });
  }

  /** Who has the turn at an instant. */
  at(atMs: number): OnCall {
    return this.#onCall.at(atMs);
  }

  /** The person behind it; undefined where there is none or no longer. */
  personOf(onCall: OnCall): Person | undefined {
    return onCall.member === null ? undefined : this.#people.get(onCall.member.toLowerCase());
  }

  /** Why nobody is reached; null where somebody is. Who stands in may be of any team. */
  gapOf(onCall: OnCall): GapReason | null {
    if (onCall.member === null) return 'nobody';
    const person = this.personOf(onCall);
    if (!person) return 'gone';
    if (person.disabled) return 'disabled';
    const { team } = this.#schedule;
    return team != null && onCall.override === null && !person.teams.includes(team) ? 'not-in-team' : null;
  }

  /** All of [fromMs, toMs), cut at both ends. */
  shifts(fromMs: number, toMs: number): OnCallShift[] {
    return this.#onCall.shifts(fromMs, toMs).map((shift) => this.#view(shift));
  }

  /** Each layer by itself. */
  layers(fromMs: number, toMs: number): { name: string; shifts: OnCallShift[] }[] {
    return this.#schedule.layers.map((_, layer) => ({
      name: this.#layerName(layer),
      shifts: this.#onCall.shiftsOfLayer(layer, fromMs, toMs).map((shift) => this.#view(shift)),
    }));
  }

  /** As `shifts`, what one person has in a row as one. */
  turns(fromMs: number, toMs: number): OnCallShift[] {
    return this.#turns(fromMs, toMs).map((shift) => this.#view(shift));
  }

  /** Who has it now, and who follows. */
  now(nowMs: number): Omit<OnCallNow, 'at'> {
    const [fromMs, toMs] = [nowMs - standingMs, nowMs + standingMs];
    const shifts = this.#turns(fromMs, toMs);
    const index = shifts.findIndex((shift) => shift.toMs > nowMs);
    const standing = (shift: Shift): StandingShift => ({
      ...this.#view(shift),
      from: shift.fromMs === fromMs ? null : told(shift.fromMs),
      to: shift.toMs === toMs ? null : told(shift.toMs),
    });
    const next = shifts[index + 1];
    return { current: standing(shifts[index]!), next: next ? standing(next) : null };
  }

  /** Where nobody is reached in the coming four weeks. */
  gaps(nowMs: number) {
    const gaps = this.#turns(nowMs, nowMs + gapsAheadMs).filter((shift) => this.gapOf(shift) !== null);
    return {
      seconds: Math.round(gaps.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0) / 1_000),
      count: gaps.length,
      first: gaps.slice(0, firstGaps).map((shift) => {
        const { from, to, name, gap } = this.#view(shift);
        return { from, to, name, gap };
      }),
    };
  }

  /** Whether somebody is named by it at all. */
  names(name: string, overrides: readonly OnCallOverride[]): boolean {
    const isMeant = (member: string): boolean => member.toLowerCase() === name.toLowerCase();
    return (
      overrides.some(({ member }) => isMeant(member)) ||
      this.#schedule.layers.some(({ members }) => members.some((member) => isMeant(member)))
    );
  }

  /** The turn that somebody has now and the next one; what meets is one. */
  turnsOf(name: string, nowMs: number): Pick<OwnShifts[number], 'current' | 'next'> {
    const [fromMs, toMs] = [nowMs - standingMs, nowMs + ownAheadMs];
    const turns = this.#turns(fromMs, toMs).filter(
      (shift) => shift.member?.toLowerCase() === name.toLowerCase() && this.gapOf(shift) === null,
    );
    const view = (turn: { fromMs: number; toMs: number } | undefined) =>
      turn === undefined
        ? null
        : {
            from: turn.fromMs === fromMs ? null : told(turn.fromMs),
            to: turn.toMs === toMs ? null : told(turn.toMs),
          };
    return {
      current: view(turns.find((turn) => turn.fromMs <= nowMs && nowMs < turn.toMs)),
      next: view(turns.find((turn) => turn.fromMs > nowMs)),
    };
  }

  /** When who is on call becomes another in (fromMs, toMs]. */
  handOvers(fromMs: number, toMs: number): number[] {
    return this.#turns(fromMs, toMs + 1)
      .slice(1)
      .map((shift) => shift.fromMs);
  }

  /** What one person has in a row is one, as long as it reaches that person as before. */
  #turns(fromMs: number, toMs: number): Shift[] {
    const parts: Shift[][] = [];
    for (const shift of this.#onCall.shifts(fromMs, toMs)) {
      const last = parts.at(-1);
      if (last && this.gapOf(last[0]!) === this.gapOf(shift)) last.push(shift);
      else parts.push([shift]);
    }
    return parts.flatMap(byPerson);
  }

  #view(shift: Shift): OnCallShift {
    return {
      ...{ from: told(shift.fromMs), to: told(shift.toMs), member: shift.member },
      name: this.personOf(shift)?.displayName ?? shift.member ?? '',
      layer: shift.layer === null ? null : this.#layerName(shift.layer),
      override: shift.override,
      gap: this.gapOf(shift),
    };
  }

  #layerName(layer: number): string {
    return this.#schedule.layers[layer]!.name || `Layer ${layer + 1}`;
  }
}

const told = (atMs: number): string => new Date(atMs).toISOString();
