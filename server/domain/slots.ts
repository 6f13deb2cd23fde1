/** Slots: the instants at which a probe owes a run. All times are epoch milliseconds. */

export interface Schedule {
  everyMs: number;
  /** 0 up to, not including, everyMs. */
  offsetMs: number;
}

const goldenRatioConjugate = 0.618_033_988_749_894_9;

/** Where in its interval a probe's slots lie: spread evenly over all ids, and the same for ever for one id. */
export const spreadOffsetMs = (id: number, everyMs: number): number =>
  Math.floor(((id * goldenRatioConjugate) % 1) * everyMs);

/** The newest slot at or before an instant. */
export const slotAtOrBefore = (atMs: number, { everyMs, offsetMs }: Schedule): number =>
  Math.floor((atMs - offsetMs) / everyMs) * everyMs + offsetMs;

/** The first slot at or after an instant. */
export const slotAtOrAfter = (atMs: number, { everyMs, offsetMs }: Schedule): number =>
  Math.ceil((atMs - offsetMs) / everyMs) * everyMs + offsetMs;

/** How many slots lie in [fromMs, toMs). */
export const slotsBetween = (fromMs: number, toMs: number, schedule: Schedule): number =>
  fromMs < toMs ? (slotAtOrAfter(toMs, schedule) - slotAtOrAfter(fromMs, schedule)) / schedule.everyMs : 0;

export const isSlot = (atMs: number, { everyMs, offsetMs }: Schedule): boolean => (atMs - offsetMs) % everyMs === 0;

/** When a missing slot is called unknown: the run may take its timeout, and its result a while to arrive. */
const arrivalMs = 15_000;
export const overdueAtMs = (coveredUntilMs: number, timeoutMs: number): number =>
  coveredUntilMs + timeoutMs + arrivalMs;
