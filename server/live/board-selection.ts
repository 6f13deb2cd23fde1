import type { BoardSelection } from '../contract/boards.ts';
import type { BoardService } from '../contract/live.ts';

const fits = <Item>(wanted: readonly Item[], own: readonly Item[]): boolean =>
  wanted.length === 0 || wanted.some((item) => own.includes(item));

/** Whether a service is on a board: of every list that is not empty it fits one entry. */
export const isSelected = (service: BoardService, selection: BoardSelection): boolean =>
  fits(selection.teams, [service.owner.key]) &&
  fits(selection.categories, [service.category]) &&
  fits(selection.tags, service.tags) &&
  fits(selection.tiers, [service.tier]) &&
  fits(selection.services, [service.key]);
