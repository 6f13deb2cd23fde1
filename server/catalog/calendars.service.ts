import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { type Calendar, type CalendarImport, type CalendarInput, type CalendarYear } from '../contract/calendars.ts';
import type { ListQuery, Page, PutQuery } from '../contract/catalog.ts';
import type { ServiceHours } from '../domain/calendar.ts';
import { dayMs } from '../domain/durations.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { Problem } from '../platform/problem.ts';
import { readEvents, type EventReading } from './calendar-events.ts';
import { exceptionsAsEvents } from './calendar-export.ts';
import { CalendarsRepository } from './calendars.repository.ts';
import { CatalogEditor, type Edited } from './catalog-editor.service.ts';
import { CatalogRestorer } from './catalog-restorer.service.ts';
import { calendarView } from './catalog-views.service.ts';
import { calendarFields, type StoredCalendar } from './definitions.ts';
import { mapReading, readCalendar } from './draft-parser.ts';
import { found } from './not-found.ts';
import { toPage } from './paging.ts';
import { calendarYear, hoursOf, withExceptions, type CalendarDefinition } from './service-hours.ts';

export type { CalendarDefinition, StoredCalendar };

const edited = (key: string): Edited => ({ kind: 'calendar', key });
/** Recurring events of a file are read so far back and ahead. */
const readBackMs = 366 * dayMs;
const readAheadMs = 2 * 366 * dayMs;
const mostDefined = 300;

/** Service hours, and what follows from them. */
@Injectable()
export class CalendarsService {
  readonly #calendars: CalendarsRepository;
  readonly #editor: CatalogEditor;
  readonly #restorer: CatalogRestorer;
  readonly #clock: SteadyClock;
  /** By id: the hours of a calendar as it was at an instant. */
  readonly #hours = new Map<number, { updatedMs: number; hours: ServiceHours }>();
  /** By what defines them: hours of calendars as they were signed. */
  readonly #defined = new Map<string, ServiceHours>();

  constructor(calendars: CalendarsRepository, editor: CatalogEditor, restorer: CatalogRestorer, clock: SteadyClock) {
    this.#calendars = calendars;
    this.#editor = editor;
    this.#restorer = restorer;
    this.#clock = clock;
  }

  async page(query: ListQuery): Promise<Page<Calendar>> {
    return toPage(await this.#calendars.page(query), calendarView);
  }

  async get(key: string): Promise<Calendar> {
    return calendarView(await this.#found(key));
  }

  /** Answers whether the calendar is new. */
  put(key: string, input: unknown, { expect }: PutQuery): Promise<boolean> {
    return this.#editor.put({
      ...edited(key),
      expect,
      read: (_state, managedBy) =>
        mapReading(readCalendar(input, key, [], managedBy), (draft) => ({ calendars: [draft] })),
    });
  }

  delete(key: string): Promise<void> {
    return this.#editor.delete(edited(key));
  }

  /** Takes the last deletion back. */
  restore(key: string): Promise<void> {
    return this.#restorer.restore(edited(key));
  }

  /** Calendars by key, as they are stored; keys of none are left out. */
  async definitions(keys: readonly string[]): Promise<Map<string, StoredCalendar>> {
    if (keys.length === 0) return new Map();
    return new Map((await this.#calendars.all(keys)).map((calendar) => [calendar.key, calendar]));
  }

  /** The hours of a calendar, laid out once until it changes; null where there is none. */
  async hours(key: string): Promise<ServiceHours | null> {
    const calendar = await this.#calendars.findByKey(key);
    return calendar ? this.#hoursOfStored(calendar) : null;
  }

  /** The hours that a definition makes, such as that of a signed version; laid out once while it is asked for. */
  hoursOf(definition: CalendarDefinition): ServiceHours {
    const name = JSON.stringify(definition);
    const hours = this.#defined.get(name) ?? hoursOf(definition);
    // Last in the map is what was asked for last; the first goes.
    this.#defined.delete(name);
    this.#defined.set(name, hours);
    if (this.#defined.size > mostDefined) this.#defined.delete(this.#defined.keys().next().value!);
    return hours;
  }

  /** Working time in [fromMs, toMs), ms. */
  async workingMs(key: string, fromMs: number, toMs: number): Promise<number> {
    return this.#hoursOfStored(await this.#found(key)).workingMs(fromMs, toMs);
  }

  /** When so much working time will have passed; where negative, before which it had. @throws Problem conflict where it never has */
  async deadlineMs(key: string, startMs: number, workingMs: number): Promise<number> {
    const deadline = this.#hoursOfStored(await this.#found(key)).deadline(startMs, workingMs);
    if (deadline !== null) return deadline;
    const detail = `Calendar "${key}" does not open for so long within 50 years ${workingMs < 0 ? 'before' : 'after'} that`;
    throw new Problem('conflict', `${detail}: the deadline never comes`);
  }

  async year(key: string, year: number): Promise<CalendarYear> {
    return calendarYear(await this.#found(key), year);
  }

  /** The year of a calendar that is still being written. @throws Problem invalid-input */
  yearOf(input: unknown, year: number): CalendarYear {
    const { draft, issues } = readCalendar(input, 'preview', [], null);
    if (draft === undefined) throw invalidInput(issues);
    return calendarYear(draft, year);
  }

  /** The exceptions as an iCalendar file. */
  async exportEvents(key: string): Promise<string> {
    return exceptionsAsEvents(await this.#found(key));
  }

  /**
   * Puts the events of an iCalendar file over the exceptions; those on other dates stay. With `preview` it only tells what
   * would become of them.
   */
  async importEvents(key: string, text: string, preview: boolean): Promise<CalendarImport> {
    const calendar = await this.#found(key);
    const { exceptions, skipped } = this.#readEvents(text, calendar.timeZone);
    const known = new Map(calendar.exceptions.map((exception) => [exception.date, exception]));
    const isSame = (one: CalendarInput['exceptions'][number]) => {
      const other = known.get(one.date);
      return other?.name === one.name && other.hours.join() === one.hours.join();
    };
    const changed = exceptions.filter((one) => known.has(one.date) && !isSame(one));
    if (!preview) {
      const { name, timeZone, week, holidays } = calendarFields(calendar) as CalendarInput;
      const input = { name, timeZone, week, holidays, exceptions: withExceptions(calendar.exceptions, exceptions) };
      await this.put(key, input, { expect: calendar.updatedAt.toISOString() });
    }
    return {
      applied: !preview,
      added: exceptions.filter(({ date }) => !known.has(date)),
      changed: changed.map((after) => ({ before: known.get(after.date)!, after })),
      unchanged: exceptions.filter(isSame).length,
      skipped,
    };
  }

  #readEvents(text: string, zone: string): EventReading {
    const nowMs = Math.floor(this.#clock.now());
    try {
      return readEvents(text, zone, nowMs - readBackMs, nowMs + readAheadMs);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Problem('invalid-input', `This is no iCalendar file: ${reason}`, {
        issues: [{ path: '', message: `is no iCalendar file: ${reason}` }],
      });
    }
  }

  async #found(key: string): Promise<StoredCalendar> {
    return found('calendar', key, await this.#calendars.findByKey(key));
  }

  #hoursOfStored(calendar: StoredCalendar): ServiceHours {
    const updatedMs = calendar.updatedAt.getTime();
    const known = this.#hours.get(calendar.id);
    if (known?.updatedMs === updatedMs) return known.hours;
    const hours = hoursOf(calendar);
    this.#hours.set(calendar.id, { updatedMs, hours });
    return hours;
  }
}
