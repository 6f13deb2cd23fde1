import { describe, expect, it } from 'vitest';
import { xlsxOf } from '../../../server/platform/spreadsheet.ts';
import { unzip } from '../../support/zip.ts';

/** A sheet as XML, with the texts that it refers to in their places. */
async function sheetXml(...cells: Parameters<typeof xlsxOf>[0][number]['rows'][number]): Promise<string> {
  const files = unzip(await xlsxOf([{ name: 'Figures', head: cells.map((_, place) => `c${place}`), rows: [cells] }]));
  const texts = [...(files.get('xl/sharedStrings.xml') ?? '').matchAll(/<t[^>]*>([^<]*)<\/t>/g)].map(
    ([, text]) => text,
  );
  return files
    .get('xl/worksheets/sheet1.xml')!
    .replaceAll(
      /(<c [^>]*t="s"[^>]*>)<v>(\d+)<\/v>/g,
      (_all, cell: string, place: string) => `${cell}${texts[Number(place)]}`,
    );
}

describe('a workbook', () => {
  it('keeps a formula that somebody wrote a text', async () => {
    const xml = await sheetXml('=HYPERLINK("http://x","y")', '+1', '@SUM(A1)', '-2');
    expect(xml).not.toContain('<f>');
    expect(xml).toContain('=HYPERLINK(');
  });

  it('keeps numbers numbers, and empty cells empty', async () => {
    const xml = await sheetXml(12.5, null, 0);
    expect(xml).toMatch(/<c r="A2"[^>]*><v>12\.5<\/v>/);
    expect(xml).not.toContain('r="B2"');
    expect(xml).toMatch(/<c r="C2"[^>]*><v>0<\/v>/);
  });

  it('shows instants by the clock of a zone, in summer and in winter', async () => {
    const zone = 'Europe/Berlin';
    const xml = await sheetXml({ at: '2026-07-01T22:30:00Z', zone }, { at: '2026-12-31T23:30:00Z', zone });
    // Days since the end of 1899: 2 July 2026 00:30, and 1 January 2027 00:30.
    const days = [...xml.matchAll(/<v>(\d+\.\d+)<\/v>/g)].map(([, text]) => Number(text));
    expect(days[0]).toBeCloseTo(46_205 + 0.5 / 24, 5);
    expect(days[1]).toBeCloseTo(46_388 + 0.5 / 24, 5);
  });

  it('can be written of what XML cannot hold, and of more letters than a cell can', async () => {
    const xml = await sheetXml(`a\u0000b<&>`, 'x'.repeat(40_000));
    expect(xml).toContain('ab&lt;&amp;&gt;');
    expect(/x+/g.exec(xml.match(/x{100,}/)![0])![0]).toHaveLength(32_767);
  });
});
