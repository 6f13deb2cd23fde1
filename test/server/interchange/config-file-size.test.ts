import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { ConfigFileService } from '../../../server/interchange/config-file.service.ts';
import { Database } from '../../../server/platform/database.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
});
afterAll(() => server.close());

const service = (index: number) => ({
  name: `Service ${index}`,
  owner: 'it',
  dependsOn: index > 0 ? [`service-${index - 1}`] : [],
  probes: {
    login: { kind: 'http', locations: ['hq', 'dmz'], config: { url: `https://service-${index}.example/login` } },
  },
});
const file = (count: number) =>
  stringify({
    apiVersion: 'troth/v1',
    teams: { it: { name: 'IT' } },
    locations: { hq: { name: 'HQ' }, dmz: { name: 'DMZ' } },
    services: Object.fromEntries(Array.from({ length: count }, (_, index) => [`service-${index}`, service(index)])),
  });

it('five hundred services take about as many statements as three', async () => {
  const files = server.app.get(ConfigFileService);
  const query = vi.spyOn(server.app.get(Database), 'query');
  const statementsOf = async (text: string) => {
    query.mockClear();
    await files.apply(text);
    return query.mock.calls.length;
  };
  const few = await statementsOf(file(3));
  await files.apply('apiVersion: troth/v1');
  expect(await statementsOf(file(500))).toBeLessThan(few + 20);
  const [counts] = await server.database.query(
    `select (select count(*) from services where deleted_at is null) as services,
       (select count(*) from probes where deleted_at is null) as probes,
       (select count(*) from service_dependencies d join services s on s.id = d.service_id where s.deleted_at is null) as links,
       (select count(*) from probe_locations x join probes p on p.id = x.probe_id where p.deleted_at is null) as places`,
  );
  expect(counts).toEqual({ services: 500, probes: 500, links: 499, places: 1_000 });
}, 60_000);
