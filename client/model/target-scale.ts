/**
 * Targets on a slider: each tenth of what may be missed takes the same way, as 90, 99 and 99.9 do in people's minds. Only
 * places are computed here; what is promised stays the decimal text that is written.
 */

/** 100 steps to each nine: from 50 % to 99.999 %. */
export const targetSteps = { least: 30, most: 500 } as const;

/** The target at a step, in percent, with as many decimals as tell it from its neighbours: `99.9`. */
export function targetAt(step: number): string {
  const missed = 10 ** (2 - step / 100);
  const places = Math.max(0, Math.ceil(step / 100));
  return (100 - missed)
    .toFixed(places)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

/** The step nearest to a target; null for a text that is none. */
export function stepOfTarget(target: string): number | null {
  if (!/^\d{1,2}(\.\d{1,6})?$/.test(target)) return null;
  const step = Math.round((2 - Math.log10(100 - Number(target))) * 100);
  return Math.max(targetSteps.least, Math.min(targetSteps.most, step));
}
