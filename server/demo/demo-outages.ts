/** What happened to the services of the demo: told where a story needs it, else by chance that is always the same. */
import type { Reason } from '../../probes/contract.ts';
import { hourMs, minuteMs } from '../domain/durations.ts';
import { DemoRandom } from './demo-random.ts';
import { demoServices, type DemoService } from './demo-services.ts';
import type { DemoTime } from './demo-time.ts';

/** Something that was not plainly good. */
export interface DemoTrouble {
  service: string;
  state: 'down' | 'degraded' | 'unknown';
  reason: Reason;
  fromMs: number;
  toMs: number;
  /** The trouble below that it came from. */
  cause: DemoTrouble | null;
}

type Told = [service: string, state: DemoTrouble['state'], reason: Reason, fromMs: number, minutes: number];

/** Trouble that verdicts, corrections and reports of the demo rest on. */
function toldTrouble(time: DemoTime): Told[] {
  const on = (monthsAgo: number, workday: number, clock: string) => time.at(time.workday(monthsAgo, workday), clock);
  const before = (days: number, clock: string) => time.at(time.today.subtract({ days }), clock);
  return [
    // The core takes half of the house with it, in the middle of a working day.
    ['core-network', 'down', 'unreachable', on(11, 8, '10:12'), 47],
    ['core-network', 'down', 'packet-loss', on(6, 14, '14:03'), 9],
    ['core-network', 'degraded', 'packet-loss', on(6, 14, '14:12'), 95],
    // Payroll by its own fault: once a little, once much, and in two months that follow each other.
    ['payroll', 'down', 'status-unexpected', on(9, 5, '09:20'), 31],
    ['payroll', 'down', 'timeout', on(4, 18, '08:41'), 164],
    ['payroll', 'down', 'status-unexpected', on(3, 4, '15:02'), 26],
    // Work that was announced and went on for too long.
    ['databases', 'down', 'connection-refused', on(2, 6, '07:40'), 55],
    ['payroll', 'degraded', 'slow', on(1, 9, '11:10'), 140],
    ['payroll', 'down', 'timeout', on(1, 15, '13:30'), 12],
    ['internet-access', 'down', 'unreachable', on(7, 11, '16:20'), 72],
    ['customers', 'down', 'timeout', on(5, 3, '10:00'), 38],
    // Nobody looked: the agent stood still for hours, and once for days.
    ['payroll', 'unknown', 'not-observed', on(8, 10, '09:00'), 205],
    ['archive', 'unknown', 'agent-stopped', on(5, 6, '00:30'), 3_900],
    // What the running month brings.
    ['identity', 'down', 'tls-failed', before(3, '10:31'), 7],
    ['intranet', 'down', 'status-unexpected', before(2, '09:12'), 34],
    ['web-shop', 'degraded', 'slow', before(1, '18:05'), 51],
  ];
}

/** Outages while the clocks are changed: an hour that comes twice, and one that never comes. */
const atClockChanges = (time: DemoTime): Told[] =>
  time.clockChanges().flatMap((atMs): Told[] => [
    ['core-network', 'down', 'timeout', atMs - 9 * minuteMs, 21],
    ['line-new-york', 'down', 'unreachable', atMs - 40 * minuteMs, 95],
  ]);

const reasonsOf = {
  down: ['timeout', 'connection-refused', 'status-unexpected', 'connection-reset'],
  degraded: ['slow', 'slow', 'packet-loss'],
  unknown: ['not-observed', 'agent-stopped'],
} as const satisfies Record<DemoTrouble['state'], readonly Reason[]>;

/** A few times a quarter something fails, a few times more it is slow, and now and then nobody looks. */
function byChance({ key, tier }: DemoService, time: DemoTime): Told[] {
  const random = new DemoRandom(key);
  const told: Told[] = [];
  for (const day of time.days) {
    for (const [state, days, minutes] of [
      ['down', 26 + 6 * (4 - tier), 6],
      ['degraded', 17, 35],
      ['unknown', 95, 18],
    ] as const) {
      const [isToday, hour, minute] = [random.isOnceIn(days), random.whole(0, 23), random.whole(0, 59)];
      const length = random.lengthMs(minutes * minuteMs) / minuteMs;
      const reason = random.pick<Reason>(reasonsOf[state]);
      const clock = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
      if (isToday) told.push([key.slice('demo-'.length), state, reason, time.at(day, clock), length]);
    }
  }
  return told;
}

/** Outages during the work on Sundays: what an agreement excuses where it was announced. */
function duringMaintenance(time: DemoTime): Told[] {
  const random = new DemoRandom('maintenance');
  return time.days
    .filter(({ dayOfWeek }) => dayOfWeek === 7)
    .flatMap((day): Told[] => {
      const [minute, length] = [random.whole(4, 40), random.whole(6, 38)];
      return random.isOnceIn(2)
        ? [
            [
              'virtual-machines',
              'down',
              'connection-refused',
              time.at(day, `02:${String(minute).padStart(2, '0')}`),
              length,
            ],
          ]
        : [];
    });
}

/** A little later than what it rests on, and back a little after it. */
function inherited(causes: readonly DemoTrouble[], service: DemoService): DemoTrouble[] {
  const random = new DemoRandom(`below ${service.key}`);
  return causes
    .filter(({ service: below, state }) => state === 'down' && service.dependsOn.includes(below))
    .flatMap((cause) => {
      const [leadMs, tailMs] = [random.whole(5, 60) * 1_000, random.whole(0, 45) * 1_000];
      // Short ones are ridden out.
      if (cause.toMs - cause.fromMs < 4 * minuteMs) return [];
      const span = { fromMs: cause.fromMs + leadMs, toMs: cause.toMs + tailMs };
      return [{ service: service.key, state: 'down' as const, reason: 'timeout' as const, ...span, cause }];
    });
}

/** All trouble of all services, of each in order of time and apart from each other. */
export function demoTrouble(time: DemoTime): Map<string, DemoTrouble[]> {
  const watched = demoServices.filter(({ isWatched }) => isWatched);
  const told = [...toldTrouble(time), ...atClockChanges(time), ...duringMaintenance(time)];
  const all = new Map<string, DemoTrouble[]>();
  // Those below come first: what falls to them is known when their dependents are made.
  for (const service of watched) {
    const own = [...told.filter(([key]) => `demo-${key}` === service.key), ...byChance(service, time)].map(
      ([, state, reason, fromMs, minutes]): DemoTrouble => ({
        ...{ service: service.key, state, reason, fromMs, cause: null },
        toMs: fromMs + Math.max(60_000, Math.round((minutes * minuteMs) / 1_000) * 1_000),
      }),
    );
    const below = [...all.values()].flat();
    all.set(service.key, apart([...own, ...inherited(below, service)], time));
  }
  return all;
}

/** Of two that meet the first that was told stays. */
function apart(wanted: readonly DemoTrouble[], { fromMs, nowMs }: DemoTime): DemoTrouble[] {
  const kept: DemoTrouble[] = [];
  for (const one of wanted) {
    const isInside = one.fromMs > fromMs + hourMs && one.toMs < nowMs - hourMs;
    const isFree = kept.every((other) => other.toMs < one.fromMs || other.fromMs > one.toMs);
    if (isInside && isFree) kept.push(one);
  }
  return kept.sort((a, b) => a.fromMs - b.fromMs);
}

/** A history without gaps, as another system would tell it. */
export function demoTimeline(trouble: readonly DemoTrouble[], { fromMs, nowMs }: DemoTime) {
  const iso = (atMs: number): string => new Date(atMs).toISOString();
  const intervals: { state: 'up' | DemoTrouble['state']; from: string; to: string; reason?: Reason }[] = [];
  let atMs = fromMs;
  for (const { state, reason, ...span } of trouble) {
    intervals.push({ state: 'up', from: iso(atMs), to: iso(span.fromMs) });
    intervals.push({ state, reason, from: iso(span.fromMs), to: iso(span.toMs) });
    atMs = span.toMs;
  }
  return [...intervals, { state: 'up' as const, from: iso(atMs), to: iso(nowMs) }];
}
