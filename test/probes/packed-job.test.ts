import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ResultBatch, Round } from '../../probes/contract.ts';
import { batchObservationsSchema, packBatch, packRound, unpackRound } from '../../probes/support/packed-job.ts';

const round: Round = {
  location: 'hq',
  epoch: 3,
  sentAtMs: 1_800_000_000_000,
  runs: Array.from({ length: 250 }, (_, series) => ({
    series,
    kind: 'http',
    version: '1',
    config: { url: `https://grüße.example/${series}`, headers: { accept: '*/*' } },
    everyMs: 1_000,
    timeoutMs: 900,
    degradedAboveMs: null,
    confirmFailures: 1,
    recheckAfterMs: 200,
    slotMs: 1_800_000_001_000 + series,
    leadMs: 1_000 + series,
  })),
  confirmed: { agent: { through: 7, beyond: [9] } },
};

describe('a round in its queue', () => {
  it('comes out as it went in, and is small', () => {
    const packed = packRound(round);
    expect(unpackRound(packed)).toEqual(round);
    expect(JSON.stringify(packed).length).toBeLessThan(JSON.stringify(round).length / 5);
  });

  it('is taken unpacked too, and refused when it is none', () => {
    const deflated = (text: string) => ({ deflated: deflateRawSync(text).toString('base64') });
    expect(unpackRound(round)).toEqual(round);
    expect(() => unpackRound({ deflated: 'no base64!' })).toThrow(/epoch/);
    expect(() => unpackRound({ deflated: 'AAAA' })).toThrow(/stored block|distance|JSON|unexpected/);
    expect(() => unpackRound(deflated('{"location": "hq"'))).toThrow(/JSON/);
    expect(() => unpackRound(deflated('{"location": "hq"}'))).toThrow(/epoch/);
    expect(() => unpackRound(deflated(' '.repeat(65 * 1_048_576)))).toThrow(/larger/);
  });
});

describe('a batch of results in its queue', () => {
  const batch: ResultBatch = {
    agent: 'a',
    location: 'hq',
    version: '1',
    batch: 4,
    sentAtMs: 1_800_000_000_000,
    startedAtMs: 1_800_000_000_000,
    clockOffsetMs: 0,
    inFlight: 0,
    droppedRuns: 0,
    unconfirmedBatches: 0,
    observations: Array.from({ length: 500 }, (_, series) => [
      series,
      1_800_000_000_000 + series,
      0,
      0,
      1,
      1_000 + series,
      1_800_000_000_001,
      [null, 200, null, 500, 20],
      null,
      null,
    ]),
  };

  it('comes out as it went in, is small, and tells of its agent as it lies', () => {
    const packed = packBatch(batch);
    expect(batchObservationsSchema.parse(packed.observations)).toEqual(batch.observations);
    expect(packed.observations.length).toBeLessThan(JSON.stringify(batch.observations).length / 4);
    expect({ ...packed, observations: [] }).toEqual({ ...batch, observations: [] });
  });

  it('is taken unpacked too, and refused when it is neither', () => {
    expect(batchObservationsSchema.parse(batch.observations)).toEqual(batch.observations);
    const deflated = deflateRawSync('{"no": "list"}').toString('base64');
    expect(() => batchObservationsSchema.parse('no base64!')).toThrow(/base64/);
    expect(() => batchObservationsSchema.parse('AAAA')).toThrow(/stored block|distance|JSON|unexpected/);
    expect(() => batchObservationsSchema.parse(deflated)).toThrow(/expected array/);
    expect(() => batchObservationsSchema.parse(null)).toThrow(/Invalid input/);
  });
});
