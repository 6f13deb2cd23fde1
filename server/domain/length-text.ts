/** Lengths of time as people read them. */

const steps = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'min', ms: 60_000 },
  { unit: 's', ms: 1_000 },
] as const;

/** A length in its two largest units, cut off, never rounded up: `4 s`, `12 min 5 s`, `3 h 5 min`, `2 d 4 h`. */
export function lengthText(ms: number): string {
  const first = steps.findIndex((step) => ms >= step.ms);
  const large = steps[first];
  if (!large) return '0 s';
  const small = steps[first + 1];
  const rest = small ? Math.floor((ms % large.ms) / small.ms) : 0;
  const head = `${Math.floor(ms / large.ms)} ${large.unit}`;
  return small && rest > 0 ? `${head} ${rest} ${small.unit}` : head;
}

/** A length in its largest unit: `4 s`, `12 min`, `3 h`, `2 d`; below a second `now`. */
export function shortLengthText(ms: number): string {
  const step = steps.find((candidate) => ms >= candidate.ms);
  return step ? `${Math.floor(ms / step.ms)} ${step.unit}` : 'now';
}
