import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outagesIn, rootsOf, wellAfter, type ServiceOutage } from '../../../server/domain/outage-folding.ts';
import type { ServiceState } from '../../../server/domain/service-state.ts';

const [network, host, payroll, mail] = [1, 2, 3, 4];
/** Payroll stands on a host, that and mail on the network; farthest first. */
const below = new Map([
  [
    payroll,
    [
      { id: network, leadMs: 65 },
      { id: host, leadMs: 35 },
    ],
  ],
  [host, [{ id: network, leadMs: 65 }]],
  [mail, [{ id: network, leadMs: 65 }]],
]);
const down = (serviceId: number, fromMs: number, toMs: number | null = null): ServiceOutage => ({
  ...{ serviceId, fromMs, toMs },
});
const rootIds = (outages: readonly ServiceOutage[]): [number, number][] =>
  [...rootsOf(outages, below)].map(([outage, root]): [number, number] => [outage.serviceId, root.serviceId]).toSorted();
const line = (...points: readonly [number, ServiceState][]) =>
  points.map(([fromMs, state], index) => ({ fromMs, toMs: points[index + 1]?.[0] ?? null, state, reason: 0 }));

describe('outages', () => {
  it('fold into the one below that began within its lead, the farthest first', () => {
    expect(rootIds([down(payroll, 940), down(host, 970), down(mail, 1_200), down(network, 1_000)])).toEqual([
      [network, network],
      [host, network],
      [payroll, network],
      [mail, network],
    ]);
  });

  it('stand alone where what is below began later than its lead, or was over before', () => {
    expect(rootIds([down(payroll, 900), down(network, 1_000)])).toEqual([
      [network, network],
      [payroll, payroll],
    ]);
    expect(rootIds([down(mail, 1_501), down(network, 1_000, 1_500)])).toEqual([
      [network, network],
      [mail, mail],
    ]);
  });

  it('fold the same whatever the order in which they are confirmed', () => {
    const outage = fc.record({
      serviceId: fc.constantFrom(network, host, payroll, mail),
      fromMs: fc.integer({ min: 0, max: 200 }),
      toMs: fc.constant(null),
    });
    const one = fc.uniqueArray(outage, { selector: ({ serviceId }) => serviceId });
    fc.assert(
      fc.property(
        one.chain((outages) =>
          fc.tuple(fc.constant(outages), fc.shuffledSubarray(outages, { minLength: outages.length })),
        ),
        ([outages, shuffled]) => {
          expect(rootIds(shuffled)).toEqual(rootIds(outages));
        },
      ),
    );
  });

  it('go on through what is not known, and are over when the service is seen well', () => {
    const seen = line(
      [0, 'up'],
      [10, 'down'],
      [20, 'unknown'],
      [30, 'down'],
      [40, 'degraded'],
      [50, 'down'],
      [60, 'unknown'],
    );
    expect(outagesIn(payroll, seen, 0)).toEqual([down(payroll, 10, 40), down(payroll, 50)]);
    expect(outagesIn(payroll, seen, 40)).toEqual([down(payroll, 50)]);
    expect([wellAfter(seen, 10), wellAfter(seen, 45), wellAfter(seen, 50)]).toEqual([40, 45, null]);
  });
});
