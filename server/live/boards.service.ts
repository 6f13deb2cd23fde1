import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../access/audit.service.ts';
import { KioskTokensService } from '../access/kiosk-tokens.service.ts';
import { SearchService } from '../catalog/search.service.ts';
import {
  boardLayoutSchema,
  boardSelectionSchema,
  wholeBoardKey,
  type Board,
  type BoardInput,
} from '../contract/boards.ts';
import type { ListQuery, Page, PutQuery } from '../contract/catalog.ts';
import type { InputIssue } from '../contract/input-issues.ts';
import { suggestion } from '../contract/suggestion.ts';
import { Database } from '../platform/database.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { pageByKey } from '../platform/key-page.ts';
import { assertUnchanged, Problem } from '../platform/problem.ts';
import { BoardsRepository, searchableBoards, type StoredBoard } from './boards.repository.ts';

/** The board of everything. */
export const wholeBoard: Board = {
  key: wholeBoardKey,
  name: 'All services',
  selection: boardSelectionSchema.parse({}),
  layout: boardLayoutSchema.parse({}),
  builtIn: true,
  updatedAt: null,
};

/** A stored board; what it was stored without is as it is by default. */
const toBoard = ({ key, name, selection, layout, updatedAt }: StoredBoard): Board => ({
  key,
  name,
  selection: boardSelectionSchema.parse(selection),
  layout: boardLayoutSchema.parse(layout),
  builtIn: false,
  updatedAt: updatedAt.toISOString(),
});

const inputOf = ({ name, selection, layout }: Board): BoardInput => ({ name, selection, layout });

/** Saved boards: who makes, changes and deletes them is on record. */
@Injectable()
export class BoardsService {
  constructor(
    readonly boards: BoardsRepository,
    readonly kiosks: KioskTokensService,
    readonly database: Database,
    readonly audit: AuditService,
    search: SearchService,
  ) {
    search.include(searchableBoards(wholeBoard));
  }

  /** All boards, that of everything among them, in the order of keys. */
  async all(): Promise<Board[]> {
    const boards = [wholeBoard, ...(await this.boards.all()).map(toBoard)];
    return boards.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  async page({ text = '', ...page }: ListQuery): Promise<Page<Board>> {
    const words = text.toLowerCase();
    const found = (await this.all()).filter(
      ({ key, name }) => key.includes(words) || name.toLowerCase().includes(words),
    );
    return pageByKey(found, page);
  }

  /** @throws Problem not-found */
  async get(key: string): Promise<Board> {
    if (key === wholeBoardKey) return wholeBoard;
    const board = await this.boards.find(key);
    if (!board) throw await this.#missing(key);
    return toBoard(board);
  }

  /** Makes a board what the input says; the same again changes nothing. Answers whether it is new. */
  async put(key: string, input: BoardInput, { expect }: PutQuery): Promise<boolean> {
    assertNotBuiltIn(key);
    return this.database.transaction(async () => {
      await this.boards.lock();
      const before = await this.boards.find(key);
      assertUnchanged(expect, before?.updatedAt, `board "${key}"`);
      const shown = before && inputOf(toBoard(before));
      if (isDeepStrictEqual(shown, input)) return false;
      await this.#assertNamesExist(key, input);
      await this.boards.write({ key, ...input });
      const action = before ? 'board.changed' : 'board.created';
      const detail = shown ? { from: shown, to: input } : input;
      await this.audit.record({ action, subjectKind: 'board', subject: key, detail });
      return !before;
    });
  }

  /** Deletes a board; its kiosk links open nothing from then on. @throws Problem not-found, conflict */
  async delete(key: string): Promise<void> {
    assertNotBuiltIn(key);
    await this.database.transaction(async () => {
      if (!(await this.boards.delete(key))) throw await this.#missing(key);
      await this.audit.record({ action: 'board.deleted', subjectKind: 'board', subject: key });
      await this.kiosks.revokeAll(key);
    });
  }

  async #missing(key: string): Promise<Problem> {
    const { boards } = await this.boards.names();
    return new Problem('not-found', `There is no board "${key}"${suggestion(key, [wholeBoardKey, ...boards])}`);
  }

  /** What is mistyped would be a wall without trouble, since it shows nothing. */
  async #assertNamesExist(key: string, { selection, layout }: BoardInput): Promise<void> {
    const names = await this.boards.names();
    const missing = (kind: string, path: string[], keys: readonly string[], known: readonly string[]): InputIssue[] =>
      keys.flatMap((one, index) =>
        known.includes(one)
          ? []
          : [{ path: [...path, String(index)], message: `there is no ${kind} "${one}"${suggestion(one, known)}` }],
      );
    const faults = [
      ...missing('team', ['selection', 'teams'], selection.teams, names.teams),
      ...missing('service', ['selection', 'services'], selection.services, names.services),
      ...missing('board', ['layout', 'rotation', 'boards'], layout.rotation.boards, [
        wholeBoardKey,
        key,
        ...names.boards,
      ]),
    ];
    if (faults.length > 0) throw invalidInput(faults);
  }
}

function assertNotBuiltIn(key: string): void {
  if (key !== wholeBoardKey) return;
  throw new Problem('conflict', `The board "${key}" shows everything and cannot be changed; make another one`);
}
