import { Inject, Injectable } from '@nestjs/common';
import { SteadyClock } from '../../../probes/support/clock.ts';
import {
  mostImportFaults,
  type ImportedSubject,
  type ImportFault,
  type ImportKind,
} from '../../contract/history-imports.ts';
import { chunks } from '../../domain/grouping.ts';
import { TableReader } from '../../domain/table-reader.ts';
import { Database, isDatabaseAway } from '../../platform/database.ts';
import { LOGGER, type Logger } from '../../platform/logger.ts';
import { Problem } from '../../platform/problem.ts';
import { asActor, tellImport } from './acting.ts';
import { HistoryImportsRepository, type CheckOutcome, type StoredImport } from './history-imports.repository.ts';
import { ImportReading, isMissing } from './import-reading.ts';
import { ImportRowsRepository, type StagedSubject } from './import-rows.repository.ts';
import { headCheck, rowReader, type ReadRow } from './import-rows.ts';
import { ImportTargetsService, type TargetFinder } from './import-targets.service.ts';

/** Rows that are stored in one statement. */
const rowsAtOnce = 5_000;
/** So many of the things that a file is of are told. */
const mostTold = 200;
const tellEveryMs = 500;

const listNames: Record<ImportKind, string> = {
  timeline: 'intervals',
  observations: 'observations',
  metrics: 'values',
};

/** Another server has begun to check it, or it was thrown away. */
class Superseded extends Error {}

/** Reads a whole file, piece by piece, and tells what is wrong with it or what it would replace. */
@Injectable()
export class HistoryCheckService {
  constructor(
    readonly imports: HistoryImportsRepository,
    readonly rows: ImportRowsRepository,
    readonly targets: ImportTargetsService,
    readonly database: Database,
    readonly clock: SteadyClock,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  /** Checks an import that is wholly here, unless somebody else does. */
  async check(id: number): Promise<void> {
    const attempt = await this.imports.claim(id);
    const found = attempt === null ? null : await this.imports.find(id);
    if (attempt === null || !found) return;
    try {
      const outcome = await asActor(found.createdBy, `check-${id}`, () => this.#read(found, attempt));
      await this.imports.finishCheck(id, attempt, outcome);
    } catch (error) {
      if (error instanceof Superseded) return;
      if (isDatabaseAway(error)) throw error;
      this.log.error({ err: error, import: id }, 'a file with history could not be checked');
      await this.imports.finishCheck(id, attempt, failed);
    }
    await tellImport(this.database, id);
  }

  async #read(found: StoredImport, attempt: number): Promise<CheckOutcome> {
    const { kind, format, settings } = found;
    const find = await this.targets.finder(kind);
    const reading = new ImportReading(rowReader(kind, settings, this.clock.now()), find);
    const reader = new TableReader(format, listNames[kind], headCheck(kind, settings));
    let toldMs = 0;
    let atByte = 0;
    for (let isOver = false; !isOver && !reading.isHopeless;) {
      const piece = await this.imports.chunk(found.id, atByte);
      const result = piece ? reader.push(piece) : reader.end();
      isOver = piece === null || result.isOver;
      atByte += piece?.length ?? 0;
      await this.#store(found.id, attempt, await reading.take(result), { checkedBytes: atByte, rows: reading.rows });
      if (performance.now() - toldMs < tellEveryMs) continue;
      toldMs = performance.now();
      await tellImport(this.database, found.id);
    }
    return this.#outcome(found, reading, find);
  }

  async #store(
    id: number,
    attempt: number,
    rows: readonly ReadRow[],
    progress: { checkedBytes: number; rows: number },
  ) {
    for (const some of rows.length === 0 ? [[]] : chunks(rows, rowsAtOnce)) {
      await this.database.transaction(async () => {
        if (!(await this.imports.advance(id, attempt, progress))) throw new Superseded();
        if (some.length > 0) await this.rows.add(id, some);
      });
    }
  }

  async #outcome({ id, kind }: StoredImport, reading: ImportReading, find: TargetFinder): Promise<CheckOutcome> {
    const isEmpty = reading.rows === 0 && reading.faults.length === 0;
    if (isEmpty) reading.report({ row: null, column: null, message: 'The file holds no rows' });
    if (reading.faults.length === 0) reading.report(...(await this.#clashes(id, kind)));
    const told: ImportedSubject[] = [];
    let subjectCount = 0;
    if (reading.faults.length === 0) {
      for (const staged of await this.rows.subjects(id)) {
        const subject = await this.#compare(id, staged, find);
        subjectCount += 1;
        if ('message' in subject) reading.report(subject);
        else if (told.length < mostTold) told.push(subject);
      }
    }
    const { rows, faults, hasMoreFaults, preview } = reading;
    const state = faults.length > 0 ? 'faulty' : 'checked';
    return { state, rows, faults, hasMoreFaults, preview, subjects: told, subjectCount };
  }

  async #clashes(id: number, kind: ImportKind): Promise<ImportFault[]> {
    const column = kind === 'timeline' ? 'from' : 'at';
    const word = kind === 'timeline' ? 'overlaps row' : 'is the instant of row';
    const found = await this.rows.clashes(id, mostImportFaults + 1);
    return found.map(({ row, otherRow }) => ({ row, column, message: `${word} ${otherRow}` }));
  }

  /** What the rows of one thing would do. */
  async #compare(
    id: number,
    { subject, rows, ...span }: StagedSubject,
    find: TargetFinder,
  ): Promise<ImportedSubject | ImportFault> {
    const target = await find(subject);
    if (isMissing(target)) return { row: null, ...target };
    try {
      const { replaces, unchanged } = await target.compare(span, this.rows.ofSubject(id, subject));
      const [from, to] = [new Date(span.fromMs).toISOString(), new Date(span.toMs).toISOString()];
      return { name: target.name, key: target.key, rows, from, to, replaces, unchanged };
    } catch (error) {
      if (error instanceof Problem) return { row: null, column: null, message: `${target.name}: ${error.message}` };
      throw error;
    }
  }
}

const failed: CheckOutcome = {
  ...{ state: 'faulty', rows: 0, hasMoreFaults: false, subjects: [], subjectCount: 0 },
  faults: [{ row: null, column: null, message: 'Troth failed to read the file; its log says why' }],
  preview: { columns: [], rows: [] },
};
