import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../../server/contract/reports.ts';
import { upstreamTexts } from '../../../server/contract/upstream-words.ts';
import { ReportClosingService } from '../../../server/reports/report-closing.service.ts';
import { reportDefinition } from '../../../server/reports/report-pdf.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { unzip } from '../../support/zip.ts';

let server: TestServer;
const config = `apiVersion: troth/v1
teams: { hr-it: { name: "=HR IT" }, hr: { name: Human Resources } }
services:
  payroll: { name: Payroll, owner: hr-it, dependsOn: [names] }
  names: { name: Name service, owner: hr-it }
agreements:
  hr-payroll:
    kind: SLA
    title: "=1+1"
    provider: hr-it
    customer: hr
    effective: { from: 2026-10-01, to: 2026-11-01 }
    timeZone: Europe/Berlin
    status: declared
    objectives: { availability: { type: availability, services: [payroll], target: "99.9" } }
`;

beforeAll(async () => {
  server = await startTestServer();
  await server.request('POST', '/api/v1/config/apply', config);
  const intervals = [
    { state: 'up', from: '2026-09-30T22:00:00Z', to: '2026-10-06T09:00:00Z' },
    { state: 'down', from: '2026-10-06T09:00:00Z', to: '2026-10-06T10:00:00Z' },
    { state: 'up', from: '2026-10-06T10:00:00Z', to: '2026-10-25T00:52:09Z' },
    { state: 'down', from: '2026-10-25T00:52:09Z', to: '2026-10-25T01:15:22Z' },
    { state: 'up', from: '2026-10-25T01:15:22Z', to: '2026-10-31T23:00:00Z' },
  ];
  await server.request('POST', '/api/v1/services/payroll/timeline', { intervals });
  const below = [
    { state: 'up', from: '2026-09-30T22:00:00Z', to: '2026-10-06T09:00:00Z' },
    { state: 'down', from: '2026-10-06T09:00:00Z', to: '2026-10-06T09:29:10Z' },
    { state: 'up', from: '2026-10-06T09:29:10Z', to: '2026-10-31T23:00:00Z' },
  ];
  await server.request('POST', '/api/v1/services/names/timeline', { intervals: below });
  await server.request('POST', '/api/v1/incidents', {
    ...{ kind: 'incident', title: 'Payroll cannot be reached', services: ['payroll'], severity: 1 },
    ...{ startedAt: '2026-10-25T00:52:09Z', detectedAt: '2026-10-25T00:52:09Z' },
    ...{ respondedAt: '2026-10-25T00:56:20Z', resolvedAt: '2026-10-25T01:15:22Z' },
  });
  await server.app.get(ReportClosingService).closeSettled('hr-payroll');
});
afterAll(() => server.close());

/** What is printed, without what lets long words break. */
async function printed(): Promise<string> {
  const { body } = await server.request('GET', '/api/v1/agreements/hr-payroll/reports/2026-10');
  return JSON.stringify(reportDefinition(body as Report).content).replaceAll('\u200b', '');
}

async function markdown(): Promise<string> {
  const { body } = await server.request('GET', '/api/v1/agreements/hr-payroll/reports/2026-10/report.md');
  return body as string;
}

describe('a report on paper', () => {
  it('names the clocks of every time, so that nothing ends before it began when they go back', async () => {
    const [began, answered, resolved] = ['02:52:09 CEST', '02:56:20 CEST', '02:15:22 CET'].map(
      (time) => `2026-10-25 ${time}`,
    );
    const text = await markdown();
    expect(text).toContain(`| ${began} | ${answered} | ${resolved} |`);
    expect(text).toContain(`| ${began} | ${resolved} | 23 min 13 s |`);
    expect(text).toMatch(/Frozen:\*\* [-\d]{10} [:\d]{8} CES?T, from what was known on 2026-11-02 00:00:00 CET/);
    const paper = await printed();
    for (const time of [began, answered, resolved]) expect(paper).toContain(time);
    expect([text, paper].flatMap((one) => one.match(/\d\d:\d\d:\d\d(?! CES?T)/g) ?? [])).toEqual([]);
  });

  it('says what fell to services below as the screen does, and what each mark means', async () => {
    const { body } = await server.request('GET', '/api/v1/agreements/hr-payroll/reports/2026-10');
    const [result] = (body as Report).content.parts[0]!.objectives.map((one) => one.result);
    const [said, ...others] = upstreamTexts(result!, () => 'Name service');
    expect(said).toMatch(/^Of the 1 h 23 min lost, 29 min 10 s fell to Name service; even without that/);
    expect(others).toEqual([]);
    expect(await markdown()).toContain(`Availability: ${said}`);
    const paper = await printed();
    expect(paper).toContain(`Availability: ${said}`);
    expect(paper).toContain('Empty: not promised then.');
  });
});

describe('a report as a workbook', () => {
  it('has a sheet for each part, no formula, numbers as numbers and times of the agreement’s zone', async () => {
    const url = new URL('/api/v1/agreements/hr-payroll/reports/2026-10/report.xlsx', server.url);
    const reply = await fetch(url, { headers: { authorization: `Bearer ${server.adminToken}` } });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-disposition')).toBe('attachment; filename="hr-payroll-2026-10-r1.xlsx"');
    const files = unzip(Buffer.from(await reply.arrayBuffer()));
    const names = [...files.get('xl/workbook.xml')!.matchAll(/<sheet [^>]*name="([^"]+)"/g)].map(([, name]) => name);
    expect(names).toEqual(['Report', 'Promises', 'Intervals', 'Events', 'Incidents', 'What follows']);
    const sheets = [1, 2, 3, 4, 5, 6].map((place) => files.get(`xl/worksheets/sheet${place}.xml`)!);
    for (const sheet of sheets) expect(sheet).not.toContain('<f>');
    expect(files.get('xl/sharedStrings.xml')).toContain('=1+1');
    // An hour and 23 min 13 s of October 2026, which has 745.
    expect(sheets[1]).toMatch(/<v>4993<\/v>/);
    expect(sheets[1]).toMatch(/<v>2682000<\/v>/);
    // 6 October 2026 11:00 in Berlin, in days since the end of 1899.
    const days = [...sheets[2]!.matchAll(/<v>(46\d{3}\.\d+)<\/v>/g)].map(([, text]) => Number(text));
    expect(days.some((day) => Math.abs(day - (46_301 + 11 / 24)) < 1e-6)).toBe(true);
  });
});
