import type { News } from '../contract/live.ts';
import type { Database } from './database.ts';

/** Told on every server when something that open pages show became another. */
export const newsChannel = 'troth_news';

/** Tells open pages, when the surrounding transaction commits. */
export const tellNews = (database: Database, ...news: readonly News[]): Promise<void> =>
  database.notifyAll(
    newsChannel,
    news.map((one) => JSON.stringify(one)),
  );
