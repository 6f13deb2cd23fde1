import { Injectable, type OnModuleInit } from '@nestjs/common';
import { reasons } from '../../../probes/contract.ts';
import { EventBus } from '../../platform/events.ts';
import type { ServiceChange } from '../../probing/timelines.service.ts';
import '../../probing/timelines.service.ts';
import { AlertFactsRepository } from './alert-facts.repository.ts';
import { AlertIntakeService } from './alert-intake.service.ts';

const expiring = reasons['certificate-expiring'].code;
const isExpiring = ({ state, reason }: ServiceChange['after']): boolean => state === 'degraded' && reason === expiring;
/** While it is down or nobody knows, nobody has seen another certificate. */
const isSeen = ({ state }: ServiceChange['after']): boolean => state === 'up' || state === 'degraded';

/** Alerts of certificates that have fewer days left than their probes want. */
@Injectable()
export class CertificateAlertsService implements OnModuleInit {
  constructor(
    readonly intake: AlertIntakeService,
    readonly facts: AlertFactsRepository,
    readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    this.events.on('services.changed', ({ changes }) => this.#changed(changes));
  }

  async #changed(changes: readonly ServiceChange[]): Promise<void> {
    const turned = changes.filter(
      ({ before, after }) => before.state !== after.state || before.reason !== after.reason,
    );
    const begun = turned.filter(({ after }) => isExpiring(after));
    const over = turned.filter(({ after }) => isSeen(after) && !isExpiring(after));
    if (begun.length > 0) await this.#fire(begun);
    if (over.length > 0)
      await this.intake.resolveOf(
        'certificate-expiring',
        over.map(({ serviceId }) => serviceId),
      );
  }

  async #fire(begun: readonly ServiceChange[]): Promise<void> {
    const services = await this.facts.services(begun.map(({ serviceId }) => serviceId));
    const since = new Map(begun.map(({ serviceId, after }) => [serviceId, after.sinceMs]));
    await this.intake.fire(
      services.map(({ id, key, name }) => ({
        ...{ rule: 'certificate-expiring', fingerprint: `certificate-expiring/${key}`, serviceId: id },
        ...{ title: `A certificate of ${name} expires soon`, sinceMs: since.get(id) ?? this.intake.nowMs() },
        reason: 'It has fewer days left than its probe wants',
      })),
    );
  }
}
