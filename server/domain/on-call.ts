/** Who is on call when: layers of rotations by the wall clock of a zone, and overrides above them. */
import { Temporal } from 'temporal-polyfill';
import type { ServiceHours } from './calendar.ts';
import { instantOf, instantsOf } from './local-time.ts';
import { type Weekday, weekdays } from './opening.ts';
import { intersect, type Span, subtract } from './spans.ts';

export interface OnCallLayer {
  /** In the order of their turns. */
  readonly members: readonly string[];
  readonly rotation: 'daily' | 'weekly' | 'custom';
  /** How long a turn of a custom rotation lasts by the wall clock, ms; of the others it says nothing. */
  readonly lengthMs: number | null;
  /** The local time at which turns change, `09:00`, and the day of the week of a weekly rotation. */
  readonly handOver: string;
  readonly handOverDay: Weekday;
  /** The local date, `2026-01-05`, from whose hand-over time on it holds. */
  readonly start: string;
  /** The hours in which it holds; null for all. */
  readonly hours: ServiceHours | null;
}

export interface OnCallOverride extends Span {
  readonly id: number;
  readonly member: string;
}

export interface OnCallDefinition {
  readonly timeZone: string;
  /** The topmost first: where it holds, those below it do not. */
  readonly layers: readonly OnCallLayer[];
  /** The newest last: it stands above the others. */
  readonly overrides: readonly OnCallOverride[];
}

/** Who is on call, and by what: a layer by its place, an override by its id; nobody, where both are null. */
export interface OnCall {
  readonly member: string | null;
  readonly layer: number | null;
  readonly override: number | null;
}
/** A maximal span with one and the same on call; of a gap nobody is. */
export interface Shift extends Span, OnCall {}

const dayMs = 86_400_000;
const nobody: OnCall = { member: null, layer: null, override: null };
/** The wall clock as if it were one of UTC. */
const localMs = (local: Temporal.PlainDateTime): number => local.toZonedDateTime('UTC').epochMilliseconds;

/** A layer ready for questions. */
class Rotation {
  readonly #members: readonly string[];
  readonly #zone: string;
  readonly #turnMs: number;
  /** Where the turns are counted from, by the wall clock; at `start` or up to one turn before it. */
  readonly #anchorMs: number;
  readonly #startMs: number;
  readonly #hours: ServiceHours | null;

  constructor(layer: OnCallLayer, zone: string) {
    const start = Temporal.PlainDate.from(layer.start).toPlainDateTime(Temporal.PlainTime.from(layer.handOver));
    const back = layer.rotation === 'weekly' ? (start.dayOfWeek - 1 - weekdays.indexOf(layer.handOverDay) + 7) % 7 : 0;
    this.#members = layer.members;
    this.#zone = zone;
    this.#turnMs = turnMs(layer);
    this.#anchorMs = localMs(start.subtract({ days: back }));
    this.#startMs = instantOf(start, zone);
    this.#hours = layer.hours;
  }

  /** Who has the turn at an instant; null before the first, and outside of its hours. */
  memberAt(atMs: number): string | null {
    if (atMs < this.#startMs || (this.#hours && this.#hours.spans(atMs, atMs + 1).length === 0)) return null;
    const local = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(this.#zone).toPlainDateTime();
    let turn = Math.floor((localMs(local) - this.#anchorMs) / this.#turnMs);
    // Where the clock was put back it shows a time again that was handed over already.
    while (this.#beginOf(turn + 1) <= atMs) turn += 1;
    while (this.#beginOf(turn) > atMs) turn -= 1;
    return this.#memberOf(turn);
  }

  /** Its turns in [fromMs, toMs), in order; those without length are left out. */
  turns(fromMs: number, toMs: number): (Span & { member: string })[] {
    const beginMs = Math.max(fromMs, this.#startMs);
    if (beginMs >= toMs) return [];
    // No wall clock is further than a day from UTC.
    const first = Math.floor((beginMs - dayMs - this.#anchorMs) / this.#turnMs);
    const last = Math.ceil((toMs + dayMs - this.#anchorMs) / this.#turnMs);
    const locals = Array.from({ length: last - first + 1 }, (_, at) => this.#anchorMs + (first + at) * this.#turnMs);
    const begins = instantsOf(locals, this.#zone);
    const open = this.#hours?.spans(beginMs, toMs) ?? [{ fromMs: beginMs, toMs }];
    return begins.slice(0, -1).flatMap((fromTurn, at) => {
      const turn = [{ fromMs: fromTurn, toMs: begins[at + 1]! }];
      if (turn[0]!.toMs <= beginMs || fromTurn >= toMs) return [];
      return intersect(open, turn).map((span) => ({ ...span, member: this.#memberOf(first + at) }));
    });
  }

  #memberOf(turn: number): string {
    const count = this.#members.length;
    return this.#members[((turn % count) + count) % count]!;
  }

  #beginOf(turn: number): number {
    const at = Temporal.Instant.fromEpochMilliseconds(this.#anchorMs + turn * this.#turnMs);
    return instantOf(at.toZonedDateTimeISO('UTC').toPlainDateTime(), this.#zone);
  }
}

function turnMs({ rotation, lengthMs }: OnCallLayer): number {
  if (rotation === 'custom') return lengthMs!;
  return rotation === 'weekly' ? 7 * dayMs : dayMs;
}

/** A schedule ready for questions. Hand-overs are by the wall clock: a skipped one is where the clock goes on, of an ambiguous one the first counts. */
export class OnCallSchedule {
  readonly #rotations: readonly Rotation[];
  /** The one that counts first. */
  readonly #overrides: readonly OnCallOverride[];

  constructor({ timeZone, layers, overrides }: OnCallDefinition) {
    this.#rotations = layers.map((layer) => new Rotation(layer, timeZone));
    this.#overrides = overrides.toReversed();
  }

  /** Who is on call at an instant. */
  at(atMs: number): OnCall {
    const override = this.#overrides.find(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
    if (override) return { member: override.member, layer: null, override: override.id };
    for (const [layer, rotation] of this.#rotations.entries()) {
      const member = rotation.memberAt(atMs);
      if (member !== null) return { member, layer, override: null };
    }
    return nobody;
  }

  /** What [fromMs, toMs) is made of, cut at both ends: shifts and gaps that meet, in order. */
  shifts(fromMs: number, toMs: number): Shift[] {
    const found: Shift[] = [];
    let left: Span[] = fromMs < toMs ? [{ fromMs, toMs }] : [];
    const take = (pieces: readonly Shift[]): void => {
      for (const piece of pieces) found.push(...intersect(left, [piece]).map((span): Shift => ({ ...piece, ...span })));
      left = subtract(left, pieces);
    };
    for (const { id, member, ...span } of this.#overrides) take([{ ...span, member, layer: null, override: id }]);
    for (const layer of this.#rotations.keys()) take(this.#turnsOf(layer, fromMs, toMs));
    take(left.map((span) => ({ ...span, ...nobody })));
    return joined(found.sort((a, b) => a.fromMs - b.fromMs));
  }

  /** Shifts of one layer by itself, as if there were nothing above it; gaps are left out. */
  shiftsOfLayer(layer: number, fromMs: number, toMs: number): Shift[] {
    return joined(this.#turnsOf(layer, fromMs, toMs));
  }

  #turnsOf(layer: number, fromMs: number, toMs: number): Shift[] {
    return this.#rotations[layer]!.turns(fromMs, toMs).map((turn) => ({ ...turn, layer, override: null }));
  }
}

/** Shifts in order, those that meet and say the same as one: nothing is handed over between them. */
export function joined(shifts: readonly Shift[]): Shift[] {
  return joinedWhere(shifts, isSameOnCall);
}

/** Shifts in order, those of one person that meet as one, whatever put them there: told by what the first was. */
export const byPerson = (shifts: readonly Shift[]): Shift[] => joinedWhere(shifts, (a, b) => a.member === b.member);

function joinedWhere(shifts: readonly Shift[], isSame: (a: OnCall, b: OnCall) => boolean): Shift[] {
  const result: Shift[] = [];
  for (const shift of shifts) {
    const last = result.at(-1);
    if (last?.toMs === shift.fromMs && isSame(last, shift)) result[result.length - 1] = { ...last, toMs: shift.toMs };
    else result.push(shift);
  }
  return result;
}

const isSameOnCall = (a: OnCall, b: OnCall): boolean =>
  a.member === b.member && a.layer === b.layer && a.override === b.override;
