import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, Parser, type CST, type Document } from 'yaml';
import type { Node, Pair } from 'yaml';

/** A fault of a text, with its place; lines and columns count from 1. */
export interface YamlFault {
  message: string;
  line: number;
  column: number;
  /** Of the field, where the fault is one of a field. */
  path?: readonly string[];
}

export const yamlLimits = {
  bytes: 2 * 1_024 * 1_024,
  /** Pieces that the text falls into: about two a word. */
  lexemes: 1_000_000,
  /** How deep collections stand in each other, as the parser counts: two a level. */
  depth: 120,
  /** Values after every alias was replaced by what it stands for. */
  values: 500_000,
  faults: 100,
} as const;

interface Place {
  name: number;
  value: number;
}
type Container = Record<string, unknown> | unknown[];

/** Ends the reading of a text that costs more than it can be worth. */
class Excess extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/**
 * A YAML 1.2 text as plain data, knowing where each value stands. Anchors, aliases and merges (`<<`) are resolved to
 * copies. Costs are bounded whatever the text: one that goes on and on, or blows up, is a fault like any other.
 */
export class YamlSource {
  readonly faults: YamlFault[] = [];
  readonly value: unknown;
  /** Whether the value is what the text says, but for fields given twice: else further faults would only confuse. */
  readonly isReadable: boolean;
  readonly #lines = new LineCounter();
  readonly #places = new WeakMap<Container, Map<string, Place>>();
  readonly #anchors = new Map<string, Node>();
  readonly #open = new Set<Node>();
  readonly #path: string[] = [];
  #values = 0;

  constructor(text: string) {
    let isReadable = false;
    try {
      const document = this.#compose(text);
      isReadable = this.faults.length === 0;
      this.value = document.contents ? this.#read(document.contents as Node) : null;
    } catch (error) {
      if (!(error instanceof Excess)) throw error;
      this.faults.push({ message: error.message, ...this.#position(error.offset) });
      isReadable = false;
    }
    this.isReadable = isReadable;
  }

  /**
   * Where the value at a path stands, or its name where the value is a collection or the name is meant. Of what is not
   * there, the place of what should hold it.
   */
  placeOf(path: readonly string[], isName = false): { line: number; column: number } {
    let at: unknown = this.value;
    let offset = 0;
    for (const name of path) {
      const place = isContainer(at) ? this.#places.get(at)?.get(name) : undefined;
      if (!place) break;
      at = (at as Record<string, unknown>)[name];
      offset = isContainer(at) || (isName && name === path.at(-1)) ? place.name : place.value;
    }
    return this.#position(offset);
  }

  #compose(text: string): Document {
    this.#lines.addNewLine(0);
    const parser = new Parser(this.#lines.addNewLine);
    const composer = new Composer({ uniqueKeys: false, stringKeys: true, prettyErrors: false, logLevel: 'silent' });
    // A million commas are a million faults, each composed with care: take them over, to stop in time.
    Object.assign(composer, {
      onError: (source: unknown, _code: string, message: string) => this.#fault(offsetOf(source), message),
    });
    let document: Document | undefined;
    for (const next of composer.compose(this.#tokens(text, parser), true, text.length)) {
      if (document) throw new Excess('a config file is one document, without a second after ---', next.range[0]);
      document = next as unknown as Document;
      for (const { pos, message } of [...next.errors, ...next.warnings]) this.#fault(pos[0], message);
    }
    return document!;
  }

  *#tokens(text: string, parser: Parser): Generator<CST.Token> {
    let lexemes = 0;
    for (const lexeme of new Lexer().lex(text)) {
      for (const token of parser.next(lexeme)) {
        if (token.type === 'error') this.#fault(token.offset, token.message);
        else yield token;
      }
      lexemes += 1;
      if (lexemes > yamlLimits.lexemes) throw new Excess('is too much for one config file', parser.offset);
      if (parser.stack.length > yamlLimits.depth) throw new Excess('is nested too deeply', parser.offset);
    }
    yield* parser.end();
  }

  #read(node: Node | null): unknown {
    const offset = node?.range?.[0] ?? 0;
    this.#values += 1;
    if (this.#values > yamlLimits.values) {
      throw new Excess(`stands for more than ${yamlLimits.values} values once its aliases are replaced`, offset);
    }
    if (node === null) return null;
    if (isAlias(node)) return this.#read(this.#aliased(node.source, offset));
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#readScalar(node.value, offset);
    this.#open.add(node);
    const value = isMap<Node, Node | null>(node)
      ? this.#readMap(node.items)
      : isSeq<Node>(node)
        ? this.#readList(node.items)
        : null;
    this.#open.delete(node);
    return value;
  }

  #aliased(name: string, offset: number): Node | null {
    const node = this.#anchors.get(name);
    if (node && this.#open.has(node)) throw new Excess('is an alias inside of what it stands for', offset);
    if (node) return node;
    this.#fault(offset, `there is no anchor "&${name}" before this alias`);
    return null;
  }

  #readScalar(value: unknown, offset: number): unknown {
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value;
    this.#fault(offset, 'must be a text, a number, true, false or null');
    return null;
  }

  #readList(items: readonly Node[]): unknown[] {
    const list = items.map((item, index) => this.#readBelow(String(index), item));
    const places = items.map(({ range }, index) => [String(index), { name: range![0], value: range![0] }] as const);
    this.#places.set(list, new Map(places));
    return list;
  }

  #readMap(pairs: readonly Pair<Node, Node | null>[]): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    const places = new Map<string, Place>();
    this.#places.set(map, places);
    const merged: Record<string, unknown>[] = [];
    for (const { key, value } of pairs) {
      const name = isScalar(key) ? String(key.value) : '';
      const place = { name: key.range![0], value: value?.range?.[0] ?? key.range![0] };
      if (!isScalar(key)) this.#fault(place.name, 'a name of a field must be plain text');
      else if (name === '<<') merged.push(...this.#mergeable(this.#read(value), place.value));
      else if (places.has(name))
        this.#fault(place.name, `"${name}" is given twice; first on ${this.#lineOf(places, name)}`, [
          ...this.#path,
          name,
        ]);
      else {
        places.set(name, place);
        define(map, name, this.#readBelow(name, value));
      }
    }
    for (const source of merged) this.#merge(source, map, places);
    return map;
  }

  #readBelow(name: string, node: Node | null): unknown {
    this.#path.push(name);
    const value = this.#read(node);
    this.#path.pop();
    return value;
  }

  #lineOf(places: ReadonlyMap<string, Place>, name: string): string {
    return `line ${this.#position(places.get(name)!.name).line}`;
  }

  #mergeable(value: unknown, offset: number): Record<string, unknown>[] {
    const sources = Array.isArray(value) ? value : [value];
    if (sources.every(isContainer) && !sources.some(Array.isArray)) return sources as Record<string, unknown>[];
    this.#fault(offset, '"<<" takes in a map of fields, or a list of such maps');
    return [];
  }

  /** Own fields win over merged ones, earlier sources over later ones. */
  #merge(source: Record<string, unknown>, map: Record<string, unknown>, places: Map<string, Place>): void {
    for (const [name, place] of this.#places.get(source) ?? []) {
      if (places.has(name)) continue;
      places.set(name, place);
      define(map, name, source[name]);
    }
  }

  #fault(offset: number, message: string, path?: readonly string[]): void {
    this.faults.push({ message, ...this.#position(offset), ...(path ? { path } : {}) });
    if (this.faults.length >= yamlLimits.faults) throw new Excess('has too many faults to read on', offset);
  }

  #position(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line, column: col };
  }
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** Sets a field whatever its name: `__proto__` is one like any other. */
function define(map: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(map, name, { value, enumerable: true, writable: true, configurable: true });
}

/** The offset of where the composer found a fault. */
function offsetOf(source: unknown): number {
  if (typeof source === 'number') return source;
  if (Array.isArray(source)) return source[0] as number;
  return (source as { offset: number }).offset;
}
