/** The outbox of alerts as a process of its own: the features that it needs and nothing else, so that it starts fast. */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ChannelsModule } from '../../server/alerting/channels/channels.module.ts';
import { DeliveriesService, type DeliveryOrder } from '../../server/alerting/channels/deliveries.service.ts';
import { readEnvironment } from '../../server/platform/config.ts';
import { createLogger } from '../../server/platform/logger.ts';
import { NestLogger } from '../../server/platform/nest-logger.ts';
import { PlatformModule } from '../../server/platform/platform.module.ts';
import { schema } from '../../server/schema.ts';

const environment = readEnvironment();
const log = createLogger(environment.LOG_LEVEL, 'deliveries');

@Module({ imports: [PlatformModule.forRoot(environment, schema, log), ChannelsModule] })
class OutboxModule {}

const app = await NestFactory.createApplicationContext(OutboxModule, { logger: new NestLogger(log) });
const deliveries = app.get(DeliveriesService);
/** What is told of one alert, in the order in which it happened; ordered in one transaction. */
process.on('message', (orders: DeliveryOrder[]) => {
  deliveries.enqueue(...orders).then(
    () => process.send?.({ committed: orders.map(({ dedupeKey }) => dedupeKey) }),
    (err: unknown) => log.warn({ err }, 'nothing was ordered'),
  );
});
process.on('disconnect', () => process.exit(1));
process.send?.({ started: true });
