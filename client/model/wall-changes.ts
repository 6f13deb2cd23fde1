/** What changed on a board in the last minutes. */
import { changesReachMs, type BoardService, type BoardChange } from '../../server/contract/live.ts';

export interface WallChange extends BoardChange {
  key: string;
  name: string;
}

/** The changes of all services not longer ago than the board tells of, newest first. */
export function recentChanges(services: Iterable<BoardService>, nowMs: number): WallChange[] {
  const sinceMs = nowMs - changesReachMs;
  const found: WallChange[] = [];
  for (const { key, name, changes } of services) {
    for (const change of changes) if (Date.parse(change.at) >= sinceMs) found.push({ key, name, ...change });
  }
  return found.sort((a, b) => (a.at === b.at ? a.name.localeCompare(b.name) : a.at < b.at ? 1 : -1));
}
