/** When the steps of an escalation come due. */

export interface EscalationTiming {
  /** How long after the alert, or after its round began, a step comes due; rising. */
  readonly steps: readonly { readonly afterMs: number }[];
  /** How often all of it begins anew. */
  readonly repeat: number;
  /** How long after the last step of a round the next one begins. */
  readonly repeatAfterMs: number;
}

export interface EscalationMoment {
  /** Both count from 0. */
  readonly round: number;
  readonly step: number;
  readonly atMs: number;
}

/** Every step of every round of an alert that fires at an instant and that nobody acknowledges, in order. */
export function escalationMoments(
  { steps, repeat, repeatAfterMs }: EscalationTiming,
  firedMs: number,
): EscalationMoment[] {
  const roundMs = (steps.at(-1)?.afterMs ?? 0) + repeatAfterMs;
  return Array.from({ length: repeat + 1 }, (_, round) =>
    steps.map(({ afterMs }, step) => ({ round, step, atMs: firedMs + round * roundMs + afterMs })),
  ).flat();
}

/**
 * How an escalation that began at an instant stands now: the steps that have come due since an instant it was told at
 * (null: never), and when the next comes due, null after the last.
 */
export function escalationAt(
  timing: EscalationTiming,
  firedMs: number,
  toldMs: number | null,
  nowMs: number,
): { readonly due: readonly EscalationMoment[]; readonly nextMs: number | null } {
  const moments = escalationMoments(timing, firedMs);
  return {
    due: moments.filter(({ atMs }) => atMs > (toldMs ?? -Infinity) && atMs <= nowMs),
    nextMs: moments.find(({ atMs }) => atMs > nowMs)?.atMs ?? null,
  };
}
