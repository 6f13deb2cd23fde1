import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hourMs } from '../../../server/domain/durations.ts';
import { verdicts } from '../../../probes/contract.ts';
import { commitBatch, hasBatch, type BatchLedger } from '../../../server/domain/batch-ledger.ts';
import { mergeSketches, sketchKey, sketchQuantiles } from '../../../server/domain/latency-sketch.ts';
import { mergeObservations, packHour, unpackHour, type StoredObservation } from '../../../server/domain/packed-hour.ts';

const hourFromMs = 490_000 * hourMs;
const observation = fc.record<StoredObservation>({
  slotMs: fc.integer({ min: 0, max: hourMs - 1 }).map((ms) => hourFromMs + ms),
  verdict: fc.constantFrom(...verdicts),
  reason: fc.integer({ min: 0, max: 32_767 }),
  latencyUs: fc.option(fc.integer({ min: 0, max: 2_147_483_647 })),
});
const hour = fc.uniqueArray(observation, { selector: ({ slotMs }) => slotMs }).map((all) => mergeObservations([], all));

describe('a packed hour', () => {
  it('gives back every observation', () => {
    fc.assert(
      fc.property(hour, (all) => {
        expect(unpackHour(hourFromMs, packHour(hourFromMs, all))).toEqual(all);
      }),
    );
  });
  it('takes under five bytes for each observation of a steady probe', () => {
    const all = Array.from({ length: 120 }, (_, slot) => ({
      slotMs: hourFromMs + slot * 30_000 + 1_234,
      verdict: 'up' as const,
      reason: 0,
      latencyUs: 1_000 + ((slot * 7_919) % 600),
    }));
    expect(packHour(hourFromMs, all).length / all.length).toBeLessThan(5);
  });
  it('is refused when bytes are missing', () => {
    const packed = packHour(hourFromMs, [{ slotMs: hourFromMs + 5_000, verdict: 'up', reason: 0, latencyUs: 700 }]);
    expect(() => unpackHour(hourFromMs, packed.slice(0, -1))).toThrow(RangeError);
  });
  it('takes late observations by slot and keeps what is there', () => {
    fc.assert(
      fc.property(hour, hour, (stored, late) => {
        const merged = mergeObservations(stored, late);
        const slots = new Set([...stored, ...late].map(({ slotMs }) => slotMs));
        expect(merged.map(({ slotMs }) => slotMs)).toEqual([...slots].sort((a, b) => a - b));
        for (const each of stored) expect(merged).toContainEqual(each);
        expect(mergeObservations(merged, late)).toEqual(merged);
      }),
    );
  });
});

describe('a latency sketch', () => {
  it('tells quantiles within one percent', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 100, max: 60_000_000 }), { minLength: 1 }), (latenciesUs) => {
        const sketch = mergeSketches(latenciesUs.map((latencyUs) => new Map([[sketchKey(latencyUs), 1]])));
        const sorted = [...latenciesUs].sort((a, b) => a - b);
        const quantiles = [0.5, 0.95, 0.99];
        sketchQuantiles(sketch, quantiles).forEach((foundMs, index) => {
          const trueMs = sorted[Math.ceil(quantiles[index]! * sorted.length) - 1]! / 1_000;
          expect(Math.abs(foundMs! - trueMs) / trueMs).toBeLessThanOrEqual(0.0101);
        });
      }),
    );
  });
  it('is the same however it is merged, and has no quantile without data', () => {
    const [a, b] = [
      new Map([[1, 2]]),
      new Map([
        [1, 1],
        [7, 3],
      ]),
    ];
    expect(mergeSketches([a, b])).toEqual(mergeSketches([b, a]));
    expect(sketchQuantiles(new Map(), [0.5])).toEqual([null]);
  });
});

describe('the ledger of batches', () => {
  it('holds exactly the committed batches, in whatever order and however often they come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 })), (batches) => {
        const ledger = batches.reduce<BatchLedger>(commitBatch, { through: 0, beyond: [] });
        for (let batch = 1; batch <= 31; batch += 1) expect(hasBatch(ledger, batch)).toBe(batches.includes(batch));
        expect(ledger.beyond.every((batch) => batch > ledger.through + 1)).toBe(true);
      }),
    );
  });
});
