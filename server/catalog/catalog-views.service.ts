import { Inject, Injectable } from '@nestjs/common';
import type { Location, Probe, Service, Team } from '../contract/catalog.ts';
import { ENVIRONMENT, type Environment } from '../platform/config.ts';
import { currentActor } from '../platform/request-context.ts';
import { KEYRING, type Keyring } from '../platform/secrets.ts';
import {
  probeKey,
  type ServiceDefinition,
  type StoredLocation,
  type StoredProbe,
  type StoredTeam,
} from './definitions.ts';
import { findKind, writtenConfig } from './probe-kinds.ts';
import { hideSecrets } from './probe-secrets.ts';

export const teamView = ({ key, name, email, description, managedBy }: StoredTeam): Team => ({
  ...{ key, name, email, description, managedBy },
});

export const locationView = ({ key, name, description, managedBy }: StoredLocation): Location => ({
  ...{ key, name, description, managedBy },
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
      createdAt: service.createdAt.toISOString(),
    };
  }

  probe(probe: StoredProbe): Probe {
    const { service, name, kind, everyMs, timeoutMs, role, confirm, degradedAboveMs, quorum, paused, managedBy } =
      probe;
    const found = findKind(kind);
    const isShown = found?.mode === 'push' && mayChange(probe.owner);
    return {
      key: probeKey(probe),
      ...{ service, name, kind, everyMs, timeoutMs, role, confirm, degradedAboveMs, quorum, paused, managedBy },
      target: found?.describe(probe.config) ?? '',
      locations: [...probe.locations],
      config: hideSecrets(kind, writtenConfig(kind, probe.config)),
      ...(isShown ? { pushUrl: `${this.#publicUrl}/api/v1/heartbeats/${this.heartbeatToken(probe.id)}` } : {}),
    };
  }

  /** What a call for this probe carries in its address. */
  heartbeatToken(probeId: number): string {
    return this.#keyring.token('heartbeat', probeId);
  }
}

function mayChange(owner: string): boolean {
  const { permissions, teams } = currentActor();
  return permissions.has('catalog:write') && (teams === 'all' || teams.includes(owner));
}
