import { describe, expect, it } from 'vitest';
import {
  askedFields,
  asksOfBlank,
  freshAgreement,
  placesOf,
  placesOfBlank,
  startOf,
  withValueAt,
} from '../../../client/model/agreement-start.ts';
import { faultsText, longestParts, pagesText, previewInput } from '../../../client/model/document-preview.ts';
import { textTree, type TextNode } from '../../../client/model/text-tree.ts';
import { agreementTemplates } from '../../../server/agreements/document/templates/agreement-templates.ts';
import type { AgreementTemplate, DocumentLength, TextLine } from '../../../server/contract/agreement-document.ts';
import { agreementInputSchema } from '../../../server/contract/agreements.ts';
import { parseInput } from '../../../server/contract/input-issues.ts';

const templates: AgreementTemplate[] = agreementTemplates.map(({ written, ...one }) => ({
  ...one,
  agreement: written,
}));
const template = (key: string): AgreementTemplate => templates.find((one) => one.key === key)!;
const fresh = freshAgreement({ kind: 'SLA' }, Date.parse('2026-11-30T23:30:00Z'), 'Europe/Berlin');

describe('the start of a new agreement', () => {
  it('is the first day of the next month of its author, in whose zone it is December already', () => {
    expect(fresh).toEqual({ kind: 'SLA', effective: { from: '2027-01-01' }, timeZone: 'Europe/Berlin' });
  });

  it('is what a template says without its places', () => {
    const start = startOf(template('security-recovery-sla'), fresh);
    expect(start).toMatchObject({ effective: { from: '2027-01-01' }, timeZone: 'Europe/Berlin', period: 'quarter' });
    expect(start['key']).toBe('recovery-after-security-incidents');
    for (const name of ['provider', 'customer', 'services']) expect(start).not.toHaveProperty(name);
    expect((start['objectives'] as Record<string, object>)['backup']).toEqual({
      ...{ type: 'recovery', title: 'Backup', note: 'So much data is lost at most.', maxAge: '26h' },
    });
  });

  it('leaves the template as it was, and takes values at a path away', () => {
    expect(template('security-recovery-sla').agreement).toHaveProperty('objectives.backup.probe', 'the-service.backup');
    expect(withValueAt({ a: { b: 1, c: 2 } }, 'a.b', undefined)).toEqual({ a: { c: 2 } });
    expect(withValueAt({}, 'a.b', 1)).toEqual({ a: { b: 1 } });
  });

  it('asks for what only its author knows until it is said, and for a look at what was guessed', () => {
    const { asks } = template('security-recovery-sla');
    const start = startOf(template('security-recovery-sla'), fresh);
    const asked = askedFields(start, asks, fresh);
    expect(asked.open.map(({ title }) => title)).toEqual(['Provider', 'Customer', 'Services', 'Backup › Probe']);
    expect(asked.guessed.map(({ title, text }) => [title, text])).toEqual([
      ['First day', '2027-01-01'],
      ['Time zone', 'Europe/Berlin'],
    ]);
    const said = { ...start, provider: 'it', customer: 'hr', services: ['mail'], effective: { from: '2027-02-01' } };
    const later = askedFields(said, asks, fresh);
    expect(later.open.map(({ path }) => path)).toEqual(['objectives.backup.probe']);
    expect(later.guessed.map(({ path }) => path)).toEqual(['timeZone']);
    expect(askedFields(fresh, asksOfBlank, fresh).open[0]).toMatchObject({ path: 'title' });
  });
});

describe('what a preview is asked for', () => {
  it.each(templates)('has no fault as soon as $name is begun', (one) => {
    const input = previewInput(startOf(one, fresh), 'key', placesOf(one, fresh));
    expect(parseInput(agreementInputSchema, input).issues).toEqual([]);
  });

  it('holds what is said, and no place for an objective that was taken away', () => {
    const places = placesOf(template('security-recovery-sla'), fresh);
    const start = startOf(template('security-recovery-sla'), fresh);
    const { backup: _, ...left } = start['objectives'] as Record<string, unknown>;
    const input = previewInput({ ...start, provider: 'it', services: [], objectives: left }, 'key', places);
    expect(input).toMatchObject({ provider: 'it', customer: 'customer-team', services: ['the-service'] });
    expect(input['objectives']).toEqual(left);
  });

  it('has a title and parties of its own where nothing is written yet', () => {
    expect(previewInput({ title: '', kind: 'SLA' }, 'key', placesOfBlank)).toEqual({
      ...{ kind: 'SLA', title: 'Agreement without a title', provider: 'provider-team', customer: 'customer-team' },
    });
  });
});

describe('the length of a document', () => {
  const length: DocumentLength = {
    ...{ pages: 2, mostPages: 5, verdict: 'fits', message: null, unprintable: '' },
    parts: [
      { key: 'parties', title: 'Parties', pages: 0.25 },
      { key: 'duties', title: 'Duties', pages: 1 },
      { key: 'review', title: 'Review', pages: 0 },
    ],
  };
  it('is told with its limit and its longest parts', () => {
    expect(pagesText(length)).toBe('2 of at most 5 pages');
    expect(longestParts(length)).toEqual([
      { key: 'duties', title: 'Duties', text: '1.0 pages', share: 1 },
      { key: 'parties', title: 'Parties', text: '0.3 pages', share: 0.25 },
    ]);
  });

  it('says whether what is shown is the form', () => {
    expect(faultsText(1, true)).toBe('The form has 1 fault: this is the document from before.');
    expect(faultsText(2, false)).toBe('The document is shown once the form has no fault: it has 2.');
  });
});

describe('lines of a text', () => {
  const line = (text: string, role: TextLine['role'], depth = 0, marker: string | null = null): TextLine => ({
    ...{ role, depth, marker, runs: [{ text, marks: [], href: null }] },
  });
  const shape = (nodes: readonly TextNode[]): unknown[] =>
    nodes.map((node) =>
      node.kind === 'line'
        ? node.line.runs[0]!.text
        : { [node.isOrdered ? 'ol' : 'ul']: node.items.map((item) => [item.number, ...shape(item.nodes)]) },
    );

  it('are lists within lists, numbered as they were written', () => {
    const lines = [
      line('before', 'paragraph'),
      line('three', 'item', 1, '3.'),
      line('below', 'item', 2, '•'),
      line('goes on', 'paragraph', 1),
      line('four', 'item', 1, '4.'),
      line('other', 'item', 1, '•'),
      line('after', 'paragraph'),
    ];
    expect(shape(textTree(lines))).toEqual([
      'before',
      {
        ol: [
          [3, 'three', { ul: [[1, 'below']] }, 'goes on'],
          [4, 'four'],
        ],
      },
      { ul: [[1, 'other']] },
      'after',
    ]);
  });

  it('may begin deep', () => {
    expect(shape(textTree([line('deep', 'item', 2, '•')]))).toEqual([{ ul: [[1, { ul: [[1, 'deep']] }]] }]);
  });
});
