/** Whether the link to the server can be trusted, from what was last heard. Pure. */

export type LinkState = 'connecting' | 'live' | 'cut';

/** An instant by two clocks: the wall clock runs on while the machine sleeps, the other one never steps. */
export interface Moment {
  wallMs: number;
  steadyMs: number;
}

export interface LinkSigns {
  /** When the link was asked for. */
  startedAt: Moment;
  /** When the server was last heard; null while it never was. */
  heardAt: Moment | null;
  /** Since when the socket is disconnected; null while it is connected. */
  disconnectedAt: Moment | null;
}

/** The server pulses every five seconds; two missed pulses and a little are a cut link. */
export const silenceLimitMs = 12_000;
/** A short break, as of a network change, is not shown. */
export const breakLimitMs = 2_000;

/** The longer of what both clocks say: after sleep the wall clock is right, after a step back the steady one. */
export const elapsedMs = (since: Moment, now: Moment): number =>
  Math.max(now.wallMs - since.wallMs, now.steadyMs - since.steadyMs);

/** The state of the link now. */
export function linkState({ startedAt, heardAt, disconnectedAt }: LinkSigns, now: Moment): LinkState {
  if (disconnectedAt && elapsedMs(disconnectedAt, now) > breakLimitMs) return 'cut';
  if (elapsedMs(heardAt ?? startedAt, now) > silenceLimitMs) return 'cut';
  return heardAt ? 'live' : 'connecting';
}

export const momentNow = (): Moment => ({ wallMs: Date.now(), steadyMs: performance.now() });
