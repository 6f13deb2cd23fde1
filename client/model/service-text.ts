import type { BoardService } from '../../server/contract/live.ts';
import { tileBudget } from './board-budget.ts';
import { shareText } from './share-text.ts';
import { tileKind, tileLooks } from './tile-kind.ts';
import { instantText, latencyText } from './time-text.ts';

/** A tile in one sentence, for those who hear it. */
export function describeService(service: BoardService, stale: boolean, zone: string): string {
  const kind = tileKind(service);
  const word = kind === 'suspect' ? `${tileLooks[service.state].word}, suspect` : tileLooks[kind].word;
  const parts = [`${service.name}: ${word}`];
  if (service.maintenance) parts.push(`planned maintenance until ${instantText(service.maintenance.until, zone)}`);
  if (service.handled)
    parts.push(`${service.handled.by || 'somebody'} has it since ${instantText(service.handled.at, zone)}`);
  if (service.since !== null) parts.push(`since ${instantText(service.since, zone)}`);
  if (service.reason !== null) parts.push(service.reason);
  if (service.latencyMs !== null) parts.push(latencyText(service.latencyMs));
  if (service.uptime !== null) parts.push(`${shareText(service.uptime)} this month`);
  if (service.budget) parts.push(`budget: ${tileBudget(service.budget).text}`);
  if (stale && service.observedAt !== null) parts.push(`stale, last seen ${instantText(service.observedAt, zone)}`);
  return parts.join(', ');
}
