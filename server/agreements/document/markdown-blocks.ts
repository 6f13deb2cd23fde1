/** Free text: Markdown read once into blocks, so that every rendering shows the same and none has to trust it. */
import MarkdownIt, { type Token } from 'markdown-it';
import type { DocumentBlock, TextLine, TextRun } from '../../contract/agreement-document.ts';

const deepest = 3;
const parser = new MarkdownIt('default', { html: false, linkify: false, typographer: false, maxNesting: 20 });
parser.disable(['image', 'strikethrough']);
parser.validateLink = (url) => /^(https?:\/\/|mailto:)/i.test(url.trim());

/** The blocks of a Markdown text: lines of text, and tables between them. None for a blank text. */
export function markdownBlocks(source: string): DocumentBlock[] {
  const reader = new MarkdownReader();
  for (const token of parser.parse(source, {})) reader.read(token);
  return reader.blocks();
}

interface List {
  next: number | null;
}

class MarkdownReader {
  readonly #blocks: DocumentBlock[] = [];
  #lines: TextLine[] = [];
  readonly #lists: List[] = [];
  #marker: string | null = null;
  #quotes = 0;
  #isHeading = false;
  /** Rows of the table that is being read. */
  #rows: string[][] | null = null;

  blocks(): DocumentBlock[] {
    this.#endLines();
    return this.#blocks;
  }

  read(token: Token): void {
    if (token.type === 'inline') this.#inline(token);
    else if (token.type === 'fence' || token.type === 'code_block') this.#code(token.content);
    else if (token.type.startsWith('table_') || token.type.startsWith('tr_')) this.#table(token.type);
    else this.#frame(token);
  }

  #frame(token: Token): void {
    switch (token.type) {
      case 'bullet_list_open':
        this.#lists.push({ next: null });
        break;
      case 'ordered_list_open':
        this.#lists.push({ next: Number(token.attrGet('start') ?? 1) });
        break;
      case 'bullet_list_close':
      case 'ordered_list_close':
        this.#lists.pop();
        break;
      case 'list_item_open':
        this.#marker = this.#nextMarker();
        break;
      case 'list_item_close':
        this.#marker = null;
        break;
      case 'blockquote_open':
      case 'blockquote_close':
        this.#quotes += token.nesting;
        break;
      case 'heading_open':
      case 'heading_close':
        this.#isHeading = token.nesting > 0;
    }
  }

  #nextMarker(): string {
    const list = this.#lists.at(-1);
    if (!list || list.next === null) return '•';
    list.next += 1;
    return `${list.next - 1}.`;
  }

  #inline({ children }: Token): void {
    const runs = runsOf(children ?? []);
    if (this.#rows) this.#rows.at(-1)?.push(runs.map(({ text }) => text).join(''));
    else if (runs.length > 0) this.#push(this.#role(), runs);
  }

  #role(): TextLine['role'] {
    if (this.#marker !== null) return 'item';
    if (this.#isHeading) return 'heading';
    return this.#quotes > 0 ? 'quote' : 'paragraph';
  }

  #code(content: string): void {
    const text = content.replace(/\n$/, '');
    if (text !== '') this.#push('code', [{ text, marks: ['code'], href: null }]);
  }

  #push(role: TextLine['role'], runs: TextRun[]): void {
    this.#lines.push({ role, depth: Math.min(deepest, this.#lists.length), marker: this.#marker, runs });
    this.#marker = null;
  }

  #table(type: string): void {
    if (type === 'table_open') this.#rows = [];
    if (type === 'tr_open') this.#rows?.push([]);
    if (type !== 'table_close' || !this.#rows) return;
    const [head = [], ...rows] = this.#rows;
    this.#rows = null;
    this.#endLines();
    this.#blocks.push({
      kind: 'table',
      columns: head.map((title) => ({ title, share: 1 })),
      rows: rows.map((row) => row.map((text) => [{ text, objective: null, isNote: false }])),
    });
  }

  #endLines(): void {
    if (this.#lines.length > 0) this.#blocks.push({ kind: 'text', lines: this.#lines });
    this.#lines = [];
  }
}

/** Tokens of a line as runs; neighbours that look alike are one. */
function runsOf(tokens: readonly Token[]): TextRun[] {
  const runs: TextRun[] = [];
  const marks = new Set<'strong' | 'emphasis'>();
  let href: string | null = null;
  for (const token of tokens) {
    if (token.type === 'strong_open') marks.add('strong');
    else if (token.type === 'strong_close') marks.delete('strong');
    else if (token.type === 'em_open') marks.add('emphasis');
    else if (token.type === 'em_close') marks.delete('emphasis');
    else if (token.type === 'link_open') href = String(token.attrGet('href') ?? '');
    else if (token.type === 'link_close') href = null;
    else addRun(runs, { text: textOf(token), marks: token.type === 'code_inline' ? ['code'] : [...marks], href });
  }
  return runs;
}

function textOf({ type, content }: Token): string {
  if (type === 'softbreak') return ' ';
  return type === 'hardbreak' ? '\n' : content;
}

function addRun(runs: TextRun[], run: TextRun): void {
  if (run.text === '') return;
  const last = runs.at(-1);
  if (last?.href === run.href && last.marks.join() === run.marks.join()) last.text += run.text;
  else runs.push(run);
}
