/**
 * Whether something changes so often that each change is not worth telling. Source: Nagios, "Detection and Handling of
 * State Flapping": of the last 21 states there are 20 places at which it may have changed, the newest of which weighs 1.2
 * and the oldest 0.8.
 */

export const flappingChanges = 20;
const beginsAt = 0.3;
const endsBelow = 0.25;

/** The weighted share of changes among states, oldest first; fewer of them than 21 count as if nothing had changed before. */
export function changeShare(states: readonly string[]): number {
  const last = states.slice(-(flappingChanges + 1));
  const missing = flappingChanges + 1 - last.length;
  let sum = 0;
  for (let index = 1; index < last.length; index += 1) {
    if (last[index] === last[index - 1]) continue;
    sum += 0.8 + ((missing + index - 1) * 0.4) / (flappingChanges - 1);
  }
  return sum / flappingChanges;
}

/** Begins at 30 %, ends below 25 %; in between it stays as it was. */
export function isFlapping(was: boolean, states: readonly string[]): boolean {
  const share = changeShare(states);
  return was ? share >= endsBelow : share >= beginsAt;
}
