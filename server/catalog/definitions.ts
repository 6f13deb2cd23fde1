/** Catalog things as they are wanted (drafts) and as they are stored; references are keys. */
import { durationText } from '../../probes/support/duration.ts';
import type { CalendarInput } from '../contract/calendars.ts';
import type { categories, probeRoles } from '../contract/catalog.ts';
import type { Fields } from '../domain/differences.ts';
import type { Schedule } from '../domain/recurrence.ts';
import { writtenConfig } from './probe-kinds.ts';

export type ManagedBy = 'file' | null;

export interface LocationDraft {
  key: string;
  name: string;
  description: string;
  managedBy: ManagedBy;
}
export interface StoredLocation extends LocationDraft {
  id: number;
  updatedAt: Date;
}

export interface TeamDraft extends LocationDraft {
  email: string | null;
}
export interface StoredTeam extends TeamDraft {
  id: number;
  updatedAt: Date;
}

export interface CalendarDraft {
  key: string;
  name: string;
  timeZone: string;
  week: CalendarInput['week'];
  holidays: { country: string; region: string | null } | null;
  /** In order of date. */
  exceptions: CalendarInput['exceptions'];
  managedBy: ManagedBy;
}
export interface StoredCalendar extends CalendarDraft {
  id: number;
  updatedAt: Date;
}

export interface ServiceDraft {
  key: string;
  name: string;
  description: string;
  category: (typeof categories)[number];
  /** Key of the team. */
  owner: string;
  tier: number;
  tags: readonly string[];
  paused: boolean;
  atLeast: number | null;
  /** Keys of the services that this one rests on; their order means nothing. */
  dependsOn: readonly string[];
  managedBy: ManagedBy;
}
export interface StoredService extends ServiceDraft {
  id: number;
  ownerId: number;
  /** Ids of `dependsOn`, in the same order. */
  upstreamIds: readonly number[];
  /** Keys of the services that rest on this one, sorted. */
  dependents: readonly string[];
  createdAt: Date;
  updatedAt: Date;
}

export interface ProbeDraft {
  /** Key of the service. */
  service: string;
  /** Unique in its service. */
  key: string;
  name: string;
  kind: string;
  /** As parsed by the kind, secrets in the clear. */
  config: Readonly<Record<string, unknown>>;
  everyMs: number;
  timeoutMs: number;
  /** Keys of locations; none for kinds that wait for a push. Their order means nothing. */
  locations: readonly string[];
  role: (typeof probeRoles)[number];
  confirm: { failures: number; recheckAfterMs: number; successes: number };
  degradedAboveMs: number | null;
  quorum: number | null;
  paused: boolean;
}
/** Here secrets in `config` are sealed at rest. */
export interface StoredProbe extends ProbeDraft {
  id: number;
  serviceId: number;
  offsetMs: number;
  /** Ids of `locations`, in the same order. */
  locationIds: readonly number[];
  /** Of the service, as is `managedBy`. */
  owner: string;
  managedBy: ManagedBy;
  updatedAt: Date;
}

export interface MaintenanceDraft extends Schedule {
  key: string;
  name: string;
  note: string;
  /** Keys; their order means nothing. */
  services: readonly string[];
  dependents: boolean;
  announcedAt: Date | null;
  managedBy: ManagedBy;
}
export interface StoredMaintenance extends MaintenanceDraft {
  id: number;
  /** Ids of `services`, in the same order. */
  serviceIds: readonly number[];
  /** Teams of the services. */
  owners: readonly string[];
  updatedAt: Date;
}

/** A service with all its probes. */
export interface ServiceDefinition extends StoredService {
  probes: readonly StoredProbe[];
}

export function withProbes(services: readonly StoredService[], probes: readonly StoredProbe[]): ServiceDefinition[] {
  const byService = new Map<number, StoredProbe[]>(services.map(({ id }) => [id, []]));
  for (const probe of probes) byService.get(probe.serviceId)?.push(probe);
  return services.map((service) => ({ ...service, probes: byService.get(service.id)! }));
}

/** `payroll.login`: a probe's key outside its service. */
export const probeKey = ({ service, key }: { service: string; key: string }): string => `${service}.${key}`;

export const locationFields = ({ name, description }: LocationDraft): Fields => ({ name, description });

export const teamFields = ({ name, email, description }: TeamDraft): Fields => ({ name, email, description });

export const calendarFields = ({ name, timeZone, week, holidays, exceptions }: CalendarDraft): Fields => ({
  name,
  timeZone,
  week,
  holidays: holidays && { country: holidays.country, ...(holidays.region ? { region: holidays.region } : {}) },
  exceptions: exceptions.map(({ date, hours, name: what }) => ({ date, hours, ...(what ? { name: what } : {}) })),
});

export const serviceFields = (service: ServiceDraft): Fields => ({
  name: service.name,
  description: service.description,
  category: service.category,
  owner: service.owner,
  tier: service.tier,
  tags: service.tags,
  paused: service.paused,
  atLeast: service.atLeast,
  dependsOn: service.dependsOn.toSorted(),
});

export const maintenanceFields = (maintenance: MaintenanceDraft): Fields => ({
  name: maintenance.name,
  note: maintenance.note,
  services: maintenance.services.toSorted(),
  dependents: maintenance.dependents,
  start: maintenance.start,
  timeZone: maintenance.timeZone,
  duration: durationText(maintenance.durationMs),
  repeat: maintenance.repeat,
  except: maintenance.except.toSorted(),
  announced: maintenance.announcedAt?.toISOString().replace('.000Z', 'Z') ?? null,
});

export const probeFields = (probe: ProbeDraft): Fields => ({
  name: probe.name,
  kind: probe.kind,
  every: durationText(probe.everyMs),
  timeout: durationText(probe.timeoutMs),
  locations: probe.locations.toSorted(),
  role: probe.role,
  confirm: {
    failures: probe.confirm.failures,
    recheckAfter: durationText(probe.confirm.recheckAfterMs),
    successes: probe.confirm.successes,
  },
  degradedAbove: probe.degradedAboveMs === null ? null : durationText(probe.degradedAboveMs),
  quorum: probe.quorum,
  paused: probe.paused,
  config: writtenConfig(probe.kind, probe.config),
});
