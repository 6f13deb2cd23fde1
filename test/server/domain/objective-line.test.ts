import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  linesOf,
  type Combination,
  type Exclusion,
  type LineCounting,
  type LineService,
  type Piece,
  type TimeClass,
} from '../../../server/domain/objective-line.ts';
import { serviceStates, type ServiceState } from '../../../server/domain/service-state.ts';
import { lengthMs, unionOf, type Span, type Spans } from '../../../server/domain/spans.ts';
import type { Interval } from '../../../server/domain/timeline.ts';

const plain: LineCounting = { degraded: 'good', unknown: 'excluded', minimumOutageMs: 0 };
const whole: Spans = [{ fromMs: 0, toMs: 100 }];

/** `up 10 down 5 up`: states with how long each lasts, from 0 on; the last is open. */
function timeline(text: string): Interval<ServiceState>[] {
  const words = text.split(' ');
  let atMs = 0;
  return Array.from({ length: Math.ceil(words.length / 2) }, (_, index) => {
    const [state, length] = [words[index * 2] as ServiceState, words[index * 2 + 1]];
    const fromMs = atMs;
    atMs += Number(length ?? 0);
    return { fromMs, toMs: length === undefined ? null : atMs, state, reason: index };
  });
}
const service = (text: string, more: Partial<LineService> = {}): LineService => ({
  key: 'payroll',
  sinceMs: 0,
  timeline: timeline(text),
  exclusions: [],
  ...more,
});
const told = (pieces: readonly Piece[]) =>
  pieces.map((piece) => {
    const mark = piece.isBad ? ' bad' : piece.isForgiven ? ' forgiven' : '';
    return `${piece.fromMs}-${piece.toMs} ${piece.class}${mark}`;
  });
const lineOf = (services: LineService[], combine: Combination, counting: Partial<LineCounting> = {}, agreed = whole) =>
  told(linesOf(services, combine, { ...plain, ...counting }, agreed)[0]!);

describe('the line of one service', () => {
  it('is its timeline inside the agreed time', () => {
    const agreed = [
      { fromMs: 5, toMs: 12 },
      { fromMs: 30, toMs: 40 },
    ];
    expect(lineOf([service('up 10 down 25 up')], 'any-down', {}, agreed)).toEqual([
      '5-10 up',
      '10-12 down bad',
      '30-35 down bad',
      '35-40 up',
    ]);
  });

  it('is unmonitored where nothing is told, and begins when the service came in', () => {
    const late = service('up 10 down', { sinceMs: 20 });
    expect(lineOf([late], 'any-down')).toEqual(['20-100 down bad']);
    expect(lineOf([service('up 40')], 'any-down')).toEqual(['0-40 up', '40-100 unmonitored']);
  });

  it('takes out what is excluded, whatever the state, and of two exclusions the first', () => {
    const maintenance: Exclusion = { fromMs: 5, toMs: 20, cause: 'maintenance', key: 'patch' };
    const correction: Exclusion = { fromMs: 15, toMs: 25, cause: 'correction', key: '7' };
    const [line] = linesOf(
      [service('up 10 down', { exclusions: [maintenance, correction] })],
      'any-down',
      plain,
      whole,
    );
    expect(told(line!)).toEqual(['0-5 up', '5-20 excluded', '20-25 excluded', '25-100 down bad']);
    expect(line!.map(({ exclusion }) => exclusion?.key ?? null)).toEqual([null, 'patch', '7', null]);
  });

  it('counts degraded and unknown as the agreement says', () => {
    const both = service('degraded 10 unknown 10 up');
    expect(lineOf([both], 'any-down', { degraded: 'bad' })).toContain('0-10 degraded bad');
    expect(lineOf([both], 'any-down', { unknown: 'bad' })).toContain('10-20 unknown bad');
    expect(lineOf([both], 'any-down')).toEqual(['0-10 degraded', '10-20 unknown', '20-100 up']);
  });

  it('forgives what is shorter than the minimum outage, measured whole', () => {
    const line = service('up 10 down 4 up 10 down 5 up 66 down 10 up');
    expect(lineOf([line], 'any-down', { minimumOutageMs: 5 })).toEqual([
      '0-10 up',
      '10-14 down forgiven',
      '14-24 up',
      '24-29 down bad',
      '29-95 up',
      // It goes on beyond the period: 10 ms as a whole.
      '95-100 down bad',
    ]);
  });

  it('measures an outage across what is excluded and across states that are all bad', () => {
    const exclusions: Exclusion[] = [{ fromMs: 12, toMs: 18, cause: 'maintenance', key: 'patch' }];
    const line = service('up 10 down 5 unknown 5 up', { exclusions });
    expect(lineOf([line], 'any-down', { minimumOutageMs: 8, unknown: 'bad' })).toEqual([
      '0-10 up',
      '10-12 down bad',
      '12-18 excluded',
      '18-20 unknown bad',
      '20-100 up',
    ]);
  });
});

describe('the line of several services', () => {
  const first = service('up 10 down 20 up', { key: 'a' });
  const second = service('up 20 unknown 20 up', { key: 'b' });

  it('is down where any is, and says which', () => {
    const [line] = linesOf([first, second], 'any-down', plain, whole);
    expect(told(line!)).toEqual(['0-10 up', '10-30 down bad', '30-40 unknown', '40-100 up']);
    expect(line!.map((piece) => piece.service)).toEqual(['a', 'a', 'b', 'a']);
  });

  it('is down only where all are, and never on a guess', () => {
    expect(lineOf([first, second], 'all-down')).toEqual(['0-10 up', '10-20 up', '20-30 unknown', '30-100 up']);
    expect(lineOf([service('down'), service('down')], 'all-down')).toEqual(['0-100 down bad']);
  });

  it('lets a service drop out where it is excluded or unmonitored', () => {
    const exclusions: Exclusion[] = [{ fromMs: 10, toMs: 30, cause: 'maintenance', key: 'patch' }];
    const excused = { ...first, exclusions };
    expect(lineOf([excused, service('up', { key: 'b' })], 'any-down')).toEqual(['0-10 up', '10-30 up', '30-100 up']);
    expect(lineOf([excused, service('unmonitored', { key: 'b' })], 'all-down')).toEqual([
      '0-10 up',
      '10-30 excluded',
      '30-100 up',
    ]);
  });

  it('is one line each where they are averaged', () => {
    const lines = linesOf([first, second], 'average', plain, whole);
    expect(lines.map((line) => line.every((piece) => piece.service === line[0]!.service))).toEqual([true, true]);
  });
});

const horizon = 48;
const anySpan = fc
  .tuple(fc.nat(horizon), fc.nat(14))
  .map(([fromMs, length]): Span => ({ fromMs, toMs: fromMs + length }));
const anySpans = fc.array(anySpan, { maxLength: 5 }).map(unionOf);
const anyTimeline = fc
  .array(fc.tuple(fc.constantFrom(...serviceStates), fc.integer({ min: 1, max: 9 })), { maxLength: 10 })
  .chain((parts) => fc.tuple(fc.constant(parts), fc.integer({ min: -5, max: 20 }), fc.boolean()))
  .map(([parts, startMs, isOpen]) => {
    let atMs = startMs;
    return parts.map(([state, length], index): Interval<ServiceState> => {
      const fromMs = atMs;
      atMs += length;
      return { fromMs, toMs: isOpen && index === parts.length - 1 ? null : atMs, state, reason: index };
    });
  });
const anyService = (key: string) =>
  fc.record({
    key: fc.constant(key),
    sinceMs: fc.integer({ min: -5, max: 20 }),
    timeline: anyTimeline,
    exclusions: fc.array(
      fc.record({
        fromMs: fc.nat(horizon),
        toMs: fc.nat(horizon + 10),
        cause: fc.constantFrom('maintenance' as const, 'correction' as const),
        key: fc.constantFrom('x', 'y'),
      }),
      { maxLength: 3 },
    ),
  });
const anyServices = fc
  .integer({ min: 1, max: 3 })
  .chain((count) => fc.tuple(...['a', 'b', 'c'].slice(0, count).map(anyService)));
const anyCounting = fc.record({
  degraded: fc.constantFrom('good' as const, 'bad' as const),
  unknown: fc.constantFrom('excluded' as const, 'good' as const, 'bad' as const),
  minimumOutageMs: fc.nat(8),
});

/** The same, a millisecond at a time, straight from the words of the design. */
function naive(services: readonly LineService[], combine: 'any-down' | 'all-down', counting: LineCounting) {
  const stateAt = ({ timeline: line, sinceMs }: LineService, atMs: number): ServiceState => {
    const found = line.find(({ fromMs, toMs }) => fromMs <= atMs && (toMs === null || atMs < toMs));
    return found && atMs >= sinceMs ? found.state : 'unmonitored';
  };
  const isExcluded = ({ exclusions }: LineService, atMs: number) =>
    exclusions.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
  const isBad = (name: TimeClass) =>
    name === 'down' ||
    (name === 'degraded' && counting.degraded === 'bad') ||
    (name === 'unknown' && counting.unknown === 'bad');
  const together = (classes: readonly TimeClass[]): TimeClass => {
    const counted = classes.filter((name) => name !== 'excluded' && name !== 'unmonitored');
    if (counted.length === 0) return classes.includes('excluded') ? 'excluded' : 'unmonitored';
    if (combine === 'any-down')
      return (['down', 'unknown', 'degraded', 'up'] as const).find((name) => counted.includes(name))!;
    if (counted.every((name) => name === 'down')) return 'down';
    return (['up', 'degraded', 'unknown'] as const).find((name) => counted.includes(name))!;
  };
  const raw = (atMs: number) => together(services.map((one) => stateAt(one, atMs)));
  const runLength = (atMs: number): number => {
    let [from, to] = [atMs, atMs + 1];
    while (from > -50 && isBad(raw(from - 1))) from -= 1;
    while (to < horizon + 100 && isBad(raw(to))) to += 1;
    return to - from;
  };
  return (atMs: number) => {
    const name = together(services.map((one) => (isExcluded(one, atMs) ? 'excluded' : stateAt(one, atMs))));
    const isForgiven = isBad(name) && isBad(raw(atMs)) && runLength(atMs) < counting.minimumOutageMs;
    return { class: name, isBad: isBad(name) && !isForgiven, isForgiven };
  };
}

describe('any line', () => {
  it('agrees with a model that goes through it a millisecond at a time, each in exactly one class', () => {
    fc.assert(
      fc.property(
        anyServices,
        fc.constantFrom('any-down' as const, 'all-down' as const),
        anyCounting,
        anySpans,
        (services, combine, counting, agreed) => {
          const [line] = linesOf(services, combine, counting, agreed);
          const at = naive(services, combine, counting);
          const sinceMs = Math.min(...services.map((one) => one.sinceMs));
          const counted = agreed.flatMap(({ fromMs, toMs }) =>
            fromMs < toMs && toMs > sinceMs ? [{ fromMs: Math.max(fromMs, sinceMs), toMs }] : [],
          );
          expect(line!.reduce((sum, piece) => sum + piece.toMs - piece.fromMs, 0)).toBe(lengthMs(counted));
          for (const { fromMs, toMs, class: name, isBad, isForgiven } of line!) {
            for (let ms = fromMs; ms < toMs; ms += 1) expect({ class: name, isBad, isForgiven }).toEqual(at(ms));
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});
