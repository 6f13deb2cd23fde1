import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreedTime } from '../../../server/compliance/evaluation-basis.ts';
import type { ServiceLine } from '../../../server/compliance/service-lines.service.ts';
import { linesAsIf } from '../../../server/compliance/supposition.ts';
import { availability, outage, type AgreedTime } from '../../../server/compliance/time-figures.ts';
import { agreementInputSchema, type AgreementInput } from '../../../server/contract/agreements.ts';
import { whatIfInputSchema, type WhatIfInput } from '../../../server/contract/what-if.ts';
import { minuteMs } from '../../../server/domain/durations.ts';
import { serviceStates, type ServiceState } from '../../../server/domain/service-state.ts';
import type { Interval } from '../../../server/domain/timeline.ts';

const startMs = Date.parse('2026-10-01T00:00:00Z');
const lengthMs = 1_000 * minuteMs;
const iso = (minute: number): string => new Date(startMs + minute * minuteMs).toISOString();

const stretches = fc.array(
  fc.record({ state: fc.constantFrom(...serviceStates), minutes: fc.integer({ min: 1, max: 200 }) }),
  { minLength: 1, maxLength: 12 },
);
type Stretch = { state: ServiceState; minutes: number };

function timelineOf(parts: readonly Stretch[]): Interval<ServiceState>[] {
  let atMs = startMs;
  return parts.flatMap(({ state, minutes }, index) => {
    const fromMs = atMs;
    atMs += minutes * minuteMs;
    const interval = { fromMs, toMs: index === parts.length - 1 ? null : atMs, state, reason: 0 };
    return [interval];
  });
}

const line = (key: string, timeline: ServiceLine['timeline'], upstream: ServiceLine['upstream'] = []): ServiceLine => ({
  ...{ id: key.length, key, sinceMs: startMs, timeline, upstream },
  maintenance: [
    { key: 'patch', fromMs: startMs + 100 * minuteMs, toMs: startMs + 160 * minuteMs, receivedMs: 0, declaredMs: null },
  ],
});

const document = (counting: Partial<Record<keyof AgreementInput['counting'], unknown>>): AgreementInput =>
  agreementInputSchema.parse({
    ...{ kind: 'SLA', title: 'Payroll', provider: 'it', customer: 'hr', timeZone: 'UTC', counting },
    effective: { from: '2026-01-01' },
    objectives: { one: { type: 'availability', services: ['mail', 'payroll'], target: '99' } },
  });
const countings = fc.record({
  degraded: fc.constantFrom('good', 'bad'),
  unknown: fc.constantFrom('excluded', 'good', 'bad'),
  minimumOutage: fc.constantFrom('0s', '30m'),
  upstream: fc.constantFrom('counted', 'excused'),
});

function timeOf(terms: AgreementInput): AgreedTime {
  const period = { fromMs: startMs, toMs: startMs + lengthMs, isRolling: false };
  const time = agreedTime({ fromMs: 0, toMs: Infinity }, period, null, startMs + lengthMs);
  return {
    ...time,
    corrected: [],
    part: { agreementId: null, version: null, basis: 'draft', terms, snapshot: null, effective: period },
  };
}
/** What objectives over the time of both services come to. */
function figuresOf(lines: ReadonlyMap<string, ServiceLine>, terms: AgreementInput) {
  const all = [...lines.values()];
  const common = { title: '', note: '', services: [] };
  const target = '99';
  return [
    availability({ ...common, type: 'availability', combine: 'any-down', target }, all, timeOf(terms)),
    availability({ ...common, type: 'availability', combine: 'average', target }, all, timeOf(terms)),
    outage({ ...common, type: 'outage', combine: 'any-down', atMost: 1 }, all, timeOf(terms)),
  ];
}
const intervalsOf = (intervals: readonly object[]): WhatIfInput['intervals'] =>
  whatIfInputSchema.parse({ intervals }).intervals;
/** Without the stretches: the reason of what is supposed is another. */
const told = (figures: ReturnType<typeof figuresOf>) =>
  figures.map(({ judgement: { attained, budget, left, used, verdict }, time, events, shares, excused }) => ({
    ...{ attained, budget, left, used, verdict, time, events, shares, excused },
  }));

describe('figures as if services had been in other states', () => {
  it('are what they are where nothing is supposed', () => {
    fc.assert(
      fc.property(stretches, stretches, countings, (mail, payroll, counting) => {
        const terms = document(counting);
        const below = { id: 9, key: 'mail', serviceId: 7, leadMs: 0, depth: 1, timeline: timelineOf(mail) };
        const lines = new Map([
          ['mail', line('mail', timelineOf(mail))],
          ['payroll', line('payroll', timelineOf(payroll), [below])],
        ]);
        expect(figuresOf(linesAsIf(lines, []), terms)).toEqual(figuresOf(lines, terms));
      }),
      { numRuns: 60 },
    );
  });

  it('without an outage are those of a timeline that never had it, also for services that rest on it', () => {
    fc.assert(
      fc.property(stretches, stretches, countings, fc.nat(), (mail, payroll, counting, chosen) => {
        const place = chosen % mail.length;
        const healed = mail.map((one, at): Stretch => (at === place ? { ...one, state: 'up' } : one));
        const linesOf = (own: readonly Stretch[]) => {
          const below = { id: 9, key: 'mail', serviceId: 7, leadMs: minuteMs, depth: 1, timeline: timelineOf(own) };
          return new Map([
            ['mail', line('mail', timelineOf(own))],
            ['payroll', line('payroll', timelineOf(payroll), [below])],
          ]);
        };
        const from = mail.slice(0, place).reduce((sum, { minutes }) => sum + minutes, 0);
        // The last stretch goes on: it is supposed to be up until after the period.
        const to = place === mail.length - 1 ? 10_000 : from + mail[place]!.minutes;
        const intervals = intervalsOf([{ service: 'mail', from: iso(from), to: iso(to), state: 'up' }]);
        const terms = document(counting);
        expect(told(figuresOf(linesAsIf(linesOf(mail), intervals), terms))).toEqual(
          told(figuresOf(linesOf(healed), terms)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('of several suppositions about an instant follow the last', () => {
    const lines = new Map([['mail', line('mail', timelineOf([{ state: 'up', minutes: 1 }]))]]);
    const at = (from: number, to: number, state: string) => ({ service: 'mail', from: iso(from), to: iso(to), state });
    const [found] = figuresOf(
      linesAsIf(lines, intervalsOf([at(200, 260, 'down'), at(230, 300, 'unknown'), at(240, 250, 'up')])),
      document({}),
    );
    expect(found!.time).toMatchObject({ downMs: 30 * minuteMs, unknownMs: 60 * minuteMs });
    expect(found!.lines[0]!.map(({ class: name, fromMs }) => [name, (fromMs - startMs) / minuteMs])).toEqual([
      ...[
        ['up', 0],
        ['excluded', 100],
        ['up', 160],
        ['down', 200],
        ['unknown', 230],
        ['up', 240],
        ['unknown', 250],
      ],
      ['up', 300],
    ]);
  });
});
