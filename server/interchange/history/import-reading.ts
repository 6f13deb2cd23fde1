/** One reading of a file: what of it is right, and what is wrong where. */
import { mostImportFaults, type HistoryImport, type ImportFault } from '../../contract/history-imports.ts';
import type { TableRecord, TableYield } from '../../domain/table-reader.ts';
import type { ReadRow } from './import-rows.ts';
import type { rowReader } from './import-rows.ts';
import type { NoTarget, TargetFinder } from './import-targets.service.ts';

const previewRows = 10;
/** A file is of no more things than an organisation has. */
const mostSubjects = 2_000;

/** Gathers what pieces of a file come to; rows are handed on as they come. */
export class ImportReading {
  readonly faults: ImportFault[] = [];
  readonly #subjects = new Map<string, boolean>();
  #preview: HistoryImport['preview'] = { columns: [], rows: [] };
  #rows = 0;
  #faultCount = 0;

  constructor(
    readonly read: ReturnType<typeof rowReader>,
    readonly find: TargetFinder,
  ) {}

  get rows(): number {
    return this.#rows;
  }

  get preview(): HistoryImport['preview'] {
    return this.#preview;
  }

  /** More than are told. */
  get hasMoreFaults(): boolean {
    return this.#faultCount > this.faults.length;
  }

  /** Enough is known to send the file back. */
  get isHopeless(): boolean {
    return this.#faultCount >= mostImportFaults;
  }

  /** Rows that are right, of a piece of the file. */
  async take({ records, faults }: TableYield): Promise<ReadRow[]> {
    const right: ReadRow[] = [];
    for (const record of records) {
      this.#show(record);
      const row = this.read(record);
      if (Array.isArray(row)) this.report(...row);
      else if (await this.#isPlaced(row)) right.push(row);
      if (this.isHopeless) break;
    }
    this.report(...faults);
    this.#rows += right.length;
    return right;
  }

  report(...faults: readonly ImportFault[]): void {
    this.#faultCount += faults.length;
    this.faults.push(...faults.slice(0, mostImportFaults - this.faults.length));
  }

  #show({ cells }: TableRecord): void {
    if (this.#preview.rows.length >= previewRows) return;
    if (this.#preview.columns.length === 0) this.#preview.columns = Object.keys(cells);
    this.#preview.rows.push(this.#preview.columns.map((name) => cells[name] ?? ''));
  }

  /** Whether what the row is of is there, and may be told of that time; what is not is told once. */
  async #isPlaced({ row, subject, atMs }: ReadRow): Promise<boolean> {
    const isKnown = this.#subjects.get(subject);
    if (isKnown === false) return false;
    const target = await this.find(subject);
    if (isKnown === undefined && !this.#note(row, subject, target)) return false;
    if (!('bounds' in target) || target.bounds === null) return true;
    const { fromMs, toMs, why } = target.bounds;
    if (atMs >= fromMs && atMs < toMs) return true;
    this.report({ row, column: 'at', message: `is of a time that cannot be told: ${why}` });
    return false;
  }

  #note(row: number, subject: string, target: Awaited<ReturnType<TargetFinder>>): boolean {
    const isThere = !isMissing(target);
    this.#subjects.set(subject, isThere);
    if (isMissing(target)) this.report({ row, ...target });
    if (this.#subjects.size === mostSubjects + 1)
      this.report({ row, column: null, message: `tells of more than ${mostSubjects} things: split the file` });
    return isThere;
  }
}

export const isMissing = (target: Awaited<ReturnType<TargetFinder>>): target is NoTarget => 'message' in target;
