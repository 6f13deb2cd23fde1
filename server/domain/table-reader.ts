/** Reads tables of any size, in the three forms that other systems write them, as records of named cells. */
import { CsvFault, CsvReader, type CsvRecord } from './csv-reader.ts';
import { JsonFault, JsonLinesReader, JsonListReader } from './json-reader.ts';

export const tableFormats = ['csv', 'json', 'ndjson'] as const;
export type TableFormat = (typeof tableFormats)[number];

export interface TableRecord {
  /** As people count: a line of a spreadsheet, whose head is 1; an element of a list, whose first is 1. */
  readonly row: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface TableFault {
  readonly row: number;
  readonly column: string | null;
  readonly message: string;
}

/** What a piece of a table came to. */
export interface TableYield {
  readonly records: readonly TableRecord[];
  readonly faults: readonly TableFault[];
  /** Nothing behind a fault can be read. */
  readonly isOver: boolean;
}

/** Tells what is wrong with the names of columns. */
export type HeadCheck = (names: readonly string[]) => readonly Omit<TableFault, 'row'>[];

type Source = { push(piece: string): unknown[]; end(): unknown[] };

/** Takes the bytes of a file, in UTF-8, and gives records; `member` names a list that is wrapped in an object. */
export class TableReader {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #source: Source;
  #head: readonly string[] | null = null;
  #row = 0;
  #isOver = false;

  constructor(
    readonly format: TableFormat,
    member: string,
    readonly check: HeadCheck,
  ) {
    this.#source = {
      csv: () => new CsvReader(),
      json: () => new JsonListReader(member),
      ndjson: () => new JsonLinesReader(),
    }[format]();
  }

  push(bytes: Uint8Array): TableYield {
    return this.#guarded(() => this.#source.push(this.#decoder.decode(bytes, { stream: true })));
  }

  end(): TableYield {
    return this.#guarded(() => [...this.#source.push(this.#decoder.decode()), ...this.#source.end()]);
  }

  #guarded(read: () => unknown[]): TableYield {
    if (this.#isOver) return { records: [], faults: [], isOver: true };
    const records: TableRecord[] = [];
    const faults: TableFault[] = [];
    try {
      for (const each of read()) this.#add(each, records, faults);
    } catch (error) {
      faults.push(this.#faultOf(error));
      this.#isOver = true;
    }
    return { records, faults, isOver: this.#isOver };
  }

  #faultOf(error: unknown): TableFault {
    if (error instanceof CsvFault || error instanceof JsonFault)
      return { row: error.row, column: null, message: error.message };
    if (error instanceof TypeError) return { row: this.#row + 1, column: null, message: 'is no text in UTF-8' };
    throw error;
  }

  #add(each: unknown, records: TableRecord[], faults: TableFault[]): void {
    if (this.format !== 'csv') return this.#addObject(each, records, faults);
    const { row, cells } = each as CsvRecord;
    this.#row = row;
    if (this.#isOver) return;
    if (this.#head === null) return this.#begin(cells, faults);
    if (cells.length === this.#head.length) records.push({ row, cells: namedCells(this.#head, cells) });
    else
      faults.push({ row, column: null, message: `has ${cellsText(cells.length)}, the head has ${this.#head.length}` });
  }

  #begin(cells: readonly string[], faults: TableFault[]): void {
    this.#head = cells.map((name) => name.trim());
    const wrong = this.check(this.#head);
    faults.push(...wrong.map((fault) => ({ ...fault, row: this.#row })));
    this.#isOver = wrong.length > 0;
  }

  #addObject(each: unknown, records: TableRecord[], faults: TableFault[]): void {
    this.#row += 1;
    if (typeof each !== 'object' || each === null || Array.isArray(each))
      return void faults.push({ row: this.#row, column: null, message: 'is no object {...}' });
    const named = Object.entries(each).filter(([, value]) => value !== null);
    const wrong: TableFault[] = this.check(named.map(([name]) => name)).map((fault) => ({ ...fault, row: this.#row }));
    const nested = named.filter(([, value]) => typeof value !== 'string' && typeof value !== 'number');
    for (const [column] of nested) wrong.push({ row: this.#row, column, message: 'must be a text or a number' });
    faults.push(...wrong);
    if (wrong.length === 0)
      records.push({ row: this.#row, cells: Object.fromEntries(named.map(([name, value]) => [name, String(value)])) });
  }
}

const namedCells = (head: readonly string[], cells: readonly string[]): Record<string, string> =>
  Object.fromEntries(head.map((name, at) => [name, cells[at]!.trim()]));

const cellsText = (count: number): string => `${count} ${count === 1 ? 'cell' : 'cells'}`;
