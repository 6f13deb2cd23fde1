import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReportClosingService } from '../../../server/reports/report-closing.service.ts';
import { ensureBuilt, runToEnd, troth } from '../../support/installation.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const config = `apiVersion: troth/v1
teams: { it: { name: IT }, hr: { name: HR } }
services: { shop: { name: Shop, owner: it } }
agreements:
  hr-shop:
    kind: SLA
    title: Shop for HR
    provider: it
    customer: hr
    effective: { from: 2026-09-01, to: 2026-11-01 }
    timeZone: UTC
    status: declared
    objectives: { availability: { type: availability, services: [shop], target: "99.9" } }
`;

let server: TestServer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'troth-report-'));
  [server] = await Promise.all([startTestServer({ TROTH_ROLES: 'api' }), ensureBuilt()]);
  const { status, body } = await server.request('POST', '/api/v1/config/apply', config);
  if (status !== 200) throw new Error(JSON.stringify(body));
}, 120_000);
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]) =>
  runToEnd(troth(...args), { TROTH_URL: server.url, TROTH_ADMIN_TOKEN: server.adminToken });

describe('troth report and verify', () => {
  it('say that there is none yet, and when the first comes', async () => {
    const { code, output } = await run('report', 'hr-shop');
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(
        /^Agreement "hr-shop" has no frozen report yet: the first, of 2026-09, is frozen on \d{4}-/,
      ),
    ]);
    expect(await run('verify', 'hr-shop')).toEqual({ code: 0, output: 'There is no report yet.\n' });
  });

  it('print the newest report or another, and write a PDF byte by byte', async () => {
    await server.database.query(`update agreement_versions set created_at = '2026-09-01'`);
    expect(await server.app.get(ReportClosingService).closeDue()).toBe(2);
    expect((await run('report', 'hr-shop')).output).toContain('# Shop for HR: October 2026\n');
    const earlier = await run('report', 'hr-shop', '2026-09', '--format', 'json');
    expect(JSON.parse(earlier.output)).toMatchObject({ period: '2026-09', revision: 1, sequence: 1 });
    const file = join(folder, 'report.pdf');
    expect(await run('report', 'hr-shop', '2026-10', '--format', 'pdf', '--output', file)).toEqual({
      code: 0,
      output: '',
    });
    const pdf = readFileSync(file);
    expect([pdf.subarray(0, 5).toString(), pdf.subarray(-6).toString().trim()]).toEqual(['%PDF-', '%%EOF']);
  });

  it('end with 1 where the chain does not hold, naming where', async () => {
    expect((await run('verify', 'hr-shop')).output).toMatch(/^2 reports hold, the last with hash [0-9a-f]{64}\n$/);
    await server.database.query('alter table reports disable trigger user');
    await server.database.query(
      `update reports set content = replace(content, 'Shop', 'Shoq') where period = '2026-10'`,
    );
    const { code, output } = await run('verify', 'hr-shop');
    expect([code, output]).toEqual([
      1,
      expect.stringContaining(
        'The chain is broken at the report of 2026-10, revision 1: its content is not what was frozen.\n1 report holds',
      ),
    ]);
  });

  it.each([
    [['report', 'hr-shop', '2026-09', '--format', 'doc'], 2, '"doc" is no format of a report'],
    [['report', 'hr-shop', '2026-09', '--revision', 'x'], 2, '"x" is no number of a revision'],
    [['report', 'hr-shop', '2026-08'], 1, 'has no report of 2026-08'],
    [['report', 'hr-shp'], 1, 'hr-shop'],
  ])('say what is wrong: troth %j', async (args, code, message) => {
    expect(await run(...args)).toEqual({ code, output: expect.stringContaining(message) });
  });
});
