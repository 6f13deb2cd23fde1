import type { CatalogChange } from './catalog-difference.ts';
import type { CatalogState } from './catalog-kinds.ts';

/** What other features may refer to, by key. */
export interface CatalogNames {
  teams: ReadonlySet<string>;
  services: ReadonlySet<string>;
  calendars: ReadonlySet<string>;
  /** `payroll.backup`: probes that wait for a push. */
  heartbeats: ReadonlySet<string>;
}

/** What there is, after the changes. */
export function namesOf(state: CatalogState, changes: readonly CatalogChange[] = []): CatalogNames {
  const after = (kind: CatalogChange['kind'], keys: Iterable<string>): Set<string> => {
    const names = new Set(keys);
    for (const change of changes) {
      if (change.kind !== kind) continue;
      if (change.action === 'delete') names.delete(change.key);
      else names.add(change.key);
    }
    return names;
  };
  const kinds = new Map<string, string>([...state.probes].map(([key, { kind }]) => [key, kind]));
  for (const change of changes) if (change.kind === 'probe' && change.draft) kinds.set(change.key, change.draft.kind);
  const heartbeats = [...after('probe', state.probes.keys())].filter((key) => kinds.get(key) === 'heartbeat');
  return {
    teams: after('team', state.teams.keys()),
    services: after('service', state.services.keys()),
    calendars: after('calendar', state.calendars.keys()),
    heartbeats: new Set(heartbeats),
  };
}
