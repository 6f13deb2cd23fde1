import { differences, type FieldChange, type Fields } from '../domain/differences.ts';
import {
  locationFields,
  probeFields,
  probeKey,
  serviceFields,
  teamFields,
  type LocationDraft,
  type ProbeDraft,
  type ServiceDraft,
  type StoredLocation,
  type StoredProbe,
  type StoredService,
  type StoredTeam,
  type TeamDraft,
} from './definitions.ts';
import { hideSecrets, valueAt } from './probe-secrets.ts';

export interface ChangeOf<Kind, Stored, Draft> {
  kind: Kind;
  /** `payroll`, or `payroll.login` for a probe. */
  key: string;
  /** `adopt`: what people made in the browser now belongs to the file. */
  action: 'create' | 'update' | 'adopt' | 'delete';
  /** What differs; empty for a thing that is new or goes. */
  fields: readonly FieldChange[];
  stored: Stored | undefined;
  draft: Draft | undefined;
}
export type TeamChange = ChangeOf<'team', StoredTeam, TeamDraft>;
export type LocationChange = ChangeOf<'location', StoredLocation, LocationDraft>;
export type ServiceChange = ChangeOf<'service', StoredService, ServiceDraft>;
export type ProbeChange = ChangeOf<'probe', StoredProbe, ProbeDraft>;
export type CatalogChange = TeamChange | LocationChange | ServiceChange | ProbeChange;

/** Whether a thing is different afterwards, and not only in other hands. */
export const isMaterial = ({ action, fields }: CatalogChange): boolean => action !== 'adopt' || fields.length > 0;

/** Things by key; probes by `payroll.login`. */
export interface CatalogState {
  teams: ReadonlyMap<string, StoredTeam>;
  locations: ReadonlyMap<string, StoredLocation>;
  services: ReadonlyMap<string, StoredService>;
  probes: ReadonlyMap<string, StoredProbe>;
}

/** Things as they shall be; what is not named stays. */
export interface CatalogDrafts {
  teams: readonly TeamDraft[];
  locations: readonly LocationDraft[];
  services: readonly ServiceDraft[];
  probes: readonly ProbeDraft[];
}

type OpenConfig = (probe: StoredProbe) => ProbeDraft['config'];

/** What has to change so that every draft is what is stored. In order of kind, then of the drafts. */
export function draftChanges(state: CatalogState, drafts: CatalogDrafts, openConfig: OpenConfig): CatalogChange[] {
  return [
    ...drafts.teams.flatMap((draft) => changeOf('team', state.teams.get(draft.key), draft, teamFields)),
    ...drafts.locations.flatMap((draft) => changeOf('location', state.locations.get(draft.key), draft, locationFields)),
    ...drafts.services.flatMap((draft) => changeOf('service', state.services.get(draft.key), draft, serviceFields)),
    ...drafts.probes.flatMap((draft) => probeChange(state.probes.get(probeKey(draft)), draft, openConfig)),
  ] as CatalogChange[];
}

/** What goes because the file made it once, or owns its service, and names it no more. */
export function prunedChanges(state: CatalogState, drafts: CatalogDrafts): CatalogChange[] {
  const gone = <Kind extends CatalogChange['kind'], Stored>(
    kind: Kind,
    stored: ReadonlyMap<string, Stored>,
    stays: (key: string, one: Stored) => boolean,
  ) => [...stored].filter(([key, one]) => !stays(key, one)).map(([key, one]) => deletion(kind, key, one));
  const named = (things: readonly { key: string }[]) => new Set(things.map(({ key }) => key));
  const teams = named(drafts.teams);
  const locations = named(drafts.locations);
  const services = named(drafts.services);
  const probes = new Set(drafts.probes.map(probeKey));
  return [
    ...gone('probe', state.probes, (key, { service }) => !services.has(service) || probes.has(key)),
    ...gone('service', state.services, (key, { managedBy }) => managedBy !== 'file' || services.has(key)),
    ...gone('location', state.locations, (key, { managedBy }) => managedBy !== 'file' || locations.has(key)),
    ...gone('team', state.teams, (key, { managedBy }) => managedBy !== 'file' || teams.has(key)),
  ] as CatalogChange[];
}

export const deletion = <Kind, Stored>(kind: Kind, key: string, stored: Stored): ChangeOf<Kind, Stored, never> => ({
  kind,
  key,
  action: 'delete',
  fields: [],
  stored,
  draft: undefined,
});

interface Managed {
  key: string;
  managedBy: 'file' | null;
}

function changeOf<Kind, Draft extends Managed, Stored extends Draft>(
  kind: Kind,
  stored: Stored | undefined,
  draft: Draft,
  fieldsOf: (thing: Draft) => Fields,
): ChangeOf<Kind, Stored, Draft>[] {
  if (!stored) return [{ kind, key: draft.key, action: 'create', fields: [], stored, draft }];
  const fields = differences(fieldsOf(stored), fieldsOf(draft));
  const adopts = stored.managedBy !== draft.managedBy;
  if (!adopts && fields.length === 0) return [];
  return [{ kind, key: draft.key, action: adopts ? 'adopt' : 'update', fields, stored, draft }];
}

function probeChange(stored: StoredProbe | undefined, draft: ProbeDraft, openConfig: OpenConfig): ProbeChange[] {
  const key = probeKey(draft);
  if (!stored) return [{ kind: 'probe', key, action: 'create', fields: [], stored, draft }];
  const before = { ...stored, config: openConfig(stored) };
  // Compared in the clear, told hidden: a secret that changes is a difference from ******** to ********.
  const fields = differences(probeFields(before), probeFields(draft)).map(({ path }) => ({
    path,
    from: valueAt(shownProbeFields(before), path) ?? null,
    to: valueAt(shownProbeFields(draft), path) ?? null,
  }));
  return fields.length === 0 ? [] : [{ kind: 'probe', key, action: 'update', fields, stored, draft }];
}

/** A probe's fields with its secrets hidden. */
export const shownProbeFields = (probe: ProbeDraft): Fields =>
  probeFields({ ...probe, config: hideSecrets(probe.kind, probe.config) });
