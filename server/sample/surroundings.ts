import { hostname } from 'node:os';
import type { AddressGuard } from '../../probes/contract.ts';
import { probeKind } from '../../probes/registry.ts';
import { runProbe } from '../../probes/run-probe.ts';
import type { StarterProbe } from './starter.ts';

const patienceMs = 2_000;

interface Candidate extends StarterProbe {
  /** Of several with the same key, the first that is there counts. */
  key: string;
}

/** Where an SSH server might be. */
export interface Place {
  host: string;
  port: number;
}

/** What a machine usually has: a resolver that knows the root, its own name or `localhost`, and an SSH server. */
function candidates(sshPlaces: readonly Place[]): Candidate[] {
  const questions = [
    { name: '.', type: 'NS' },
    { name: hostname(), type: 'A' },
    { name: 'localhost', type: 'A' },
  ];
  return [
    ...questions.map((config) => ({ key: 'resolver', name: 'Its resolver', kind: 'dns', config })),
    ...sshPlaces.map((place) => ({
      key: 'ssh',
      name: 'Its SSH server',
      kind: 'tcp',
      role: 'supporting',
      config: { ...place, conversation: [{ expect: { contains: 'SSH-2.0' } }] },
    })),
  ];
}

/** Probes of what really answers on this machine right now, within two seconds. */
export async function findSurroundings(
  guard: AddressGuard,
  sshPlaces: readonly Place[],
): Promise<Record<string, StarterProbe>> {
  const tried = candidates(sshPlaces).map(async (candidate) => ((await isThere(candidate, guard)) ? candidate : null));
  const found: Record<string, StarterProbe> = {};
  for (const candidate of await Promise.all(tried)) {
    if (!candidate || candidate.key in found) continue;
    const { key, ...probe } = candidate;
    found[key] = probe;
  }
  return found;
}

async function isThere({ kind: name, config }: Candidate, guard: AddressGuard): Promise<boolean> {
  const kind = probeKind(name);
  const parsed = kind.config.safeParse(config);
  if (!parsed.success) return false;
  const { verdict } = await runProbe(kind, parsed.data, { timeoutMs: patienceMs, guard });
  return verdict === 'up';
}
