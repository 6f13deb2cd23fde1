import { Injectable, type OnModuleInit } from '@nestjs/common';
import { newsSchema, type News } from '../contract/live.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { newsChannel, tellNews } from '../platform/news.ts';

type Listener = (news: News | null) => void;

/** Hears from every server what became another that open pages show. */
@Injectable()
export class DataNews implements OnModuleInit {
  readonly #listeners: Listener[] = [];

  constructor(
    readonly database: Database,
    readonly events: EventBus,
  ) {}

  /** What the parties of an agreement do with it is told to whoever has it open. */
  onModuleInit(): void {
    const tell = (...keys: readonly string[]): Promise<void> =>
      tellNews(this.database, ...keys.map((key) => ({ of: 'agreement' as const, key })));
    this.events.on('agreements.changed', ({ keys }) => tell(...keys));
    this.events.on('corrections.changed', ({ agreement }) => tell(agreement));
    this.events.on('reports.frozen', ({ agreement }) => tell(agreement));
  }

  /** Calls back with what it was; null where it may have been anything. */
  onNews(listener: Listener): void {
    this.#listeners.push(listener);
  }

  listen(): void {
    const tell = (news: News | null): void => {
      for (const listener of this.#listeners) listener(news);
    };
    this.database.listen(
      newsChannel,
      (payload) => tell(newsSchema.parse(JSON.parse(payload))),
      () => tell(null),
    );
  }
}
