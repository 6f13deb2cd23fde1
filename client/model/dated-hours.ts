/** Exceptions of a calendar as a form lists them. */
export interface DatedHours {
  readonly date: string;
  readonly hours: readonly string[];
  readonly name?: string | undefined;
}

/** With another one, by their dates; one of the same date gives way. */
export const withDate = (list: readonly DatedHours[], added: DatedHours): DatedHours[] =>
  [...list.filter(({ date }) => date !== added.date), added].toSorted((a, b) => (a.date < b.date ? -1 : 1));

/** The places of those to list: from a day on, and any that something is wrong with. */
export const listedPlaces = (list: readonly DatedHours[], from: string, isFaulty: (at: number) => boolean): number[] =>
  list.flatMap(({ date }, at) => (date >= from || isFaulty(at) ? [at] : []));
