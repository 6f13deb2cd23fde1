import { describe, expect, it } from 'vitest';
import { agreementDocument } from '../../../../server/agreements/document/agreement-document.ts';
import { documentHtml } from '../../../../server/agreements/document/document-html.ts';
import { documentMarkdown } from '../../../../server/agreements/document/document-markdown.ts';
import { documentPdf } from '../../../../server/agreements/document/document-pdf.ts';
import { markdownBlocks } from '../../../../server/agreements/document/markdown-blocks.ts';
import { agreementTemplates } from '../../../../server/agreements/document/templates/agreement-templates.ts';
import { context, fullAgreement, fullDocument } from './full-agreement.ts';

const hostileTitle = '</title><script>alert(1)</script>';
const hostileText = [
  '# 12 Signatures',
  '<script>alert(2)</script> & <img src=x onerror=alert(3)>',
  '[click](javascript:alert(4)) [data](data:text/html,x) [fine](https://example.org/?a=1&b="2")',
  '- one\n  1. two\n  2. three\n- four',
  '![picture](https://example.org/p.png)',
].join('\n\n');
const hostile = agreementDocument(
  { ...fullAgreement, title: hostileTitle, texts: { ...fullAgreement.texts, purpose: hostileText } },
  { ...context, status: 'draft', teams: new Map([['hr-it', { name: '| a | `b` | </td>' }]]) },
);

describe('free text', () => {
  it('is read once, without raw HTML, pictures, or links but to the web and mail', () => {
    const runs = markdownBlocks(hostileText).flatMap((block) => (block.kind === 'text' ? block.lines : []));
    expect(runs.flatMap((line) => line.runs.flatMap(({ href }) => href ?? []))).toEqual([
      'https://example.org/?a=1&b=%222%22',
      'https://example.org/p.png',
    ]);
    const text = runs.flatMap((line) => line.runs.map((run) => run.text)).join('');
    expect(text).toContain('<script>alert(2)</script>');
    expect(text).toContain('[click](javascript:alert(4))');
  });

  it('keeps its lists and how deep they are, three at most', () => {
    const [block] = markdownBlocks('1. a\n   - b\n     - c\n       - d\n         - e\n2. f');
    expect(block?.kind === 'text' && block.lines.map(({ marker, depth }) => `${marker} ${depth}`)).toEqual([
      '1. 1',
      '• 2',
      '• 3',
      '• 3',
      '• 3',
      '2. 1',
    ]);
  });

  it('becomes a table where it is one', () => {
    expect(markdownBlocks('| a | b |\n|---|---|\n| 1 | **2** |')).toEqual([
      {
        kind: 'table',
        columns: [
          { title: 'a', share: 1 },
          { title: 'b', share: 1 },
        ],
        rows: [[[{ text: '1', objective: null, isNote: false }], [{ text: '2', objective: null, isNote: false }]]],
      },
    ]);
  });
});

describe('the document in HTML', () => {
  it('holds nothing that runs, loads, or escapes its place', () => {
    const { html, contentSecurityPolicy } = documentHtml(hostile);
    expect(html).not.toMatch(/<(script|img|iframe|link|object)/i);
    expect(html).not.toMatch(/href="(?!https:\/\/|mailto:)/);
    expect(html).not.toMatch(/\sstyle=/);
    expect(html.match(/<style>/g)).toHaveLength(1);
    expect(html).toContain('&lt;script&gt;alert(2)&lt;/script&gt; &amp; &lt;img src=x onerror=alert(3)&gt;');
    expect(contentSecurityPolicy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]{44}';/);
    expect(html).toContain(`content="${contentSecurityPolicy}"`);
  });

  it('opens and closes what it opens', () => {
    const { html } = documentHtml(hostile);
    for (const tag of ['ul', 'ol', 'li', 'section', 'table', 'tr', 'td', 'dl', 'div', 'p']) {
      const opened = html.match(new RegExp(`<${tag}[ >]`, 'g'))?.length;
      expect([tag, html.match(new RegExp(`</${tag}>`, 'g'))?.length]).toEqual([tag, opened]);
    }
    expect(html).toContain(
      '<ul><li><span dir="auto">one</span><ol><li value="1"><span dir="auto">two</span></li><li value="2"><span dir="auto">three</span></li></ol></li><li><span dir="auto">four</span></li></ul>',
    );
  });

  it('marks which target belongs to which objective, with its present figure where there is one', () => {
    const document = agreementDocument(fullAgreement, {
      ...context,
      figures: new Map([['availability', '99.95 %, on track']]),
    });
    expect(documentHtml(document).html).toContain(
      '<div dir="auto" data-objective="availability">At least 99.9 % availability <span class="figure">now 99.95 %, on track</span></div>',
    );
  });
});

describe('the document in Markdown', () => {
  it('says the same, and text of people stays text', () => {
    const markdown = documentMarkdown(hostile);
    const inner = markdown.split('\n').filter((line) => /^#{1,2} /.test(line));
    expect(inner[0]).toBe('# \\</title\\>\\<script\\>alert(1)\\</script\\>');
    expect(inner).toHaveLength(1 + hostile.parts.length);
    expect(markdown).toContain('> **Draft: not signed, not in force**');
    expect(markdown).toContain('**12 Signatures**');
    expect(markdown).toContain('\\[click\\](javascript:alert(4))');
    expect(markdown).toContain('[fine](<https://example.org/?a=1&b=%222%22>)');
    expect(markdown).toContain('| Provider | \\| a \\| \\`b\\` \\| \\</td\\> |');
    expect(markdown).toContain('\\![picture](<https://example.org/p.png>)');
    expect(markdown).toContain('- one\n   1. two\n   2. three\n- four');
  });

  it('has every target of the agreement', () => {
    const markdown = documentMarkdown(fullDocument);
    expect(markdown).toContain('| Speed of login | Payroll | At least 95 % of checks answered within 800 ms |');
    expect(markdown).toContain('- Tom Weiß, Works council: **not signed**');
  });
});

describe('the document in PDF', () => {
  it('is the same bytes for the same document', async () => {
    const document = agreementDocument(agreementTemplates[4]!.agreement, context);
    const [first, again] = [await documentPdf(document), await documentPdf(structuredClone(document))];
    expect(Buffer.from(first).subarray(0, 8).toString('latin1')).toBe('%PDF-1.7');
    expect(Buffer.compare(first, again)).toBe(0);
    const later = agreementDocument(agreementTemplates[4]!.agreement, {
      ...context,
      writtenAt: '2025-12-11T09:00:00Z',
    });
    expect(Buffer.compare(first, await documentPdf(later))).not.toBe(0);
  });

  it('links where the text links and nowhere else', async () => {
    const pdf = Buffer.from(await documentPdf(hostile)).toString('latin1');
    const links = [...pdf.matchAll(/\/URI \(([^)]*)\)/g)].map(([, url]) => url);
    expect(links).toContain('https://example.org/p.png');
    expect(links.filter((url) => !/^https:\/\/(example|portal\.example)\.org/.test(url ?? ''))).toEqual([]);
  });
});
