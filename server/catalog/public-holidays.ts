import { createRequire } from 'node:module';
import type Holidays from 'date-holidays';
import { Temporal } from 'temporal-polyfill';
import type { HolidayCountries } from '../contract/calendars.ts';
import { listed, suggestion } from '../contract/suggestion.ts';

/** Whose public holidays; a region is `BE`, or `BY-A` for a part of one. */
export interface HolidayPlace {
  country: string;
  region: string | null;
}

const languages = ['en'];
const dayHours = 24;
let library: typeof Holidays | undefined;
let directory: Holidays | undefined;
const places = new Map<string, Holidays>();
const years = new Map<string, ReadonlyMap<string, string>>();

/** The rules of the whole world are a megabyte: they are read when the first calendar asks for them. */
function holidaysOf(...place: string[]): Holidays {
  library ??= createRequire(import.meta.url)('date-holidays') as typeof Holidays;
  const [country = '', state = '', region = ''] = place;
  return new library(country, state, region, { types: ['public'], languages });
}

const known = (): Holidays => (directory ??= holidaysOf());

/** Why there are no such holidays, naming what there is; null where there are. */
export function holidayFault({ country, region }: HolidayPlace): { field: string; message: string } | null {
  const countries = known().getCountries('en');
  if (!(country in countries)) {
    const message = `holidays of "${country}" are not known; known are those of ${Object.keys(countries).join(', ')}`;
    return { field: 'country', message };
  }
  if (region === null) return null;
  const regions = regionsOf(country).map(({ code }) => code);
  if (regions.includes(region)) return null;
  const allowed =
    regions.length > 0 ? `allowed are ${listed(regions)}${suggestion(region, regions)}` : 'it has none here';
  return { field: 'region', message: `${countries[country]} has no region "${region}"; ${allowed}` };
}

function regionsOf(country: string): HolidayCountries['countries'][number]['regions'] {
  return Object.entries(known().getStates(country, 'en') ?? {}).flatMap(([state, name]) => [
    { code: state, name },
    ...Object.entries(known().getRegions(country, state, 'en') ?? {}).map(([region, part]) => ({
      code: `${state}-${region}`,
      name: `${name}, ${part}`,
    })),
  ]);
}

/** Everything that can be asked for. */
export function holidayCountries(): HolidayCountries {
  const countries = Object.entries(known().getCountries('en'));
  return { countries: countries.map(([code, name]) => ({ code, name, regions: regionsOf(code) })) };
}

/**
 * Names of the public holidays of a year by date. Holidays that begin in the course of a day close no day: half days are
 * for exceptions, since it differs between employers who works on them.
 */
export function publicHolidays(place: HolidayPlace, year: number): ReadonlyMap<string, string> {
  const id = `${place.country} ${place.region ?? ''} ${year}`;
  let found = years.get(id);
  if (!found) years.set(id, (found = readYear(place, year)));
  return found;
}

function readYear({ country, region }: HolidayPlace, year: number): Map<string, string> {
  const id = `${country} ${region ?? ''}`;
  let holidays = places.get(id);
  if (!holidays) {
    const [state = '', ...part] = region?.split('-') ?? [];
    places.set(id, (holidays = holidaysOf(country, state, part.join('-'))));
  }
  const names = new Map<string, string>();
  // One that lasts over New Year is told with the year in which it begins.
  for (const { date, start, end, name } of [year - 1, year].flatMap((one) => holidays.getHolidays(one))) {
    const first = Temporal.PlainDate.from(date.slice(0, 10));
    // A day may have an hour less or more.
    const days = Math.floor(((end.getTime() - start.getTime()) / 3_600_000 + 1.5) / dayHours);
    for (let day = 0; day < days; day += 1) {
      const at = first.add({ days: day });
      if (at.year === year && !names.has(at.toString())) names.set(at.toString(), name);
    }
  }
  return names;
}
