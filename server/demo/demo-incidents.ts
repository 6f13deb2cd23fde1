/** What was reported in the demo: outages that hurt, what people ask the help desk, attacks and drills. */
import type { z } from 'zod';
import type { incidentInputSchema } from '../contract/incidents.ts';
import { hourMs, minuteMs } from '../domain/durations.ts';
import type { DemoTrouble } from './demo-outages.ts';
import { DemoRandom } from './demo-random.ts';
import { demoServices } from './demo-services.ts';
import type { DemoTime } from './demo-time.ts';

export type DemoIncident = z.input<typeof incidentInputSchema>;

const iso = (atMs: number): string => new Date(atMs).toISOString();
/** Each has a number of its own, by which it is known as one of the demo too. */
const referenceOf = (place: number): string => `DEMO-${String(place).padStart(4, '0')}`;
const source = 'Demo';
const serviceNames = new Map(demoServices.map(({ key, name }) => [key, name]));

/** In order of their beginning, each with a reference. */
export function demoIncidents(trouble: ReadonlyMap<string, readonly DemoTrouble[]>, time: DemoTime): DemoIncident[] {
  const all = [...ofOutages(trouble), ...ofHelpDesk(time), ...ofPayroll(time), ...ofSecurity(time)];
  return all
    .sort((a, b) => (a.startedAt! < b.startedAt! ? -1 : 1))
    .map((incident, place) => ({ ...incident, source, reference: referenceOf(place + 1) }));
}

const hurting = ['demo-core-network', 'demo-internet-access', 'demo-name-service', 'demo-payroll', 'demo-customers'];

/** Every outage of a quarter of an hour and more of what most people work with. */
function ofOutages(trouble: ReadonlyMap<string, readonly DemoTrouble[]>): DemoIncident[] {
  const random = new DemoRandom('incidents of outages');
  return hurting.flatMap((key) =>
    (trouble.get(key) ?? [])
      .filter(({ state, fromMs, toMs }) => state === 'down' && toMs - fromMs >= 12 * minuteMs)
      .map(({ fromMs, toMs, cause }): DemoIncident => {
        const detectedMs = fromMs + random.whole(30, 150) * 1_000;
        const takenMs = Math.min(detectedMs + random.whole(2, 16) * minuteMs, toMs - minuteMs);
        const answeredMs = Math.min(takenMs + random.whole(1, 6) * minuteMs, toMs);
        return {
          title: `${serviceNames.get(key)} cannot be reached`,
          description: cause ? `${serviceNames.get(cause.service)} below it was down at the same time.` : '',
          services: [key],
          ...{ severity: 1, impact: 1, urgency: 1 },
          ...{ startedAt: iso(fromMs), detectedAt: iso(detectedMs), acknowledgedAt: iso(takenMs) },
          ...{ respondedAt: iso(answeredMs), resolvedAt: iso(toMs + random.whole(1, 5) * minuteMs) },
        };
      }),
  );
}

const wishes = {
  incident: ['Cannot sign in', 'Printer does not print', 'Mail does not arrive', 'Screen stays dark', 'File is locked'],
  request: ['New notebook', 'Access to a share', 'A mailbox for the team', 'Software for drawing', 'A second screen'],
} as const;
/** Minutes to the answer and hours to the solution that are usual, by severity. */
const usual: Readonly<Record<number, readonly [number, number]>> = { 1: [7, 2], 2: [14, 4], 3: [50, 9], 4: [110, 16] };

/** On each working day up to two, at a time at which somebody is there. */
function ofHelpDesk(time: DemoTime): DemoIncident[] {
  const random = new DemoRandom('help desk');
  return workdays(time).flatMap((day) =>
    Array.from({ length: random.whole(0, 2) }, () => {
      const kind = random.isOnceIn(3) ? 'request' : 'incident';
      const severity = kind === 'request' ? 4 : random.pick([1, 2, 2, 3, 3, 3, 4]);
      return reported(random, time.at(day, '08:00'), { kind, severity, title: random.pick<string>(wishes[kind]) });
    }).filter(({ resolvedAt }) => Date.parse(resolvedAt) < time.nowMs - hourMs),
  );
}

/** Now and then a question about pay. */
function ofPayroll(time: DemoTime): DemoIncident[] {
  const random = new DemoRandom('payroll');
  return workdays(time)
    .filter(() => random.isOnceIn(6))
    .map((day) => {
      const title = random.pick([
        'Payslip of the wrong month',
        'Overtime is missing',
        'Bank account cannot be changed',
      ]);
      const asked = reported(random, time.at(day, '08:00'), { kind: 'incident', severity: 3, title });
      return { ...asked, services: ['demo-payroll'] };
    })
    .filter(({ resolvedAt }) => Date.parse(resolvedAt) < time.nowMs - hourMs);
}

const workdays = ({ days }: DemoTime): DemoTime['today'][] => days.filter(({ dayOfWeek }) => dayOfWeek <= 5);

/** Within eight hours of the beginning of a day, answered and solved in about the time that is usual. */
function reported(
  random: DemoRandom,
  beginMs: number,
  what: { kind: 'incident' | 'request'; severity: number; title: string },
) {
  const [minutes, hours] = usual[what.severity]!;
  const reportedMs = beginMs + random.whole(0, 480) * minuteMs;
  const answeredMs = reportedMs + random.lengthMs(minutes * minuteMs);
  const solvedMs = Math.max(answeredMs + minuteMs, reportedMs + random.lengthMs(hours * hourMs));
  return {
    ...what,
    services: ['demo-help-desk'],
    ...{ startedAt: iso(reportedMs), reportedAt: iso(reportedMs), acknowledgedAt: iso(answeredMs) },
    ...{ respondedAt: iso(answeredMs), resolvedAt: iso(solvedMs) },
  };
}

/** Attacks, and a drill in every quarter: one of them took too long. */
function ofSecurity(time: DemoTime): DemoIncident[] {
  const services = ['demo-security-response'];
  const attack = (monthsAgo: number, workday: number, title: string, hours: number): DemoIncident => {
    const startedMs = time.at(time.workday(monthsAgo, workday), '09:40');
    return {
      ...{ title, services, severity: 1, impact: 1, urgency: 1 },
      ...{ startedAt: iso(startedMs), detectedAt: iso(startedMs + 6 * minuteMs) },
      ...{ acknowledgedAt: iso(startedMs + 9 * minuteMs), respondedAt: iso(startedMs + 14 * minuteMs) },
      resolvedAt: iso(startedMs + hours * hourMs),
    };
  };
  const drill = (monthsAgo: number, hours: number): DemoIncident => {
    const startedMs = time.at(time.workday(monthsAgo, 8), '08:00');
    return {
      ...{ kind: 'drill', title: 'Restore of the file storage, rehearsed', services, severity: 3 },
      ...{ startedAt: iso(startedMs), reportedAt: iso(startedMs), respondedAt: iso(startedMs) },
      resolvedAt: iso(startedMs + hours * hourMs),
    };
  };
  return [
    attack(10, 7, 'Stolen password of a sales account', 3),
    attack(6, 12, 'Malware on two notebooks', 5),
    attack(2, 15, 'Strange sign-ins from abroad', 2),
    ...[12, 9, 6, 3].map((monthsAgo) => drill(monthsAgo, monthsAgo === 6 ? 9 : 6)),
  ];
}
