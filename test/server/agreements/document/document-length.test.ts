import { describe, expect, it } from 'vitest';
import { agreementDocument } from '../../../../server/agreements/document/agreement-document.ts';
import { documentLength } from '../../../../server/agreements/document/document-length.ts';
import { pdfDefinition } from '../../../../server/agreements/document/document-pdf.ts';
import { agreementTemplates } from '../../../../server/agreements/document/templates/agreement-templates.ts';
import { agreementInputSchema } from '../../../../server/contract/agreements.ts';
import type { PdfDefinition } from '../../../../server/platform/pdf-content.ts';
import { printPdf } from '../../../../server/platform/pdf-printer.ts';
import { context, fullAgreement, fullDocument } from './full-agreement.ts';

const withTexts = (texts: Partial<typeof fullAgreement.texts>, title = 'Payroll for HR') =>
  agreementDocument({ ...fullAgreement, title, texts: { ...fullAgreement.texts, ...texts } }, context);
/** Pages of the file itself. */
const printedPages = async (definition: PdfDefinition): Promise<number> =>
  Buffer.from(await printPdf(definition))
    .toString('latin1')
    .match(/\/Type \/Page\b/g)!.length;

const list = (count: number): string => Array.from({ length: count }, (_, index) => `- duty ${index}`).join('\n');

describe('the length of a document', () => {
  it('is that of the printed file', async () => {
    const { pages } = await documentLength(fullDocument);
    expect(pages).toBe(await printedPages(pdfDefinition(fullDocument)));
  });

  it('tells how much of it each part takes', async () => {
    const { pages, parts } = await documentLength(withTexts({ continuity: list(60) }));
    expect(parts.toSorted((a, b) => b.pages - a.pages)[0]).toMatchObject({ key: 'continuity' });
    const sum = parts.reduce((all, part) => all + part.pages, 0);
    expect(sum).toBeGreaterThan(pages - 1.2);
    expect(sum).toBeLessThanOrEqual(pages);
  });

  it('fits while it is read, is long beyond three pages, and cannot be proposed beyond five', async () => {
    const short = agreementTemplates[0]!.agreement;
    expect(await documentLength(agreementDocument(short, context))).toMatchObject({ verdict: 'fits', message: null });
    const long = await documentLength(fullDocument);
    expect([long.pages, long.verdict]).toEqual([4, 'long']);
    expect(long.message).toMatch(
      /^It has 4 pages; people read 3\. The longest parts, in pages: Definitions \(0\.\d\), /,
    );
    const tooLong = await documentLength(withTexts({ duties: list(170) }));
    expect(tooLong.pages).toBe(6);
    expect(tooLong.verdict).toBe('too-long');
    expect(tooLong.message).toMatch(
      /^It has 6 pages, and 5 is the most that can be proposed\. The longest parts, in pages: Duties, workload and exceptions \(\d\.\d\), /,
    );
  });

  it('is only counted where it is far too long', async () => {
    const services = Array.from({ length: 200 }, (_, index) => `service-${index}`);
    const objective = fullAgreement.objectives['availability']!;
    const objectives = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`o-${index}`, { ...objective, services: services.slice(index + 1) }]),
    ) as typeof fullAgreement.objectives;
    const document = agreementDocument({ ...fullAgreement, services, objectives }, context);
    const { pages, verdict } = await documentLength(document);
    expect(verdict).toBe('too-long');
    expect(pages).toBeGreaterThan(15);
  });

  it('holds on text of a thousand lines and on words longer than a line', async () => {
    const document = withTexts({ duties: 'a\n\n'.repeat(1_000), charges: 'W'.repeat(4_000) }, 'T'.repeat(120));
    const { pages, parts } = await documentLength(document);
    expect(pages).toBe(await printedPages(pdfDefinition(document)));
    expect(parts.find(({ key }) => key === 'duties')!.pages).toBeGreaterThan(10);
  });

  it('names letters that cannot be printed', async () => {
    expect((await documentLength(withTexts({ purpose: 'שלום → 你好 🙂 Größe Ωμέγα Жук ≥ × ÷' }))).unprintable).toBe(
      'שלום→你好🙂',
    );
  });
});

describe('templates', () => {
  it('have keys of their own', () => {
    expect(agreementTemplates.map(({ key }) => key)).toEqual([
      'application-sla',
      'network-ola',
      'help-desk-sla',
      'security-recovery-sla',
      'marketing-sales',
    ]);
  });

  it.each(agreementTemplates.map((template) => [template.key, template] as const))(
    '%s is a complete agreement of two pages at most, with actions and without credits',
    async (_, { agreement }) => {
      expect(agreementInputSchema.parse(agreement)).toEqual(agreement);
      const { pages, unprintable } = await documentLength(
        agreementDocument(agreement, { ...context, status: 'draft' }),
      );
      expect(pages).toBeLessThanOrEqual(2);
      expect(unprintable).toBe('');
      expect(agreement.consequences.actions.length).toBeGreaterThan(0);
      expect(agreement.consequences.credits).toEqual([]);
      expect(Object.values(agreement.texts).filter((text) => text !== '').length).toBeGreaterThanOrEqual(6);
    },
  );
});
