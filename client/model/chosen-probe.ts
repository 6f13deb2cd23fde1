import type { Probe } from '../../server/contract/catalog.ts';
import type { ServiceDetail } from '../../server/contract/probing.ts';

/** The probe that is asked for, else the first one that decides over the service; null without any. */
export function chosenProbe(probes: ServiceDetail['probes'], key: string | null): Probe | null {
  const all = probes.map(({ probe }) => probe);
  return all.find((probe) => probe.key === key) ?? all.find(({ role }) => role === 'critical') ?? all[0] ?? null;
}
