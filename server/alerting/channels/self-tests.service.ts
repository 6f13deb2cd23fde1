import { Inject, Injectable } from '@nestjs/common';
import { ENVIRONMENT, publicAddress, type Environment } from '../../platform/config.ts';
import { Database } from '../../platform/database.ts';
import { ChannelsRepository } from './channels.repository.ts';
import { DeliveriesService } from './deliveries.service.ts';
import { testMessage } from './test-message.ts';

/** Sends a test each week to the channels that ask for it, so that one that is broken is known before it is needed. */
@Injectable()
export class SelfTestsService {
  constructor(
    readonly channels: ChannelsRepository,
    readonly deliveries: DeliveriesService,
    readonly database: Database,
    @Inject(ENVIRONMENT) readonly environment: Environment,
  ) {}

  /** Orders the tests that are due; whatever becomes of them becomes of any delivery. */
  order(): Promise<void> {
    return this.database.transaction(async () => {
      const at = new Date();
      const due = await this.channels.dueForSelfTest();
      await this.deliveries.enqueue(
        ...due.map((channel) => ({
          channel: channel.key,
          message: testMessage(channel, at, publicAddress(this.environment)),
          dedupeKey: `self-test/${channel.key}/${at.toISOString()}`,
        })),
      );
    });
  }
}
