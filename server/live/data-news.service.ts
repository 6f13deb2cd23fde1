import { Injectable } from '@nestjs/common';
import { newsSchema, type News } from '../contract/live.ts';
import { Database } from '../platform/database.ts';
import { newsChannel } from '../platform/news.ts';

type Listener = (news: News | null) => void;

/** Hears from every server what became another that open pages show. */
@Injectable()
export class DataNews {
  readonly #listeners: Listener[] = [];

  constructor(readonly database: Database) {}

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
