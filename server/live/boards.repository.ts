import { Injectable } from '@nestjs/common';
import type { Board } from '../contract/boards.ts';
import { Database } from '../platform/database.ts';
import { BoardEntity } from './board.entity.ts';

export type BoardDraft = Pick<Board, 'key' | 'name' | 'selection' | 'layout'>;
export type StoredBoard = BoardDraft & { updatedAt: Date };

/** What the selection and the rotation of a board may name. */
export interface BoardNames {
  teams: string[];
  services: string[];
  boards: string[];
}

/** Boards as the search finds them, behind all else of the same rank; that of everything has no row. */
export const searchableBoards = (whole: Pick<Board, 'key' | 'name'>): string =>
  `select 'board', 4, key, name, '', key || ' ' || name
     from (select key, name from boards union all values ('${whole.key}', '${whole.name}')) boards`;

/** Told at every commit that changes a board. */
export const boardsChannel = 'troth_boards';

@Injectable()
export class BoardsRepository {
  constructor(readonly database: Database) {}

  /** In the order of keys. */
  all(): Promise<StoredBoard[]> {
    return this.database.query(
      `select key, name, selection, layout, updated_at as "updatedAt" from boards order by key collate "C"`,
    );
  }

  async find(key: string): Promise<StoredBoard | undefined> {
    const [row] = await this.database.query<StoredBoard>(
      `select key, name, selection, layout, updated_at as "updatedAt" from boards where key = $1`,
      [key],
    );
    return row;
  }

  async write({ key, name, selection, layout }: BoardDraft): Promise<void> {
    await this.database
      .repository(BoardEntity)
      .upsert({ key, name, selection, layout, updatedAt: new Date() }, { conflictPaths: ['key'] });
    await this.database.notify(boardsChannel);
  }

  /** Whether there was one. */
  async delete(key: string): Promise<boolean> {
    const rows = await this.database.query(`delete from boards where key = $1 returning key`, [key]);
    if (rows.length > 0) await this.database.notify(boardsChannel);
    return rows.length > 0;
  }

  /** One writer at a time, until the transaction ends. */
  async lock(): Promise<void> {
    await this.database.query(`lock table boards in share row exclusive mode`);
  }

  async names(): Promise<BoardNames> {
    const [row] = await this.database.query<BoardNames>(
      `select array(select key from teams where deleted_at is null order by key) as teams,
         array(select key from services where deleted_at is null order by key) as services,
         array(select key from boards order by key) as boards`,
    );
    return row!;
  }
}
