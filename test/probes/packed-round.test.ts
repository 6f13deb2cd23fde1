import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Round } from '../../probes/contract.ts';
import { packRound, unpackRound } from '../../probes/support/packed-round.ts';

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

  it('is refused when it is none', () => {
    const deflated = (text: string) => ({ deflated: deflateRawSync(text).toString('base64') });
    expect(() => unpackRound(round)).toThrow(/deflated/);
    expect(() => unpackRound({ deflated: 'no base64!' })).toThrow(/deflated/);
    expect(() => unpackRound({ deflated: 'AAAA' })).toThrow(/stored block|distance|JSON|unexpected/);
    expect(() => unpackRound(deflated('{"location": "hq"'))).toThrow(/JSON/);
    expect(() => unpackRound(deflated('{"location": "hq"}'))).toThrow(/epoch/);
    expect(() => unpackRound(deflated(' '.repeat(65 * 1_048_576)))).toThrow(/larger/);
  });
});
