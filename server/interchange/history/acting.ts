/** Jobs go on as those who asked for them, and tell those who watch. */
import type { Database } from '../../platform/database.ts';
import { tellNews } from '../../platform/news.ts';
import { currentActor, withContext } from '../../platform/request-context.ts';
import type { KeptActor } from './history-imports.repository.ts';

/** Who acts right now, to be kept. */
export function keptActor(): KeptActor {
  const { kind, name, teams, permissions } = currentActor();
  return { kind, name, teams, permissions: [...permissions] };
}

/** Runs `work` as somebody who asked for it earlier. */
export const asActor = <T>(
  { permissions, ...actor }: KeptActor,
  requestId: string,
  work: () => Promise<T>,
): Promise<T> =>
  withContext({ requestId, address: null, actor: { ...actor, permissions: new Set(permissions) } }, work);

export const tellImport = (database: Database, id: number): Promise<void> =>
  tellNews(database, { of: 'import', key: String(id) });
