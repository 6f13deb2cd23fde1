import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { put } from '../../support/measured.ts';
import { ensureBuilt, runToEnd, troth } from '../../support/installation.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let server: TestServer;
const folder = temporaryFolder('troth-import-');
beforeAll(async () => {
  [server] = await Promise.all([startTestServer(), ensureBuilt()]);
  await put(server, 'teams/it', { name: 'IT' });
  await put(server, 'services/mail', { name: 'Mail', owner: 'it' });
}, 120_000);
afterAll(() => server.close());

const day = (date: number): string => new Date(Date.UTC(2025, 2, date)).toISOString();
const head = 'service,state,from,to\n';
function fileOf(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}
const run = (...args: string[]) =>
  runToEnd(troth('import', 'timeline', ...args), { TROTH_URL: server.url, TROTH_ADMIN_TOKEN: server.adminToken });
const imports = async () => (await server.request('GET', '/api/v1/imports')).body.items as { id: number }[];
const states = async () =>
  (await server.request('GET', `/api/v1/services/mail/timeline?from=${day(1)}&to=${day(5)}`)).body.intervals.map(
    ({ state }: { state: string }) => state,
  );

describe('troth import', () => {
  it('names what is wrong by row and column, takes nothing over and leaves nothing behind', async () => {
    const file = fileOf('bad.csv', `${head}mail,up,${day(1)},${day(3)}\nmail,dwon,${day(3)},${day(4)}\n`);
    const { code, output } = await run(file);
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/^Nothing was taken over:\n {2}row 3, column state: .*did you mean "down"\?\n$/),
    ]);
    expect(await imports()).toEqual([]);
  });

  it('says what it would do, and does it', async () => {
    const file = fileOf('mail.csv', `state,from,to\nup,${day(1)},${day(3)}\ndown,${day(3)},${day(4)}\n`);
    const told = `mail: 2 rows from ${day(1)} to ${day(4)}, replaces nothing\n`;
    const only = ['--service', 'mail'];
    expect(await run(file, ...only, '--check')).toEqual({
      code: 0,
      output: `${told}It is right. Nothing was taken over.\n`,
    });
    expect([await imports(), await states()]).toEqual([[], []]);
    expect(await run(file, ...only)).toEqual({ code: 0, output: `${told}2 rows taken over.\n` });
    expect(await states()).toEqual(['up', 'down']);
  });

  it('lets nothing give way before that is agreed to', async () => {
    const file = fileOf('again.csv', `${head}mail,degraded,${day(3)},${day(4)}\n`);
    const { code, output } = await run(file);
    const id = String((await imports())[0]!.id);
    expect([code, output]).toEqual([
      1,
      `mail: 1 row from ${day(3)} to ${day(4)}, replaces 1\n` +
        `Nothing was taken over yet: to agree to this, add --replace --continue ${id}.\n`,
    ]);
    expect(await states()).toEqual(['up', 'down']);
    expect((await run(file, '--replace', '--continue', id)).code).toBe(0);
    expect(await states()).toEqual(['up', 'degraded']);
  });

  it('goes on where sending was cut off, with the same file alone', async () => {
    const content = `${head}mail,up,${day(4)},${day(5)}\n`;
    const file = fileOf('cut.csv', content);
    const announced = { kind: 'timeline', format: 'csv', name: 'cut.csv', bytes: content.length };
    const { id } = (await server.request('POST', '/api/v1/imports', announced)).body as { id: number };
    await server.request('PUT', `/api/v1/imports/${id}/content?offset=0`, content.slice(0, 10), {
      headers: { 'Content-Type': 'application/octet-stream' },
    });
    const other = await run(fileOf('other.csv', content), '--continue', String(id));
    expect([other.code, other.output]).toEqual([1, expect.stringContaining('which is another file')]);
    expect((await run(file, '--continue', String(id))).output).toContain('1 row taken over.');
    expect(await states()).toEqual(['up', 'degraded', 'up']);
  });

  it('says what it does not understand', async () => {
    expect((await run(fileOf('history', head))).output).toContain('say it by --format');
    expect(await run(join(folder, 'none.csv'))).toEqual({
      code: 1,
      output: expect.stringContaining('none.csv cannot be read'),
    });
  });
});
