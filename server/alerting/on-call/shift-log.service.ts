import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { AccessService } from '../../access/access.service.ts';
import { AuditService } from '../../access/audit.service.ts';
import type { Page } from '../../contract/catalog.ts';
import type { Incident } from '../../contract/incidents.ts';
import type { OnCallShift } from '../../contract/on-call.ts';
import type { LoggedShift, ShiftIncident, ShiftLogQuery, ShiftNote, ShiftNoteInput } from '../../contract/shift-log.ts';
import { IncidentsService } from '../../incidents/incidents.service.ts';
import { Database } from '../../platform/database.ts';
import { tellNews } from '../../platform/news.ts';
import { invalidField } from '../../platform/problem.ts';
import { DefinitionsService } from './definitions.service.ts';
import { standingMs } from './roster.ts';
import { RostersService } from './rosters.service.ts';
import { ShiftNotesRepository, type StoredShiftNote } from './shift-notes.repository.ts';

const mostIncidents = 50;
/** What is read for a page of shifts: the rest of a storm is counted where it is older. */
const mostRead = 2_000;

/** What one shift hands over to the next: what was open, and what was noted. */
@Injectable()
export class ShiftLogService {
  constructor(
    readonly notes: ShiftNotesRepository,
    readonly definitions: DefinitionsService,
    readonly rosters: RostersService,
    readonly incidents: IncidentsService,
    readonly access: AccessService,
    readonly audit: AuditService,
    readonly database: Database,
    readonly clock: SteadyClock,
  ) {}

  /** Shifts back to when the schedule was made, the present one first. @throws Problem not-found, invalid-input */
  async page(key: string, { limit, cursor }: ShiftLogQuery): Promise<Page<LoggedShift>> {
    if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) throw invalidField('cursor', 'is not a cursor of this log');
    const schedule = await this.definitions.get('on-call-schedule', key);
    const nowMs = Math.floor(this.clock.now());
    const madeMs = await this.notes.madeMs(schedule.id);
    const untilMs = cursor === undefined ? nowMs + standingMs : Number(cursor);
    const sinceMs = Math.max(madeMs, Math.min(untilMs, nowMs) - standingMs);
    if (sinceMs >= untilMs) return { items: [], next: null };
    const [loaded] = await this.rosters.load([schedule], sinceMs, untilMs);
    const turns = loaded!.roster
      .turns(sinceMs, untilMs)
      .filter(({ from }) => Date.parse(from) <= nowMs)
      .toReversed();
    // The oldest is cut where looking ends: the next page begins with all of it, unless it is all there is.
    const whole = sinceMs > madeMs && turns.length > 1 ? turns.slice(0, -1) : turns;
    const shown = whole.slice(0, limit);
    const firstMs = Date.parse(shown.at(-1)!.from);
    const [notes, incidents] = await Promise.all([
      this.notes.within(schedule.id, new Date(firstMs), new Date(untilMs)),
      this.incidents.openIn(schedule.input.team ?? null, firstMs, Math.min(untilMs, nowMs + 1), mostRead),
    ]);
    return {
      items: shown.map((shift) => logged(shift, { notes, incidents, nowMs, untilMs })),
      next: firstMs > madeMs ? String(firstMs) : null,
    };
  }

  /** @throws Problem not-found */
  note(key: string, { text }: ShiftNoteInput): Promise<ShiftNote> {
    return this.database.transaction(async () => {
      const { id } = await this.definitions.get('on-call-schedule', key);
      const made = await this.notes.insert(id, text, this.access.actingPerson().name);
      await this.audit.record({
        ...{ action: 'on-call-schedule.noted', subjectKind: 'on-call-schedule', subject: key, detail: { text } },
      });
      await tellNews(this.database, { of: 'on-call', key });
      return noteView(made);
    });
  }
}

interface Known {
  readonly notes: readonly StoredShiftNote[];
  readonly incidents: readonly Incident[];
  readonly nowMs: number;
  /** So far it was looked. */
  readonly untilMs: number;
}

function logged(shift: OnCallShift, { notes, incidents, nowMs, untilMs }: Known): LoggedShift {
  const [fromMs, toMs] = [Date.parse(shift.from), Date.parse(shift.to)];
  const isPresent = toMs > nowMs;
  const endMs = Math.min(toMs, nowMs);
  const touching = incidents.filter(
    ({ startedAt, resolvedAt }) =>
      Date.parse(startedAt) < endMs && (resolvedAt === null || Date.parse(resolvedAt) > fromMs),
  );
  const { from, member, name, gap } = shift;
  return {
    ...{ from, member, name, gap, isPresent },
    to: isPresent && toMs === untilMs ? null : shift.to,
    notes: notes.filter(({ at }) => at.getTime() >= fromMs && at.getTime() < toMs).map(noteView),
    incidents: touching.slice(0, mostIncidents).map((incident) => inShift(incident, fromMs, endMs)),
    moreIncidents: Math.max(0, touching.length - mostIncidents),
  };
}

function inShift(incident: Incident, fromMs: number, endMs: number): ShiftIncident {
  const { id, kind, title, severity, services, startedAt, detectedAt, reportedAt, resolvedAt } = incident;
  const known = [detectedAt, reportedAt].flatMap((at) => (at === null ? [] : Date.parse(at)));
  return {
    ...{ id, kind, title, severity, startedAt, resolvedAt, services: services.map(({ name }) => name) },
    isTakenOver: Math.min(...(known.length > 0 ? known : [Date.parse(startedAt)])) < fromMs,
    isHandedOver: resolvedAt === null || Date.parse(resolvedAt) > endMs,
  };
}

const noteView = ({ at, ...note }: StoredShiftNote): ShiftNote => ({ ...note, at: at.toISOString() });
