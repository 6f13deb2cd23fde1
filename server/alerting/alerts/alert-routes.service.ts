import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AccessService } from '../../access/access.service.ts';
import { alertRouteInputSchema, type AlertRoute } from '../../contract/alerts.ts';
import type { ListQuery, Page, PutQuery } from '../../contract/catalog.ts';
import { parseInput } from '../../contract/input-issues.ts';
import { suggestion } from '../../contract/suggestion.ts';
import { EventBus } from '../../platform/events.ts';
import { invalidInput } from '../../platform/input.pipe.ts';
import { Problem } from '../../platform/problem.ts';
import { ChannelsService } from '../channels/channels.service.ts';
import { type Defined, DefinitionsService } from '../on-call/definitions.service.ts';
import { AlertSettingsRepository } from './alert-settings.repository.ts';

const kind = 'alert-route';

/** Routes: which alerts follow which policy, or are told which channels. */
@Injectable()
export class AlertRoutesService implements OnModuleInit {
  constructor(
    readonly definitions: DefinitionsService,
    readonly channels: ChannelsService,
    readonly settings: AlertSettingsRepository,
    readonly access: AccessService,
    readonly events: EventBus,
  ) {}

  /** A channel that something leads to cannot be deleted. */
  onModuleInit(): void {
    this.events.on('channel.deleting', async ({ key }) => {
      const users = await this.#usersOf(key);
      if (users.length > 0) throw new Problem('in-use', users.join('; '));
    });
  }

  async page(query: ListQuery): Promise<Page<AlertRoute>> {
    const { items, next } = await this.definitions.page(kind, query);
    return { items: items.map((one) => this.#view(one)), next };
  }

  /** @throws Problem not-found */
  async get(key: string): Promise<AlertRoute> {
    return this.#view(await this.definitions.get(kind, key));
  }

  /** Answers whether the route is new. @throws Problem invalid-input */
  async put(key: string, input: unknown, query: PutQuery): Promise<boolean> {
    const { value, issues } = parseInput(alertRouteInputSchema, input);
    if (value === undefined) throw invalidInput(issues);
    await this.assertChannels(value.channels);
    return this.definitions.put(kind, key, value, query);
  }

  delete(key: string): Promise<void> {
    return this.definitions.delete(kind, key);
  }

  restore(key: string): Promise<void> {
    return this.definitions.restore(kind, key);
  }

  /** @throws Problem invalid-input where one is not there */
  async assertChannels(channels: readonly string[]): Promise<void> {
    const known = await this.channels.keys();
    const faults = channels.flatMap((key, index) =>
      known.includes(key)
        ? []
        : [{ path: ['channels', String(index)], message: `there is no channel "${key}"${suggestion(key, known)}` }],
    );
    if (faults.length > 0) throw invalidInput(faults);
  }

  /** What leads to a channel, in words. */
  async #usersOf(channel: string): Promise<string[]> {
    const routes = await this.definitions.find(kind);
    const policies = await this.definitions.find('escalation-policy');
    const contacts = await this.settings.contacts();
    return [
      ...routes
        .filter(({ input }) => input.channels.includes(channel))
        .map(({ key }) => `alert route "${key}" tells it`),
      ...policies
        .filter(({ input }) =>
          input.steps.some(({ targets }) => targets.some((one) => one.kind === 'channel' && one.key === channel)),
        )
        .map(({ key }) => `escalation policy "${key}" tells it`),
      ...[...contacts].filter(([, keys]) => keys.includes(channel)).map(([name]) => `"${name}" is reached by it`),
    ];
  }

  #view({ key, input, managedBy, updatedAt }: Defined<typeof kind>): AlertRoute {
    const mayChange = this.definitions.mayChange({ managedBy, input });
    return { ...input, key, managedBy, mayChange, updatedAt: updatedAt.toISOString() };
  }
}
