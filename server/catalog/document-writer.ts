import { secretPaths } from '../../probes/registry.ts';
import { durationText } from '../../probes/support/duration.ts';
import { calendarInputSchema } from '../contract/calendars.ts';
import { maintenanceInputSchema } from '../contract/maintenance.ts';
import { locationInputSchema, probeInputSchema, serviceInputSchema, teamInputSchema } from '../contract/catalog.ts';
import { concise, type Fields } from '../domain/differences.ts';
import type { CatalogState } from './catalog-kinds.ts';
import {
  calendarFields,
  maintenanceFields,
  locationFields,
  probeFields,
  probeKey,
  serviceFields,
  teamFields,
  type ProbeDraft,
} from './definitions.ts';
import type { CatalogDocument } from './document-reader.ts';
import { conciseConfig, writtenConfig } from './probe-kinds.ts';
import { replacedAt, secretPlaces } from './probe-secrets.ts';

/** What stands for the secret at a path of a probe's config. */
export type Placeholder = (probe: string, path: readonly string[]) => unknown;

const { name: _team, ...teamDefaults } = teamInputSchema.parse({ name: 'x' });
const { name: _location, ...locationDefaults } = locationInputSchema.parse({ name: 'x' });
const { timeZone: _zone, ...calendarDefaults } = calendarInputSchema.parse({ timeZone: 'UTC' });
const { name: _service, owner: _owner, ...serviceDefaults } = serviceInputSchema.parse({ name: 'x', owner: 'x' });
const {
  name: _name,
  note,
  dependents,
  except,
} = maintenanceInputSchema.parse({
  ...{ services: ['x'], start: '2026-01-01T00:00', timeZone: 'UTC', duration: '1h' },
});
const maintenanceDefaults = { name: _name, note, dependents, except };
const { kind: _kind, config: _config, ...probeParsed } = probeInputSchema.parse({ kind: 'x' });
const probeDefaults = {
  ...probeParsed,
  confirm: { ...probeParsed.confirm, recheckAfter: durationText(probeParsed.confirm.recheckAfter) },
};

/** The catalog as people would write it: without what is filled in anyway, placeholders for secrets. Configs are open. */
export function documentOf(
  {
    teams,
    locations,
    calendars,
    services,
    probes,
    maintenance,
  }: Omit<CatalogState, 'probes'> & { probes: readonly ProbeDraft[] },
  placeholder: Placeholder,
): CatalogDocument {
  const probesOf = new Map<string, [string, Fields][]>([...services.keys()].map((key) => [key, []]));
  const criticals = new Map<string, number>();
  for (const probe of probes) {
    probesOf.get(probe.service)?.push([probe.key, conciseProbe(probe, placeholder)]);
    if (probe.role === 'critical') criticals.set(probe.service, (criticals.get(probe.service) ?? 0) + 1);
  }
  return {
    teams: mapped(teams, (team) => concise(teamFields(team), teamDefaults)),
    locations: mapped(locations, (location) => concise(locationFields(location), locationDefaults)),
    ...someOf('calendars', calendars, (calendar) => concise(calendarFields(calendar), calendarDefaults)),
    services: mapped(services, (service) => ({
      ...concise(serviceFields({ ...service, atLeast: meantAtLeast(service, criticals) }), serviceDefaults),
      ...(probesOf.get(service.key)!.length > 0 ? { probes: Object.fromEntries(probesOf.get(service.key)!) } : {}),
    })),
    ...someOf('maintenance', maintenance, (one) => concise(maintenanceFields(one), maintenanceDefaults)),
  };
}

/** A file may not ask for more than there are, which means no more than all of them. */
function meantAtLeast(
  { key, atLeast }: { key: string; atLeast: number | null },
  criticals: ReadonlyMap<string, number>,
) {
  return atLeast === null ? null : Math.min(atLeast, criticals.get(key) ?? 0) || null;
}

const mapped = <Thing>(things: ReadonlyMap<string, Thing>, write: (thing: Thing) => Fields): Record<string, Fields> =>
  Object.fromEntries([...things].map(([key, thing]) => [key, write(thing)]));

/** A section that is left out where it would be empty. */
const someOf = <Thing>(
  section: keyof CatalogDocument,
  things: ReadonlyMap<string, Thing>,
  write: (thing: Thing) => Fields,
): CatalogDocument => (things.size > 0 ? { [section]: mapped(things, write) } : {});

function conciseProbe(probe: ProbeDraft, placeholder: Placeholder): Fields {
  const { config: _open, ...fields } = concise(probeFields(probe), probeDefaults);
  const written = writtenConfig(probe.kind, conciseConfig(probe.kind, probe.config));
  const config = secretPlaces(written, secretPaths(probe.kind)).reduce<unknown>(
    (value, { path }) => replacedAt(value, path, placeholder(probeKey(probe), path)),
    written,
  ) as Fields;
  return Object.keys(config).length > 0 ? { ...fields, config } : fields;
}
