import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { AccessService } from '../../access/access.service.ts';
import { AuditService } from '../../access/audit.service.ts';
import type { ListQuery, Page, PutQuery } from '../../contract/catalog.ts';
import type {
  Channel,
  ChannelInput,
  ChannelKindInfo,
  ChannelTest,
  DeliveriesQuery,
  Delivery,
} from '../../contract/channels.ts';
import { suggestion } from '../../contract/suggestion.ts';
import { ENVIRONMENT, publicAddress, type Environment } from '../../platform/config.ts';
import { Database } from '../../platform/database.ts';
import { EventBus } from '../../platform/events.ts';
import { pageByKey } from '../../platform/key-page.ts';
import { tellNews } from '../../platform/news.ts';
import { assertNotManaged, assertUnchanged, Problem } from '../../platform/problem.ts';
import { currentActor } from '../../platform/request-context.ts';
import { readChannel } from './channel-reading.ts';
import { channelKind, channelKinds } from './channel-kinds.ts';
import { ChannelSecrets } from './channel-secrets.ts';
import { ChannelSenderService } from './channel-sender.service.ts';
import { ChannelsRepository, type ChannelCourse, type StoredChannel } from './channels.repository.ts';
import { DeliveriesService } from './deliveries.service.ts';
import { testMessage } from './test-message.ts';

/** Channels: where alerts are told. */
@Injectable()
export class ChannelsService {
  constructor(
    readonly channels: ChannelsRepository,
    readonly deliveries: DeliveriesService,
    readonly sender: ChannelSenderService,
    readonly secrets: ChannelSecrets,
    readonly access: AccessService,
    readonly audit: AuditService,
    readonly events: EventBus,
    readonly database: Database,
    @Inject(ENVIRONMENT) readonly environment: Environment,
  ) {}

  /** The kinds of channels with the schemas that forms are drawn from. */
  kinds(): ChannelKindInfo[] {
    return channelKinds.map(({ kind, title, description }) => ({
      ...{ kind, title, description },
      schema: channelKind(kind)!.schema as Record<string, unknown>,
    }));
  }

  async page({ text = '', ...page }: ListQuery): Promise<Page<Channel>> {
    const words = text.toLowerCase();
    const found = (await this.channels.find()).filter(
      ({ key, name }) => key.includes(words) || name.toLowerCase().includes(words),
    );
    const { items, next } = pageByKey(found, page);
    const courses = await this.channels.courses(items.map(({ id }) => id));
    return { items: items.map((one) => this.#view(one, courses.get(one.id)!)), next };
  }

  /** Keys of all channels, in order. */
  async keys(): Promise<string[]> {
    return [...(await this.names()).keys()];
  }

  /** Names of all channels by key, in order of key. */
  async names(): Promise<Map<string, string>> {
    return new Map((await this.channels.find()).map(({ key, name }) => [key, name]));
  }

  /** The name of a channel; undefined where it is not there, or not any more. */
  async nameOf(key: string): Promise<string | undefined> {
    return (await this.channels.find([key]))[0]?.name;
  }

  /** @throws Problem not-found */
  async get(key: string): Promise<Channel> {
    const stored = await this.#found(key);
    return this.#view(stored, (await this.channels.courses([stored.id])).get(stored.id)!);
  }

  /** Makes or changes a channel; the same again changes nothing. Answers whether it is new. */
  put(key: string, input: unknown, { expect }: PutQuery): Promise<boolean> {
    this.access.assertMayChange(null);
    return this.database.transaction(async () => {
      await this.channels.lock(key);
      const [stored] = await this.channels.find([key]);
      assertUnchanged(expect, stored?.updatedAt, `channel "${key}"`);
      assertNotManaged(stored?.managedBy, `channel "${key}"`);
      const before = stored && this.#inputOf(stored);
      const draft = readChannel(input, before);
      if (isDeepStrictEqual(before, draft)) return false;
      await this.channels.write(key, { ...draft, config: this.secrets.seal(draft) });
      await this.events.publish('channel.changed', { key });
      await this.#record(key, before ? 'changed' : 'created', { ...draft, config: this.secrets.hide(draft) });
      return !before;
    });
  }

  /** What waits for it is given up. @throws Problem not-found, in-use, managed-by-file, forbidden */
  delete(key: string): Promise<void> {
    this.access.assertMayChange(null);
    return this.database.transaction(async () => {
      await this.channels.lock(key);
      const stored = await this.#found(key);
      assertNotManaged(stored?.managedBy, `channel "${key}"`);
      await this.events.publish('channel.deleting', { key });
      await this.channels.delete(key);
      await this.deliveries.giveUpAll(stored, 'the channel was deleted');
      await this.#record(key, 'deleted', undefined);
    });
  }

  /** Takes the last deletion back. @throws Problem not-found, conflict, managed-by-file, forbidden */
  restore(key: string): Promise<void> {
    this.access.assertMayChange(null);
    return this.database.transaction(async () => {
      await this.channels.lock(key);
      const [again] = await this.channels.find([key]);
      if (again) throw new Problem('conflict', `There is a channel "${key}" again`);
      if (!(await this.channels.restore(key)))
        throw new Problem('not-found', `No channel "${key}" was deleted that could be brought back`);
      assertNotManaged((await this.#found(key)).managedBy, `channel "${key}"`);
      await this.events.publish('channel.changed', { key });
      await this.#record(key, 'restored', undefined);
    });
  }

  /** Sends a test now, beside the outbox, and answers what the receiver said. @throws Problem not-found, forbidden */
  async test(key: string): Promise<ChannelTest> {
    this.access.assertMayChange(null);
    const stored = await this.#found(key);
    const at = new Date();
    const begunMs = performance.now();
    const verdict = await this.sender.send({
      kind: stored.kind,
      config: this.secrets.open(stored),
      message: testMessage(stored, at, publicAddress(this.environment)),
      occasion: { key: randomUUID(), at, previous: null },
    });
    const ok = verdict.outcome === 'taken';
    await this.#record(key, 'tested', { ok });
    return { ok, said: verdict.said, tookMs: Math.round(performance.now() - begunMs) };
  }

  /** @throws Problem not-found */
  async deliveriesOf(key: string, query: DeliveriesQuery): Promise<Page<Delivery>> {
    return this.deliveries.page((await this.#found(key)).id, query);
  }

  async #found(key: string): Promise<StoredChannel> {
    const [stored] = await this.channels.find([key]);
    if (stored) return stored;
    const keys = (await this.channels.find()).map((one) => one.key);
    throw new Problem('not-found', `There is no channel "${key}"${suggestion(key, keys)}`);
  }

  #inputOf({ name, kind, config, selfTest }: StoredChannel): ChannelInput {
    return { name, kind, config: this.secrets.open({ kind, config }), selfTest };
  }

  #view(stored: StoredChannel, course: ChannelCourse): Channel {
    const { key, name, kind, selfTest, managedBy, createdAt, updatedAt } = stored;
    const { waiting, lastDeliveredAt, lastFailedAt, lastFailedSaid } = course;
    const mayWrite = currentActor().permissions.has('catalog:write') && this.access.mayChange(null);
    return {
      ...{ key, name, kind, config: this.secrets.hide(stored), selfTest, managedBy },
      mayChange: managedBy === null && mayWrite,
      ...{ createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(), waiting },
      lastDeliveredAt: lastDeliveredAt?.toISOString() ?? null,
      lastFailure: lastFailedAt && { at: lastFailedAt.toISOString(), said: lastFailedSaid ?? '' },
    };
  }

  async #record(key: string, action: string, detail: unknown): Promise<void> {
    await this.audit.record({ action: `channel.${action}`, subjectKind: 'channel', subject: key, detail });
    await tellNews(this.database, { of: 'channel', key });
  }
}
