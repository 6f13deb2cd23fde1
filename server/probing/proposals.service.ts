import { Inject, Injectable } from '@nestjs/common';
import type { Reason } from '../../probes/contract.ts';
import { probeKind } from '../../probes/registry.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import type { Proposals, ProposalsInput } from '../contract/proposals.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { invalidField } from '../platform/problem.ts';
import { bareHosts, identityOf, proposalsFor, readLines } from './probe-proposals.ts';
import { TryProbeService } from './try-probe.service.ts';

const pingTimeoutMs = 2_000;
/** Hosts that are pinged to find out whether a location can, at most. */
const pingedAtMost = 3;
/** With these, packets left the location: it can ping, whatever became of them. */
const pinged: ReadonlySet<string> = new Set<Reason>([
  'ok',
  'slow',
  'timeout',
  'unreachable',
  'packet-loss',
  'too-slow',
]);

/** Proposes probes for pasted hosts and addresses. */
@Injectable()
export class ProposalsService {
  constructor(
    readonly catalog: CatalogService,
    readonly tryProbe: TryProbeService,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  /** A proposal for every line that says something. Stores nothing; may ping a few of the hosts. */
  async propose({ lines, location }: ProposalsInput): Promise<Proposals> {
    const locations = await this.catalog.locations();
    if (!locations.some(({ key }) => key === location)) {
      throw invalidField('location', `there is no location "${location}"`);
    }
    const read = readLines(lines);
    const hosts = bareHosts(read);
    const canPing = hosts.length > 0 ? await this.#canPing(location, hosts.slice(0, pingedAtMost)) : null;
    const services = await this.catalog.definitions();
    const probes = services.flatMap((service) =>
      service.probes.map(({ kind, config, key }): [string, string] => [
        identityOf(kind, probeKind(kind).describe(config)),
        `${service.key}.${key}`,
      ]),
    );
    const known = { serviceKeys: new Set(services.map(({ key }) => key)), probes: new Map(probes) };
    return { proposals: proposalsFor(read, canPing, known), canPing };
  }

  /** Whether pings leave the location; null where none of the hosts gives an answer to that. */
  async #canPing(location: string, hosts: readonly string[]): Promise<boolean | null> {
    for (const host of hosts) {
      try {
        const run = { kind: 'icmp', config: { host, packets: 1 }, timeoutMs: pingTimeoutMs, location };
        const { reason } = await this.tryProbe.run(run);
        if (reason === 'program-missing') return false;
        if (pinged.has(reason)) return true;
      } catch (err) {
        this.log.debug({ err, location }, 'whether a location can ping could not be found out');
        return null;
      }
    }
    return null;
  }
}
