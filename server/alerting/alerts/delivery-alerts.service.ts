import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../platform/events.ts';
import { ChannelsService } from '../channels/channels.service.ts';
import { DeliveriesService } from '../channels/deliveries.service.ts';
import '../channels/delivery-failed.event.ts';
import type { FailedDelivery } from '../channels/delivery-failed.event.ts';
import { AlertIntakeService } from './alert-intake.service.ts';
import { AlertsRepository } from './alerts.repository.ts';

const prefix = 'delivery-failing/';

/** What a channel could not be told is told through others, and that it could not. */
@Injectable()
export class DeliveryAlertsService implements OnModuleInit {
  constructor(
    readonly intake: AlertIntakeService,
    readonly alerts: AlertsRepository,
    readonly channels: ChannelsService,
    readonly deliveries: DeliveriesService,
    readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    this.events.on('delivery.failed', (failed) => this.#failed(failed));
    this.events.on('delivery.taken', async ({ channel }) => {
      await this.intake.resolve({ fingerprints: [`${prefix}${channel}`] }, this.intake.nowMs());
    });
  }

  async #failed({ deliveryId, channel, message, said }: FailedDelivery): Promise<void> {
    const { fingerprint } = message.alert;
    // That a channel fails is told to all others at once: that one of them fails too says nothing new.
    if (!fingerprint.startsWith(prefix)) await this.#tellOthers(deliveryId, channel, message);
    // One that was deleted is not to be told again.
    const name = await this.channels.nameOf(channel);
    if (fingerprint === `${prefix}${channel}` || name === undefined) return;
    await this.intake.fire([
      {
        ...{ rule: 'delivery-failing', fingerprint: `${prefix}${channel}` },
        title: `The channel ${name} cannot be told`,
        reason: `“${message.title}” could not be delivered: ${said}`,
        sinceMs: this.intake.nowMs(),
      },
    ]);
  }

  /** Those that were not told of the alert yet: each is told once in the place of others. */
  async #tellOthers(deliveryId: number, failed: string, message: FailedDelivery['message']): Promise<void> {
    const alert = await this.alerts.find(message.alert.id);
    if (message.moment === 'test' || alert?.fingerprint !== message.alert.fingerprint) return;
    const told = new Set((await this.alerts.toldChannels([message.alert.id])).get(message.alert.id) ?? []);
    const others = (await this.channels.keys()).filter((key) => key !== failed && !told.has(key));
    await this.deliveries.enqueue(
      ...others.map((channel) => ({ channel, message, dedupeKey: `instead/${deliveryId}/${channel}` })),
    );
  }
}
