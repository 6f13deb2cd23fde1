import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noticedWindows, type MaintenanceNotice } from '../../../server/domain/maintenance-windows.ts';
import { unionOf } from '../../../server/domain/spans.ts';

const notice = (
  receivedMs: number,
  spans: [number, number][],
  announcedMs: number | null = null,
): MaintenanceNotice => ({
  receivedMs,
  announcedMs,
  windows: unionOf(spans.map(([fromMs, toMs]) => ({ fromMs, toMs }))),
});
const told = (notices: MaintenanceNotice[], ended: [number, number][] = []) =>
  noticedWindows(notices, unionOf(ended.map(([fromMs, toMs]) => ({ fromMs, toMs })))).map(
    ({ fromMs, toMs, receivedMs, declaredMs }) => [fromMs, toMs, receivedMs, declaredMs],
  );

describe('windows of maintenance', () => {
  it('have the receipt of the notice that first named them', () => {
    expect(told([notice(10, [[100, 120]])])).toEqual([[100, 120, 10, null]]);
    expect(told([notice(10, [[100, 120]]), notice(50, [[100, 120]])])).toEqual([[100, 120, 10, null]]);
  });

  it('that are widened have a later receipt for what was added; narrowed ones keep theirs', () => {
    expect(told([notice(10, [[100, 120]]), notice(50, [[90, 130]])])).toEqual([
      [90, 100, 50, null],
      [100, 120, 10, null],
      [120, 130, 50, null],
    ]);
    expect(told([notice(10, [[100, 120]]), notice(50, [[100, 110]])])).toEqual([[100, 110, 10, null]]);
    expect(told([notice(10, [[100, 120]]), notice(50, [[100, 110]]), notice(60, [[100, 120]])])).toEqual([
      [100, 110, 10, null],
      [110, 120, 60, null],
    ]);
  });

  it('that have passed stay what they were, whatever is said later', () => {
    expect(
      told([
        notice(10, [
          [100, 120],
          [200, 220],
        ]),
        notice(150, []),
      ]),
    ).toEqual([[100, 120, 10, null]]);
    expect(told([notice(10, [[100, 120]]), notice(110, [])])).toEqual([[100, 110, 10, null]]);
    expect(told([notice(10, [[100, 120]]), notice(110, [[100, 140]])])).toEqual([
      [100, 120, 10, null],
      [120, 140, 110, null],
    ]);
  });

  it('that are told of too late are kept with that receipt', () => {
    expect(told([notice(150, [[100, 120]])])).toEqual([[100, 120, 150, null]]);
    expect(told([notice(10, [[100, 120]]), notice(150, [[90, 120]])])).toEqual([
      [90, 100, 150, null],
      [100, 120, 10, null],
    ]);
  });

  it('have a declared notice that was claimed for them, not one that was there before', () => {
    expect(told([notice(10, [[100, 120]], 5)])).toEqual([[100, 120, 10, 5]]);
    expect(told([notice(10, [[100, 120]], 5), notice(50, [[100, 130]], 5)])).toEqual([
      [100, 120, 10, 5],
      [120, 130, 50, null],
    ]);
    expect(told([notice(10, [[100, 120]]), notice(50, [[100, 120]], 7)])).toEqual([[100, 120, 10, 7]]);
    expect(told([notice(10, [[100, 120]], 7), notice(50, [[100, 120]])])).toEqual([[100, 120, 10, null]]);
  });

  it('end where they were ended', () => {
    expect(told([notice(10, [[100, 120]])], [[105, 120]])).toEqual([[100, 105, 10, null]]);
  });

  it('are what asking every instant finds, and never overlap', () => {
    const spans = fc.array(
      fc
        .tuple(fc.nat(40), fc.integer({ min: 1, max: 10 }))
        .map(([from, length]): [number, number] => [from, from + length]),
      {
        maxLength: 4,
      },
    );
    const anyNotices = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 8 }), spans, fc.option(fc.nat(3))), { minLength: 1, maxLength: 5 })
      .map((all) => {
        let receivedMs = 0;
        return all.map(([wait, own, announced]) => notice((receivedMs += wait), own, announced));
      });
    fc.assert(
      fc.property(anyNotices, (notices) => {
        const found = noticedWindows(notices, []);
        const instants = Array.from({ length: 55 }, (_, at) => at);
        const receipts = instants.map((at) =>
          found.filter(({ fromMs, toMs }) => fromMs <= at && at < toMs).map(({ receivedMs }) => receivedMs),
        );
        expect(receipts).toEqual(instants.map((at) => naiveReceipt(notices, at)));
      }),
      { numRuns: 300 },
    );
  });
});

/** When what holds at an instant was first named, by walking back from the notice that names it. */
function naiveReceipt(notices: readonly MaintenanceNotice[], at: number): number[] {
  const holds = (index: number) => notices[index]!.windows.some(({ fromMs, toMs }) => fromMs <= at && at < toMs);
  const inForce = notices.findLastIndex(({ receivedMs }) => receivedMs <= at);
  const last = notices.length - 1;
  const isLate = holds(last) && at < notices[last]!.receivedMs;
  let first = inForce >= 0 && holds(inForce) ? inForce : isLate ? last : -1;
  if (first < 0) return [];
  while (first > 0 && holds(first - 1)) first -= 1;
  return [notices[first]!.receivedMs];
}
