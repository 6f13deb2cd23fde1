import { type ProbeKindInfo, probeInputSchema } from '../../server/contract/catalog.ts';
import { type Fields, isFields } from './form-value.ts';

/** The longest that a trial may take. */
const longestMs = 60_000;

/** One run of a probe as it stands in the form; times that cannot be read yet are left to the kind. */
export function trialOf(value: Fields, kind: ProbeKindInfo, location: string | null, stored: string | null) {
  const { every, timeout, degradedAbove } = value;
  const { data } = probeInputSchema.safeParse({ kind: kind.kind, every, timeout, degradedAbove });
  return {
    kind: kind.kind,
    config: isFields(value['config']) ? value['config'] : {},
    timeoutMs: Math.min(longestMs, data?.timeout ?? kind.defaults.timeoutMs),
    ...(typeof data?.degradedAbove === 'number' ? { degradedAboveMs: data.degradedAbove } : {}),
    ...(location === null ? {} : { location }),
    ...(stored === null ? {} : { probe: stored }),
  };
}
