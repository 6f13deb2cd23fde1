/** Reads a JSON list element by element, and JSON by lines line by line, however large the whole is. */

/** A text that is no such JSON, with the element in which that shows; the first is 1. */
export class JsonFault extends Error {
  override name = 'JsonFault';
  constructor(
    readonly row: number,
    message: string,
  ) {
    super(message);
  }
}

/** No element is longer, in characters. */
const longestElement = 65_536;

/** Elements of `[...]`, or of an object whose only member is such a list. */
export class JsonListReader {
  #place: 'before' | 'between' | 'inside' | 'behind' = 'before';
  #wrapped = false;
  #text = '';
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  #needsComma = false;
  #row = 1;

  /** `member` names the list where it is wrapped. */
  constructor(readonly member: string) {}

  /** The elements that end in this piece. @throws JsonFault */
  push(piece: string): unknown[] {
    const elements: unknown[] = [];
    for (const character of piece) this.#take(character, elements);
    return elements;
  }

  /** @throws JsonFault where the list is not whole */
  end(): unknown[] {
    if (this.#place !== 'behind' || this.#wrapped) throw new JsonFault(this.#row, 'is cut off: the list has no end');
    return [];
  }

  #take(character: string, elements: unknown[]): void {
    if (this.#place === 'inside') return this.#takeInside(character, elements);
    if (this.#place === 'before') return this.#takeBefore(character);
    if (/\s/.test(character)) return;
    if (this.#place === 'behind') return this.#takeBehind(character);
    this.#takeBetween(character, elements);
  }

  #takeBefore(character: string): void {
    if (this.#text === '' && /\s/.test(character)) return;
    this.#text += character;
    if (character !== '[' && this.#text.length <= this.member.length + 100) {
      if (this.#text.startsWith('{')) return;
      throw new JsonFault(1, this.#beginFault());
    }
    const head = this.#text.replaceAll(/\s/g, '');
    if (head !== '[' && head !== `{"${this.member}":[`) throw new JsonFault(1, this.#beginFault());
    this.#wrapped = head !== '[';
    this.#text = '';
    this.#place = 'between';
  }

  #beginFault(): string {
    return `the file must be a list [...], or {"${this.member}": [...]}`;
  }

  #takeBehind(character: string): void {
    if (!this.#wrapped || character !== '}') throw new JsonFault(this.#row, `has "${character}" after the list`);
    this.#wrapped = false;
  }

  #takeBetween(character: string, elements: unknown[]): void {
    if (character === ']') {
      this.#place = 'behind';
      return;
    }
    if (this.#needsComma) {
      if (character !== ',')
        throw new JsonFault(this.#row, `has "${character}" where a comma or the end of the list must be`);
      this.#needsComma = false;
      return;
    }
    if (character !== '{') throw new JsonFault(this.#row, 'is no object {...}');
    this.#place = 'inside';
    this.#takeInside(character, elements);
  }

  #takeInside(character: string, elements: unknown[]): void {
    this.#text += character;
    if (this.#text.length > longestElement)
      throw new JsonFault(this.#row, `is longer than ${longestElement} characters`);
    if (this.#isString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (character === '\\') this.#isEscaped = true;
      else if (character === '"') this.#isString = false;
      return;
    }
    if (character === '"') this.#isString = true;
    else if (character === '{' || character === '[') this.#depth += 1;
    else if (character === '}' || character === ']') this.#depth -= 1;
    if (this.#depth === 0) this.#endElement(elements);
  }

  #endElement(elements: unknown[]): void {
    elements.push(parsed(this.#text, this.#row));
    this.#text = '';
    this.#row += 1;
    this.#place = 'between';
    this.#needsComma = true;
  }
}

/** One element a line; empty lines are none. */
export class JsonLinesReader {
  #rest = '';
  #row = 1;

  /** The elements whose lines end in this piece. @throws JsonFault */
  push(piece: string): unknown[] {
    const lines = (this.#rest + piece).split('\n');
    this.#rest = lines.pop()!;
    if (this.#rest.length > longestElement)
      throw new JsonFault(this.#row, `is longer than ${longestElement} characters`);
    return lines.flatMap((line) => this.#line(line));
  }

  /** The last one, where the text does not end in a line break. @throws JsonFault */
  end(): unknown[] {
    return this.#line(this.#rest);
  }

  #line(line: string): unknown[] {
    if (line.trim() === '') return [];
    if (line.length > longestElement) throw new JsonFault(this.#row, `is longer than ${longestElement} characters`);
    return [parsed(line, this.#row++)];
  }
}

function parsed(text: string, row: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new JsonFault(row, `is no JSON: ${(error as Error).message}`);
  }
}
