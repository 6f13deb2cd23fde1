/** The document as a page of its own, to print or to keep: no script, nothing loaded, A4 when printed. */
import { createHash } from 'node:crypto';
import type {
  AgreementDocument,
  BlockOf,
  DocumentBlock,
  DocumentCell,
  TextLine,
  TextRun,
} from '../../contract/agreement-document.ts';
import { documentStyle } from './document-style.ts';

export interface HtmlDocument {
  readonly html: string;
  /** The policy under which it may be served: its style alone, by its hash. */
  readonly contentSecurityPolicy: string;
}

type Figures = ReadonlyMap<string, string>;

export function documentHtml(document: AgreementDocument): HtmlDocument {
  const figures: Figures = new Map(document.figures.map(({ objective, text }) => [objective, text]));
  const style = documentStyle(document.foot);
  const hash = createHash('sha256').update(style).digest('base64');
  const contentSecurityPolicy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const html = [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(document.foot)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    headHtml(document),
    ...document.parts.map(({ key, number, title, blocks }) =>
      [
        `<section id="${key}">`,
        `<h2>${number} ${escaped(title)}</h2>`,
        ...blocks.map((block) => blockHtml(block, figures)),
        '</section>',
      ].join('\n'),
    ),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
  return { html, contentSecurityPolicy };
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter]!);
const multiline = (text: string): string => escaped(text).replaceAll('\n', '<br>');

const headHtml = ({ kindText, title, mark, facts }: AgreementDocument): string =>
  [
    '<header>',
    `<p class="kind">${escaped(kindText)}</p>`,
    `<h1 dir="auto">${escaped(title)}</h1>`,
    ...(mark === null ? [] : [`<p class="mark">${escaped(mark)}</p>`]),
    `<dl class="facts">${facts.map(({ term, text }) => `<div><dt>${escaped(term)}</dt><dd dir="auto">${escaped(text)}</dd></div>`).join('')}</dl>`,
    '</header>',
  ].join('\n');

function blockHtml(block: DocumentBlock, figures: Figures): string {
  switch (block.kind) {
    case 'heading':
      return `<h3>${escaped(block.text)}</h3>`;
    case 'paragraph':
      return `<p${bound(block.objective)}>${escaped(block.text)}${figureHtml(block.objective, figures)}</p>`;
    case 'text':
      return linesHtml(block.lines);
    case 'definitions': {
      const items = block.items.map(
        ({ term, text, objective }) =>
          `<div><dt>${escaped(term)}</dt><dd dir="auto"${bound(objective)}>${escaped(text)}${figureHtml(objective, figures)}</dd></div>`,
      );
      return `<dl class="terms">${items.join('\n')}</dl>`;
    }
    case 'table':
      return tableHtml(block, figures);
    case 'signatures':
      return signaturesHtml(block);
  }
}

const bound = (objective: string | null): string =>
  objective === null ? '' : ` data-objective="${escaped(objective)}"`;
const figureHtml = (objective: string | null, figures: Figures): string => {
  const figure = objective === null ? undefined : figures.get(objective);
  return figure === undefined ? '' : ` <span class="figure">now ${escaped(figure)}</span>`;
};

function tableHtml({ columns, rows }: BlockOf<'table'>, figures: Figures): string {
  const whole = columns.reduce((sum, { share }) => sum + share, 0);
  const head = columns
    .map(
      ({ title, share }) => `<th scope="col" class="w${Math.round((share * 20) / whole) * 5}">${escaped(title)}</th>`,
    )
    .join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cellHtml(cell, figures)}</td>`).join('')}</tr>`);
  return `<table><thead><tr>${head}</tr></thead>\n<tbody>${body.join('\n')}</tbody></table>`;
}

const cellHtml = (cell: DocumentCell, figures: Figures): string =>
  cell
    .map(
      ({ text, objective, isNote }) =>
        `<div dir="auto"${isNote ? ' class="note"' : ''}${bound(objective)}>${multiline(text)}${figureHtml(objective, figures)}</div>`,
    )
    .join('');

function signaturesHtml({ parties }: BlockOf<'signatures'>): string {
  const person = ({ name, role, state, isSigned }: (typeof parties)[number]['people'][number]): string =>
    `<li><p class="line${isSigned ? ' signed' : ''}">${escaped(state)}</p><p dir="auto"><strong>${escaped(name || 'Name')}</strong></p><p dir="auto">${escaped(role || (name === '' ? 'Role' : ''))}</p></li>`;
  return `<div class="signatures">${parties
    .map(
      ({ side, team, people }) =>
        `<section><h3>${escaped(side)}</h3><p dir="auto">${escaped(team)}</p><ul>${people.map(person).join('')}</ul></section>`,
    )
    .join('')}</div>`;
}

/** Lines say how deep they are; lists are opened and closed around them. */
function linesHtml(lines: readonly TextLine[]): string {
  const open: string[] = [];
  const html: string[] = [];
  const close = (depth: number): void => {
    while (open.length > depth) html.push(`</li></${open.pop()}>`);
  };
  for (const line of lines) {
    const depth = line.role === 'item' ? Math.max(1, line.depth) : line.depth;
    close(depth);
    if (line.role === 'item') {
      const list = line.marker === '•' ? 'ul' : 'ol';
      if (open.length === depth && open.at(-1) !== list) close(depth - 1);
      if (open.length === depth) html.push('</li>');
      while (open.length < depth) {
        open.push(list);
        html.push(`<${list}>`);
        if (open.length < depth) html.push('<li>');
      }
      html.push(list === 'ol' ? `<li value="${Number.parseInt(line.marker ?? '1', 10)}">` : '<li>');
    }
    html.push(lineHtml(line));
  }
  close(0);
  return html.join('');
}

function lineHtml({ role, runs }: TextLine): string {
  const text = runs.map(runHtml).join('');
  switch (role) {
    case 'heading':
      return `<h4 dir="auto">${text}</h4>`;
    case 'quote':
      return `<blockquote dir="auto">${text}</blockquote>`;
    case 'code':
      return `<pre>${escaped(runs.map((run) => run.text).join(''))}</pre>`;
    case 'item':
      return `<span dir="auto">${text}</span>`;
    case 'paragraph':
      return `<p dir="auto">${text}</p>`;
  }
}

const tags = { strong: 'strong', emphasis: 'em', code: 'code' } as const;

function runHtml({ text, marks, href }: TextRun): string {
  const marked = marks.reduce((inner, mark) => `<${tags[mark]}>${inner}</${tags[mark]}>`, multiline(text));
  return href === null ? marked : `<a href="${escaped(href)}" rel="noopener noreferrer">${marked}</a>`;
}
