import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dayMs, hourMs } from '../../../server/domain/durations.ts';
import { dayOf, ObservationsRepository } from '../../../server/probing/observations.repository.ts';
import { PackedHoursRepository } from '../../../server/probing/packed-hours.repository.ts';
import { PackingService } from '../../../server/probing/packing.service.ts';
import { PartitionsRepository } from '../../../server/probing/partitions.repository.ts';
import { beginOutside, type Begun } from '../../support/lock-waits.ts';
import { MeasuredService } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let observations: ObservationsRepository;
let packing: PackingService;
let made: MeasuredService;
let services = 0;
/** A day of its own for every test, long over. */
let day = dayOf(Date.now()) - 25;
let first = 0;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api,ingest' });
  observations = server.app.get(ObservationsRepository);
  packing = server.app.get(PackingService);
});
afterAll(() => server?.close());

beforeEach(async () => {
  services += 1;
  day += 1;
  made = await MeasuredService.make(server, `service-${services}`, { everyMs: 10_000, historyMs: 30 * dayMs });
  first = made.numberAt(day * dayMs + 10 * hourMs);
  await made.record([made.saw(first, 'up'), made.saw(first + 1, 'up'), made.saw(first + 9, 'up')]);
});

/** Which slots of the day are stored. */
const stored = async () => {
  const all = await observations.since(new Map([[made.only, day * dayMs]]));
  return all.get(made.only)!.map(({ slotMs }) => (slotMs - made.slot(first)) / made.everyMs);
};

describe('packing a day', () => {
  it.each([
    ['a result of it that is still being recorded', async () => undefined],
    ['a late result of an hour that it has packed before', () => observations.sealDay(day)],
  ])('waits for %s', async (_what, prepare) => {
    await prepare();
    let begun: Begun | undefined;
    await server.database.transaction(async () => {
      await made.record([made.saw(first + 5, 'down')]);
      begun = await beginOutside(server, () => packing.packDay(day));
    });
    await begun?.end;
    expect(await stored()).toEqual([0, 1, 5, 9]);
  });

  it('keeps a late result waiting for the hour that it packs, which neither overwrites', async () => {
    const packed = server.app.get(PackedHoursRepository);
    const merge = packed.merge.bind(packed);
    let begun: Begun | undefined;
    const spy = vi.spyOn(packed, 'merge').mockImplementationOnce(async (rows) => {
      const added = await merge(rows);
      begun = await beginOutside(server, () => made.record([made.saw(first + 5, 'down')]));
      return added;
    });
    await packing.packDay(day);
    await begun?.end;
    spy.mockRestore();
    expect(begun).toBeDefined();
    expect(await stored()).toEqual([0, 1, 5, 9]);
  });
});

describe('results of one day', () => {
  it('are recorded side by side', async () => {
    const other = await MeasuredService.make(server, `other-${services}`, { everyMs: 10_000, historyMs: 30 * dayMs });
    await server.database.transaction(async () => {
      await made.record([made.saw(first + 5, 'up')]);
      const hourLater = other.numberAt(day * dayMs + 11 * hourMs);
      const begun = await beginOutside(server, () => other.record([other.saw(hourLater, 'up')]));
      await begun.end;
    });
  });
});

describe('months that are made', () => {
  it('by two at once, in whatever order they need them, do not lock the two out of each other', async () => {
    const partitions = server.app.get(PartitionsRepository);
    const [january, february] = [Date.UTC(2001, 0), Date.UTC(2001, 1)];
    let begun: Begun | undefined;
    await server.database.transaction(async () => {
      await partitions.ensure('observation_details', [january]);
      const other = () =>
        server.database.transaction(() => partitions.ensure('observation_details', [february, january]));
      begun = await beginOutside(server, other);
      await partitions.ensure('observation_details', [february]);
    });
    await begun?.end;
    expect(await partitions.dropBefore('observation_details', Date.UTC(2001, 2))).toHaveLength(2);
  });
});
