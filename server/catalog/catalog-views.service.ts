import { Inject, Injectable } from '@nestjs/common';
import type { Calendar } from '../contract/calendars.ts';
import type { Maintenance } from '../contract/maintenance.ts';
import type { Location, Probe, Service, Team } from '../contract/catalog.ts';
import { ENVIRONMENT, type Environment } from '../platform/config.ts';
import { currentActor } from '../platform/request-context.ts';
import { KEYRING, type Keyring } from '../platform/secrets.ts';
import {
  probeKey,
  type ManagedBy,
  type ServiceDefinition,
  type StoredCalendar,
  type StoredLocation,
  type StoredMaintenance,
  type StoredProbe,
  type StoredTeam,
} from './definitions.ts';
import { findKind, writtenConfig } from './probe-kinds.ts';
import { hideSecrets } from './probe-secrets.ts';

export const teamView = (team: StoredTeam): Team => ({
  ...locationView(team),
  email: team.email,
});

export const locationView = ({ key, name, description, managedBy, updatedAt }: StoredLocation): Location => ({
  ...{ key, name, description, managedBy },
  mayChange: mayChange(null, managedBy),
  updatedAt: updatedAt.toISOString(),
});

export const calendarView = ({ id: _id, updatedAt, ...calendar }: StoredCalendar): Calendar => ({
  ...calendar,
  mayChange: mayChange(null, calendar.managedBy),
  updatedAt: updatedAt.toISOString(),
});

/** What of a maintenance does not follow from the present. */
export const maintenanceView = (one: StoredMaintenance): Omit<Maintenance, 'running' | 'next'> => ({
  key: one.key,
  name: one.name,
  note: one.note,
  services: [...one.services],
  dependents: one.dependents,
  start: one.start,
  timeZone: one.timeZone,
  durationMs: one.durationMs,
  repeat: one.repeat,
  except: [...one.except],
  announced: one.announcedAt?.toISOString() ?? null,
  managedBy: one.managedBy,
  mayChange: one.owners.every((owner) => mayChange(owner, one.managedBy)),
  updatedAt: one.updatedAt.toISOString(),
});

/** Things as the caller may see them: no secret, and push addresses for those alone who may change the probe. */
@Injectable()
export class CatalogViews {
  readonly #keyring: Keyring;
  readonly #publicUrl: string;

  constructor(@Inject(KEYRING) keyring: Keyring, @Inject(ENVIRONMENT) { PUBLIC_URL = '' }: Environment) {
    this.#keyring = keyring;
    this.#publicUrl = PUBLIC_URL.replace(/\/$/, '');
  }

  service(service: ServiceDefinition): Service {
    const { key, name, description, category, owner, tier, tags, paused, atLeast, dependsOn, managedBy } = service;
    return {
      ...{ key, name, description, category, owner, tier, tags: [...tags], paused, atLeast, managedBy },
      dependsOn: [...dependsOn],
      dependents: [...service.dependents],
      probes: service.probes.map((probe) => this.probe(probe)),
      mayChange: mayChange(owner, managedBy),
      createdAt: service.createdAt.toISOString(),
      updatedAt: service.updatedAt.toISOString(),
    };
  }

  probe(probe: StoredProbe): Probe {
    const { service, name, kind, everyMs, timeoutMs, role, confirm, degradedAboveMs, quorum, paused, managedBy } =
      probe;
    const found = findKind(kind);
    const isShown = found?.mode === 'push' && hasRightTo(probe.owner);
    return {
      key: probeKey(probe),
      ...{ service, name, kind, everyMs, timeoutMs, role, confirm, degradedAboveMs, quorum, paused, managedBy },
      target: found?.describe(probe.config) ?? '',
      locations: [...probe.locations],
      mayChange: mayChange(probe.owner, managedBy),
      updatedAt: probe.updatedAt.toISOString(),
      config: hideSecrets(kind, writtenConfig(kind, probe.config)),
      ...(isShown ? { pushUrl: `${this.#publicUrl}/api/v1/heartbeats/${this.heartbeatToken(probe.id)}` } : {}),
    };
  }

  /** What a call for this probe carries in its address. */
  heartbeatToken(probeId: number): string {
    return this.#keyring.token('heartbeat', probeId);
  }
}

const mayChange = (owner: string | null, managedBy: ManagedBy): boolean => managedBy === null && hasRightTo(owner);

/** `owner` is null for what belongs to no team. */
export function hasRightTo(owner: string | null): boolean {
  const { permissions, teams } = currentActor();
  return permissions.has('catalog:write') && (teams === 'all' || (owner !== null && teams.includes(owner)));
}
