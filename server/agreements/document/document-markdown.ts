/** The document as Markdown (CommonMark, with the tables of GitHub). */
import type {
  AgreementDocument,
  BlockOf,
  DocumentBlock,
  DocumentCell,
  TextLine,
  TextRun,
} from '../../contract/agreement-document.ts';

type Figures = ReadonlyMap<string, string>;

export function documentMarkdown(document: AgreementDocument): string {
  const figures: Figures = new Map(document.figures.map(({ objective, text }) => [objective, text]));
  const sections = [
    `# ${escaped(document.title)}`,
    escaped(document.kindText),
    ...(document.mark === null ? [] : [`> **${escaped(document.mark)}**`]),
    document.facts.map(({ term, text }) => `- **${escaped(term)}:** ${escaped(text)}`).join('\n'),
    ...document.parts.flatMap(({ number, title, blocks }) => [
      `## ${number}. ${escaped(title)}`,
      ...blocks.map((block) => blockText(block, figures)),
    ]),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Text that says itself: nothing in it is Markdown, and it stays on its line. */
function escaped(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>#|~&]/g, '\\$&')
    .replace(/^([-+]|\d+(?=[.)]))/, (start) => (/\d/.test(start) ? start : `\\${start}`))
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

function blockText(block: DocumentBlock, figures: Figures): string {
  switch (block.kind) {
    case 'heading':
      return `### ${escaped(block.text)}`;
    case 'paragraph':
      return escaped(block.text) + figureText(block.objective, figures);
    case 'text':
      return linesText(block.lines);
    case 'definitions':
      return block.items
        .map(({ term, text, objective }) => `- **${escaped(term)}:** ${escaped(text)}${figureText(objective, figures)}`)
        .join('\n');
    case 'table':
      return tableText(block, figures);
    case 'signatures':
      return signaturesText(block);
  }
}

const figureText = (objective: string | null, figures: Figures): string => {
  const figure = objective === null ? undefined : figures.get(objective);
  return figure === undefined ? '' : ` (now ${escaped(figure)})`;
};

function tableText({ columns, rows }: BlockOf<'table'>, figures: Figures): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(columns.map(({ title }) => escaped(title))),
    row(columns.map(() => '---')),
    ...rows.map((cells) => row(cells.map((cell) => cellText(cell, figures)))),
  ].join('\n');
}

const cellText = (cell: DocumentCell, figures: Figures): string =>
  cell
    .map(({ text, objective }) => {
      const lines = text.split('\n').map(escaped).join('<br>');
      return lines + figureText(objective, figures);
    })
    .join('<br>');

function signaturesText({ parties }: BlockOf<'signatures'>): string {
  return parties
    .map(({ side, team, people }) =>
      [
        `**${escaped(side)}, ${escaped(team)}**`,
        people
          .map(({ name, role, state }) => {
            const who = [name || 'Name: ____________________', role].filter((one) => one !== '').map(escaped);
            return `- ${who.join(', ')}: **${escaped(state)}**`;
          })
          .join('\n'),
      ].join('\n\n'),
    )
    .join('\n\n');
}

function linesText(lines: readonly TextLine[]): string {
  return lines
    .map((line, index) => {
      const before = lines[index - 1];
      const isNextItem = line.role === 'item' && before?.role === 'item';
      return `${index === 0 ? '' : isNextItem ? '\n' : '\n\n'}${lineText(line)}`;
    })
    .join('');
}

function lineText({ role, depth, marker, runs }: TextLine): string {
  const indent = '   '.repeat(role === 'item' ? Math.max(0, depth - 1) : depth);
  if (role === 'code') {
    const code = runs.map(({ text }) => text).join('');
    const fence = '`'.repeat(Math.max(3, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
    return [fence, ...code.split('\n'), fence].map((one) => indent + one).join('\n');
  }
  const text = runs.map(runText).join('');
  if (role === 'heading') return `${indent}**${runs.map((run) => escaped(run.text)).join(' ')}**`;
  if (role === 'quote') return `${indent}> ${text}`;
  return role === 'item' ? `${indent}${marker === '•' ? '-' : marker} ${text}` : indent + text;
}

function runText({ text, marks, href }: TextRun): string {
  if (marks.includes('code')) return codeText(text);
  const [, before = '', inner = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
  const words = inner.split('\n').map(escaped).join('\\\n');
  const marked = marks.reduce((one, mark) => (mark === 'strong' ? `**${one}**` : `*${one}*`), words);
  const linked =
    href === null || words === '' ? marked : `[${marked}](<${href.replace(/[<>\s]/g, encodeURIComponent)}>)`;
  return before + (words === '' ? '' : linked) + after;
}

function codeText(text: string): string {
  const ticks = '`'.repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return ticks.length > 1 ? `${ticks} ${text} ${ticks}` : `${ticks}${text}${ticks}`;
}
