import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { readEnvironment } from '../../server/platform/config.ts';
import type { Figure } from './figures.ts';
import { secretKey, type Bench } from './installation.ts';

const series = 40;
const slots = 8_640;
const dayMs = 86_400_000;

/** A day of synthetic observations of 40 probes at 10 s, as it lies fresh and as it lies packed, indexes included; by the server's own modules in `compiled`. */
export async function measureStorage(bench: Bench, compiled: string): Promise<Figure[]> {
  const load = (path: string) => import(pathToFileURL(join(compiled, path)).href) as Promise<unknown>;
  const { createServer } = (await load('server/main.js')) as typeof import('../../server/main.ts');
  const { PackingService } = (await load(
    'server/probing/packing.service.js',
  )) as typeof import('../../server/probing/packing.service.ts');
  const { Database } = (await load(
    'server/platform/database.js',
  )) as typeof import('../../server/platform/database.ts');
  const { ObservationsRepository } = (await load(
    'server/probing/observations.repository.js',
  )) as typeof import('../../server/probing/observations.repository.ts');
  const DATABASE_URL = await bench.database('storage');
  const environment = {
    PORT: '0',
    DATABASE_URL,
    TROTH_DATA: bench.folder,
    TROTH_SECRET_KEY: secretKey,
  };
  const { app, close } = await createServer(readEnvironment({ ...environment, LOG_LEVEL: 'warn' }));
  try {
    const database = app.get(Database);
    const day = Math.floor(Date.now() / dayMs) - 3;
    const observations = app.get(ObservationsRepository);
    await database.transaction(() => observations.openDays([day]));
    for (let slot = 0; slot < slots; slot += 10) await observations.insert(rowsOf(day, slot, slot + 10));
    const size = async (table: string): Promise<number> =>
      (await database.query<{ bytes: number }>(`select pg_total_relation_size('${table}') as bytes`))[0]!.bytes;
    const fresh = await size(`observations_${day}`);
    await app.get(PackingService).packDay(day);
    const tables = await database.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'packed_hours'::regclass`,
    );
    let packed = 0;
    for (const { name } of tables) packed += await size(name);
    return [
      {
        name: 'observation, fresh',
        measured: fresh / (series * slots),
        unit: 'B',
        reach: '≤ 70 B',
      },
      {
        name: 'observation, packed',
        measured: packed / (series * slots),
        unit: 'B',
        reach: '≤ 10 B',
      },
    ];
  } finally {
    await close();
  }
}

/** Latencies that vary as those of a real target do, the same in every run. */
function rowsOf(day: number, fromSlot: number, toSlot: number) {
  return Array.from({ length: (toSlot - fromSlot) * series }, (_, index) => {
    const slot = fromSlot + Math.floor(index / series);
    const id = (index % series) + 1;
    const noise = Math.abs(Math.sin(slot * 12.9898 + id * 78.233) * 43_758.5453) % 1;
    return {
      series: id,
      slotMs: day * dayMs + slot * 10_000 + id * 7,
      verdict: 'up' as const,
      reason: 0,
      latencyUs: Math.round(20_000 + 10_000 * noise ** 4),
    };
  });
}
