import { describe, expect, it } from 'vitest';
import { attribute, ceilingOf, ownBadMs } from '../../../server/domain/attribution.ts';
import type { Piece } from '../../../server/domain/objective-line.ts';
import { percentText, ratioOfPercent } from '../../../server/domain/ratio.ts';

const piece = (fromMs: number, toMs: number, isBad = true): Piece => ({
  fromMs,
  toMs,
  class: isBad ? 'down' : 'up',
  isBad,
  isForgiven: false,
  service: 'payroll',
  reason: 0,
  exclusion: null,
});
const line = [piece(0, 100, false), piece(100, 200), piece(200, 300, false), piece(300, 350)];
const network = { key: 'network', down: [{ fromMs: 110, toMs: 150 }], leadMs: 0 };

describe('downtime', () => {
  it('falls to an upstream while that was down', () => {
    const shares = attribute(line, [network], 0);
    expect(shares).toEqual([{ key: 'network', badMs: 40, spans: [{ fromMs: 110, toMs: 150 }] }]);
    expect(ownBadMs(line, shares)).toBe(110);
  });

  it('is allowed a lead before and an agreed tail behind', () => {
    const [share] = attribute(line, [{ ...network, leadMs: 10 }], 20);
    expect(share!.spans).toEqual([{ fromMs: 100, toMs: 170 }]);
    expect(attribute(line, [{ ...network, leadMs: 1_000 }], 1_000)[0]!.badMs).toBe(150);
  });

  it('is counted once where several upstreams were down', () => {
    const database = { key: 'database', down: [{ fromMs: 140, toMs: 320 }], leadMs: 0 };
    const shares = attribute(line, [network, database], 0);
    expect(shares.map(({ key, badMs }) => [key, badMs])).toEqual([
      ['network', 40],
      ['database', 70],
    ]);
    expect(ownBadMs(line, shares)).toBe(40);
  });

  it('of nobody else is one’s own', () => {
    expect(attribute(line, [], 0)).toEqual([]);
    expect(ownBadMs(line, [])).toBe(150);
  });
});

describe('the ceiling of a promise', () => {
  it('is what is left when independent upstreams just keep theirs', () => {
    expect(percentText(ceilingOf(['99.9', '99.5'].map(ratioOfPercent)), 4, 'down')).toBe('99.4005');
    expect(percentText(ceilingOf([]), 0, 'down')).toBe('100');
  });
});
