import { Injectable } from '@nestjs/common';
import { servicesOfObjective } from '../agreements/agreements.service.ts';
import type { AgreementInput } from '../contract/agreements.ts';
import type { AgreementClocks, IncidentClockView, IncidentDetail } from '../contract/incidents.ts';
import {
  byPress,
  clockNames,
  incidentClock,
  nextUpdateMs,
  type ClockedCourse,
  type ClockName,
  type IncidentClock,
} from '../domain/incident-clocks.ts';
import { clockedFrom } from '../domain/incident-course.ts';
import { severityUnder } from '../domain/incident-severity.ts';
import { IncidentTermsService, type HeldText } from './incident-terms.service.ts';
import type { RecordedBreach, StoredIncident } from './stored-incident.ts';

/** Both clocks of an incident under one agreement. */
export interface ClocksUnder extends Record<ClockName, IncidentClock> {
  readonly text: HeldText;
  readonly severity: number;
}

/** The course that clocks are read from. */
export const clockedCourse = (incident: StoredIncident): ClockedCourse => ({
  clockedMs: clockedFrom(incident),
  respondedMs: incident.respondedMs ?? incident.resolvedMs,
  resolvedMs: incident.resolvedMs,
  pauses: incident.pauses,
});

/** Clocks of incidents, under each agreement that is about one of their services. */
@Injectable()
export class IncidentClocksService {
  constructor(readonly terms: IncidentTermsService) {}

  /** In order of the agreements' keys; none for what was learnt of after its end, or goes on elsewhere. */
  async of(incident: StoredIncident, nowMs: number): Promise<ClocksUnder[]> {
    if (incident.isLate || incident.mergedInto !== null) return [];
    const services = incident.services.map(({ key }) => key);
    const held = await this.terms.held(services, { fromMs: clockedFrom(incident), toMs: nowMs + 1 });
    const all: ClocksUnder[] = [];
    for (const texts of held) {
      const read: ClocksUnder[] = [];
      for (const text of texts) read.push(await this.#under(text, incident, services, nowMs));
      all.push(telling(read));
    }
    return all;
  }

  /** Breaches that there are now. */
  async breaches(incident: StoredIncident, nowMs: number): Promise<RecordedBreach[]> {
    return (await this.of(incident, nowMs)).flatMap((clocks) =>
      clockNames.flatMap((clock): RecordedBreach[] => {
        const { state, dueMs } = clocks[clock];
        if (state !== 'breached' || dueMs === null) return [];
        return [{ agreementId: clocks.text.agreementId, clock, severity: clocks.severity, dueMs }];
      }),
    );
  }

  async view(incident: StoredIncident, nowMs: number): Promise<Pick<IncidentDetail, 'clocks' | 'nextUpdateDueAt'>> {
    const all = await this.of(incident, nowMs);
    const promised = { limitMs: null, hours: null, pausedBy: [] };
    const pressing = (name: ClockName): IncidentClock =>
      all.map((clocks) => clocks[name]).toSorted(byPress)[0] ??
      incidentClock(name, clockedCourse(incident), promised, nowMs);
    const updateMs =
      incident.kind === 'drill' ? null : nextUpdateMs(clockedCourse(incident), incident.toldMs, incident.severity);
    return {
      clocks: {
        asOf: iso(nowMs),
        response: clockView(pressing('response')),
        resolution: clockView(pressing('resolution')),
        agreements: all.map((clocks) => underView(clocks, incident)),
      },
      nextUpdateDueAt: updateMs === null ? null : iso(updateMs),
    };
  }

  async #under(
    text: HeldText,
    incident: StoredIncident,
    services: readonly string[],
    nowMs: number,
  ): Promise<ClocksUnder> {
    const { terms } = text;
    const severity = severityUnder(terms.severities, incident);
    const hours = await this.terms.hours(text);
    const clock = (name: ClockName): IncidentClock => {
      const limitMs = strictest(terms, name, incident.kind, severity, services);
      return incidentClock(name, clockedCourse(incident), { limitMs, hours, pausedBy: terms.pausedBy }, nowMs);
    };
    return { text, severity, response: clock('response'), resolution: clock('resolution') };
  }
}

/** The text under which something was decided while it held, else the one that holds last. */
const telling = (read: readonly ClocksUnder[]): ClocksUnder =>
  read.find(({ text: { effective }, response, resolution }) =>
    [response, resolution].some(
      ({ decidedMs }) => decidedMs !== null && decidedMs >= effective.fromMs && decidedMs < effective.toMs,
    ),
  ) ?? read.at(-1)!;

/** Of several objectives about the same severity, the one with the shortest time. */
function strictest(
  terms: AgreementInput,
  name: ClockName,
  kind: StoredIncident['kind'],
  severity: number,
  services: readonly string[],
): number | null {
  const limits = Object.values(terms.objectives).flatMap((objective) => {
    if (objective.type !== name || objective.severity !== severity || objective.of !== kind) return [];
    const about = servicesOfObjective(terms, objective);
    return services.some((key) => about.includes(key)) ? [objective.within] : [];
  });
  return limits.length > 0 ? Math.min(...limits) : null;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const known = (ms: number | null): string | null => (ms === null ? null : iso(ms));

const clockView = (clock: IncidentClock): IncidentClockView => ({
  state: clock.state,
  targetSeconds: clock.limitMs === null ? null : clock.limitMs / 1_000,
  dueAt: known(clock.dueMs),
  elapsedSeconds: clock.elapsedMs / 1_000,
  leftSeconds: clock.leftMs === null ? null : clock.leftMs / 1_000,
  isTicking: clock.isTicking,
  turnsAt: known(clock.turnMs),
  decidedAt: known(clock.decidedMs),
  warnings: clock.warnings.map(({ percent, atMs }) => ({ percent, at: known(atMs) })),
});

const underView = (
  { text, severity, response, resolution }: ClocksUnder,
  { breaches }: StoredIncident,
): AgreementClocks => ({
  ...{ agreement: text.key, title: text.terms.title, basis: text.basis, severity },
  ...{ response: clockView(response), resolution: clockView(resolution) },
  breaches: breaches
    .filter(({ agreementId }) => agreementId === text.agreementId)
    .map(({ clock, severity: was, dueMs }) => ({ clock, severity: was, dueAt: iso(dueMs) })),
});
