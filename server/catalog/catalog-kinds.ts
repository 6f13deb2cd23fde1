/** The kinds of things in the catalog, as data: what holds of a kind is said here, and nowhere else by its name. */
import type { Fields } from '../domain/differences.ts';
import {
  calendarFields,
  locationFields,
  maintenanceFields,
  probeFields,
  probeKey,
  serviceFields,
  teamFields,
  type CalendarDraft,
  type LocationDraft,
  type MaintenanceDraft,
  type ManagedBy,
  type ProbeDraft,
  type ServiceDraft,
  type StoredCalendar,
  type StoredLocation,
  type StoredMaintenance,
  type StoredProbe,
  type StoredService,
  type StoredTeam,
  type TeamDraft,
} from './definitions.ts';
import { hideSecrets } from './probe-secrets.ts';

interface Kinds {
  team: { stored: StoredTeam; draft: TeamDraft; section: 'teams' };
  location: { stored: StoredLocation; draft: LocationDraft; section: 'locations' };
  calendar: { stored: StoredCalendar; draft: CalendarDraft; section: 'calendars' };
  service: { stored: StoredService; draft: ServiceDraft; section: 'services' };
  probe: { stored: StoredProbe; draft: ProbeDraft; section: 'probes' };
  maintenance: { stored: StoredMaintenance; draft: MaintenanceDraft; section: 'maintenance' };
}
export type CatalogKind = keyof Kinds;
export type StoredOf<Kind extends CatalogKind> = Kinds[Kind]['stored'];
export type DraftOf<Kind extends CatalogKind> = Kinds[Kind]['draft'];
export type CatalogSection = Kinds[CatalogKind]['section'];
/** Sections of a config file; probes stand in their services there. */
export type DocumentSection = Exclude<CatalogSection, 'probes'>;
export type DocumentKind = Exclude<CatalogKind, 'probe'>;

type BySection<Part extends 'stored' | 'draft'> = {
  [Kind in CatalogKind as Kinds[Kind]['section']]: Kinds[Kind][Part];
};
/** Things by key; probes by `payroll.login`. */
export type CatalogState = {
  [Section in CatalogSection]: ReadonlyMap<string, BySection<'stored'>[Section]>;
};
/** Things as they shall be; what is not named stays. */
export type CatalogDrafts = { [Section in CatalogSection]: readonly BySection<'draft'>[Section][] };

/** Keys of teams, null for what belongs to none; empty for what has still to be made. */
export type Owners = readonly (string | null)[];

interface Traits<Kind extends CatalogKind> {
  /** Where it stands in a state and in drafts, and in the config file. */
  section: Kinds[Kind]['section'];
  keyOf(draft: DraftOf<Kind>): string;
  /** What people edit of it, secrets hidden. */
  fieldsOf(draft: DraftOf<Kind>): Fields;
  managedBy(state: CatalogState, key: string): ManagedBy;
  /** Whose it is, of what is stored under a key. */
  owners(state: CatalogState, key: string): Owners;
  /** Whose it would be. */
  draftOwners(draft: DraftOf<Kind>, state: CatalogState): Owners;
}

const ofNobody = () => [null];
const keyOf = ({ key }: { key: string }): string => key;
const serviceOf = (probe: string): string => probe.split('.')[0]!;
/** Teams of services, each once; of services that are not there none. */
const teamsOf = ({ services }: CatalogState, keys: readonly string[]): Owners => [
  ...new Set(keys.flatMap((key) => services.get(key)?.owner ?? [])),
];

/** A probe's fields with its secrets hidden. */
export const shownProbeFields = (probe: ProbeDraft): Fields =>
  probeFields({ ...probe, config: hideSecrets(probe.kind, probe.config) });

/** In the order in which they are made: each may refer to those before it. */
export const catalogKinds: { readonly [Kind in CatalogKind]: Traits<Kind> } = {
  team: {
    section: 'teams',
    keyOf,
    fieldsOf: teamFields,
    managedBy: ({ teams }, key) => teams.get(key)?.managedBy ?? null,
    owners: ofNobody,
    draftOwners: ofNobody,
  },
  location: {
    section: 'locations',
    keyOf,
    fieldsOf: locationFields,
    managedBy: ({ locations }, key) => locations.get(key)?.managedBy ?? null,
    owners: ofNobody,
    draftOwners: ofNobody,
  },
  calendar: {
    section: 'calendars',
    keyOf,
    fieldsOf: calendarFields,
    managedBy: ({ calendars }, key) => calendars.get(key)?.managedBy ?? null,
    owners: ofNobody,
    draftOwners: ofNobody,
  },
  service: {
    section: 'services',
    keyOf,
    fieldsOf: serviceFields,
    managedBy: ({ services }, key) => services.get(key)?.managedBy ?? null,
    owners: (state, key) => teamsOf(state, [key]),
    draftOwners: ({ owner }) => [owner],
  },
  probe: {
    section: 'probes',
    keyOf: probeKey,
    fieldsOf: shownProbeFields,
    managedBy: ({ services }, key) => services.get(serviceOf(key))?.managedBy ?? null,
    owners: (state, key) => teamsOf(state, [serviceOf(key)]),
    draftOwners: ({ service }, state) => teamsOf(state, [service]),
  },
  maintenance: {
    section: 'maintenance',
    keyOf,
    fieldsOf: maintenanceFields,
    managedBy: ({ maintenance }, key) => maintenance.get(key)?.managedBy ?? null,
    owners: (state, key) => teamsOf(state, state.maintenance.get(key)?.services ?? []),
    draftOwners: ({ services }, state) => teamsOf(state, services),
  },
};
export const kindsInOrder = Object.keys(catalogKinds) as CatalogKind[];

/** What is stored of a kind, by key. */
export const storedOf = (state: CatalogState, kind: CatalogKind): ReadonlyMap<string, StoredOf<CatalogKind>> =>
  state[catalogKinds[kind].section];

/** Drafts of nothing, with those that are given. */
export const draftsOf = (given: Partial<CatalogDrafts> = {}): CatalogDrafts => ({
  ...(Object.fromEntries(kindsInOrder.map((kind) => [catalogKinds[kind].section, []])) as unknown as CatalogDrafts),
  ...given,
});

/** Whose all drafts would be. */
export const ownersOf = (drafts: CatalogDrafts, state: CatalogState): Owners =>
  kindsInOrder.flatMap((kind) => {
    const { section, draftOwners } = catalogKinds[kind] as Traits<CatalogKind>;
    return drafts[section].flatMap((draft) => draftOwners(draft, state));
  });
