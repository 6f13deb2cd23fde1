/** Reads CSV (RFC 4180) piece by piece, however large the whole is: strict about quotes, lenient about ends of lines. */

/** A text that is no CSV, with the record in which that shows; the first of a file is 1. */
export class CsvFault extends Error {
  override name = 'CsvFault';
  constructor(
    readonly row: number,
    message: string,
  ) {
    super(message);
  }
}

/** What may stand between cells; of a file it is the one that its first record has. */
export const csvSeparators = [',', ';', '\t'] as const;
export type CsvSeparator = (typeof csvSeparators)[number];

export interface CsvRecord {
  /** Lines without anything in them count too, as they do in a spreadsheet. */
  readonly row: number;
  readonly cells: readonly string[];
}

/** No record of a table that people keep is longer, in characters. */
const longestRecord = 65_536;

type State = 'begin' | 'plain' | 'quoted' | 'closed';

/** Takes pieces of a text and gives the records that are whole; lines without anything in them are none. */
export class CsvReader {
  #separator: CsvSeparator | null = null;
  #state: State = 'begin';
  #cell = '';
  #cells: string[] = [];
  #length = 0;
  #row = 1;
  /** The last piece ended in a carriage return, whose line feed may come with the next. */
  #endsInReturn = false;
  /** The first record is held until it says what separates cells. */
  #head = '';

  /** The records that end in this piece. @throws CsvFault */
  push(piece: string): CsvRecord[] {
    const records: CsvRecord[] = [];
    let text = piece;
    if (this.#separator === null) {
      this.#head += piece;
      if (this.#head.length <= longestRecord && !/[\r\n]/.test(this.#head)) return records;
      text = this.#begin();
    }
    for (const character of text) this.#take(character, records);
    return records;
  }

  /** The last record, where the text does not end in a line break. @throws CsvFault inside of quotes */
  end(): CsvRecord[] {
    const records: CsvRecord[] = [];
    if (this.#separator === null) for (const character of this.#begin()) this.#take(character, records);
    if (this.#state === 'quoted') throw new CsvFault(this.#row, 'opens a quote that nothing closes');
    this.#endRecord(records);
    return records;
  }

  #begin(): string {
    const line = this.#head.split(/[\r\n]/, 1)[0]!.replaceAll(/"[^"]*"/g, '');
    const counts = csvSeparators.map((separator) => line.split(separator).length);
    this.#separator = csvSeparators[counts.indexOf(Math.max(...counts))]!;
    const text = this.#head;
    this.#head = '';
    return text;
  }

  #take(character: string, records: CsvRecord[]): void {
    const wasReturn = this.#endsInReturn;
    this.#endsInReturn = false;
    if (wasReturn && character === '\n') return;
    this.#length += 1;
    if (this.#length > longestRecord) throw new CsvFault(this.#row, `is longer than ${longestRecord} characters`);
    if (this.#state === 'quoted') return this.#takeQuoted(character);
    if (character === this.#separator) return this.#endCell();
    if (character === '\n' || character === '\r') {
      this.#endsInReturn = character === '\r';
      return this.#endRecord(records);
    }
    if (character === '"') return this.#takeQuote();
    if (this.#state === 'closed') throw new CsvFault(this.#row, `has "${character}" after a closing quote`);
    this.#state = 'plain';
    this.#cell += character;
  }

  #takeQuoted(character: string): void {
    if (character === '"') this.#state = 'closed';
    else this.#cell += character;
  }

  #takeQuote(): void {
    if (this.#state === 'plain')
      throw new CsvFault(this.#row, 'has a quote inside a cell that does not begin with one');
    // A quote right after a closing one stands for itself.
    if (this.#state === 'closed') this.#cell += '"';
    this.#state = 'quoted';
  }

  #endCell(): void {
    this.#cells.push(this.#cell);
    this.#cell = '';
    this.#state = 'begin';
  }

  #endRecord(records: CsvRecord[]): void {
    const isEmpty = this.#cells.length === 0 && this.#state === 'begin';
    this.#length = 0;
    if (!isEmpty) {
      this.#endCell();
      records.push({ row: this.#row, cells: this.#cells });
      this.#cells = [];
    }
    this.#row += 1;
  }
}
