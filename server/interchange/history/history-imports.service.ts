import { Injectable } from '@nestjs/common';
import type { Page, PageQuery } from '../../contract/catalog.ts';
import {
  importColumns,
  type HistoryImport,
  type ImportInput,
  type ImportKind,
} from '../../contract/history-imports.ts';
import { Database } from '../../platform/database.ts';
import { invalidField, Problem } from '../../platform/problem.ts';
import { currentActor } from '../../platform/request-context.ts';
import { keptActor, tellImport } from './acting.ts';
import { HistoryImportsRepository, type StoredImport } from './history-imports.repository.ts';
import { isMissing } from './import-reading.ts';
import { ImportTargetsService } from './import-targets.service.ts';

/** So many files of one person are on their way in at a time. */
const mostOpen = 20;
/** So much of a file is held in memory, and confirmed together. */
const bytesOfPiece = 1_048_576;

/** Files with history from elsewhere: received piece by piece, checked as a whole, agreed to, taken over. */
@Injectable()
export class HistoryImportsService {
  readonly #listeners: (() => void)[] = [];

  constructor(
    readonly imports: HistoryImportsRepository,
    readonly targets: ImportTargetsService,
    readonly database: Database,
  ) {}

  /** Calls back when an import is to be checked or taken over. */
  onDue(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** The newest first. @throws Problem invalid-input */
  async page({ limit, cursor }: PageQuery): Promise<Page<HistoryImport>> {
    if (cursor !== undefined && !/^\d{1,9}$/.test(cursor)) throw invalidField('cursor', 'is not one of this list');
    const rows = await this.imports.page(cursor === undefined ? null : Number(cursor), limit + 1);
    const items = rows.slice(0, limit).map(viewOf);
    return { items, next: rows.length > limit ? String(items.at(-1)!.id) : null };
  }

  /** @throws Problem not-found */
  async get(id: number): Promise<HistoryImport> {
    return viewOf(await this.#find(id));
  }

  /** Makes room for a file. @throws Problem forbidden, invalid-input, conflict */
  async create(input: ImportInput): Promise<HistoryImport> {
    assertMay(input.kind);
    const { service, location, metric, timeZone } = input;
    const probe = input.probe && `${input.probe.service}.${input.probe.key}`;
    const settings = { service, probe, location, metric, timeZone };
    await this.#assertSubject(input.kind, settings);
    const by = keptActor();
    if ((await this.imports.openCount(by)) >= mostOpen)
      throw new Problem('conflict', `You have ${mostOpen} imports that are not finished: finish or discard some first`);
    return this.get(await this.imports.insert(input, settings, by));
  }

  /** What is named for the whole file is there. */
  async #assertSubject(kind: ImportKind, settings: StoredImport['settings']): Promise<void> {
    const main = settings[importColumns[kind].subject[0]];
    if (main === undefined) {
      if (settings.location !== undefined) throw invalidField('location', 'is of use with a probe alone');
      return;
    }
    const find = await this.targets.finder(kind);
    const target = await find(kind === 'observations' ? `${main}@${settings.location ?? ''}` : main);
    // Where a probe ran may be said by the rows.
    const isOpen = isMissing(target) && target.column === 'location' && settings.location === undefined;
    if (isMissing(target) && !isOpen) throw invalidField(target.column, target.message);
  }

  /**
   * Takes a piece of the file, of any size, as it comes in: never more than a little of it is in memory, and what is
   * confirmed is safe. @throws Problem not-found, forbidden, conflict, changed-meanwhile, invalid-input
   */
  async receive(id: number, offset: number, body: AsyncIterable<Buffer>): Promise<HistoryImport> {
    const found = await this.#own(id);
    if (found.state !== 'receiving') throw new Problem('conflict', 'The file is here already');
    let atByte = offset;
    let held: Buffer[] = [];
    const store = async (): Promise<void> => {
      const piece = Buffer.concat(held);
      held = [];
      if (piece.length === 0) return;
      if (!(await this.imports.append(id, atByte, piece))) throw await this.#misplaced(id, atByte + piece.length);
      atByte += piece.length;
    };
    if (found.receivedBytes !== offset) throw await this.#misplaced(id, offset);
    for await (const part of piecesOf(body)) {
      held.push(part);
      if (held.reduce((sum, { length }) => sum + length, 0) >= bytesOfPiece) await store();
    }
    await store();
    const after = await this.get(id);
    if (after.state === 'checking') await this.#due(id);
    return after;
  }

  async #misplaced(id: number, endByte: number): Promise<Problem> {
    const { bytes, receivedBytes } = await this.#find(id);
    if (endByte > bytes) return invalidField('bytes', `the file is longer than the ${bytes} bytes that were announced`);
    return new Problem('changed-meanwhile', `There are ${receivedBytes} bytes of the file here: go on from there`);
  }

  /** Agrees to what a check found; it is taken over soon. @throws Problem not-found, forbidden, conflict */
  async apply(id: number): Promise<HistoryImport> {
    const { kind } = await this.#own(id);
    assertMay(kind);
    if (!(await this.imports.confirm(id, keptActor())))
      throw new Problem('conflict', 'Only a file that was checked and found right is taken over, once');
    await this.#due(id);
    return this.get(id);
  }

  /** Throws a file away that was not taken over. @throws Problem not-found, forbidden, conflict */
  async discard(id: number): Promise<void> {
    await this.#own(id);
    if (!(await this.imports.remove(id)))
      throw new Problem('conflict', 'What is being taken over, or was, is not thrown away');
    await tellImport(this.database, id);
  }

  async #due(id: number): Promise<void> {
    await tellImport(this.database, id);
    for (const listener of this.#listeners) listener();
  }

  async #find(id: number): Promise<StoredImport> {
    const found = await this.imports.find(id);
    if (!found) throw new Problem('not-found', `There is no import ${id}`);
    return found;
  }

  async #own(id: number): Promise<StoredImport> {
    const found = await this.#find(id);
    if (isOwn(found)) return found;
    throw new Problem('forbidden', `Only "${found.createdBy.name}", who began this import, and admins go on with it`);
  }
}

function isOwn({ createdBy }: StoredImport): boolean {
  const { kind, name, permissions } = currentActor();
  return permissions.has('access:manage') || (createdBy.kind === kind && createdBy.name === name);
}

/** Values of metrics are of those who push them; all else is of the catalog. @throws Problem forbidden */
function assertMay(kind: ImportKind): void {
  const needed = kind === 'metrics' ? 'metrics:push' : 'catalog:write';
  if (!currentActor().permissions.has(needed)) throw new Problem('forbidden', `This needs the permission "${needed}"`);
}

/** A body that ends before it should was cut off on its way. */
async function* piecesOf(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
    throw new Problem('malformed-input', 'The file was cut off on its way');
  }
}

const viewOf = (found: StoredImport): HistoryImport => ({
  ...{ id: found.id, kind: found.kind, format: found.format, name: found.name, state: found.state, bytes: found.bytes },
  ...{ receivedBytes: found.receivedBytes, checkedBytes: found.checkedBytes },
  ...{ rows: found.rows, appliedRows: found.appliedRows, faults: found.faults, hasMoreFaults: found.hasMoreFaults },
  ...{ preview: found.preview, subjects: found.subjects, subjectCount: found.subjectCount },
  createdAt: found.createdAt.toISOString(),
  by: found.createdBy.name,
  appliedAt: found.appliedAt?.toISOString() ?? null,
  isOwn: isOwn(found),
});
