import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { GapSweepService } from '../../../server/probing/gap-sweep.service.ts';
import { MeasuredService } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api,ingest' });
});
afterAll(() => server?.close());

describe('slots that stay away', () => {
  it('turn into unknown within two intervals and 30 seconds, whatever was before, and back when results come', async () => {
    const sweep = server.app.get(GapSweepService);
    const clock = server.app.get(SteadyClock);
    const [good, bad, doubtful, unseen] = [
      await MeasuredService.make(server, 'good'),
      await MeasuredService.make(server, 'bad'),
      await MeasuredService.make(server, 'doubtful'),
      await MeasuredService.make(server, 'unseen'),
    ];
    await good.record([good.saw(-1, 'up'), good.saw(0, 'up')]);
    await bad.record([bad.saw(-1, 'down'), bad.saw(0, 'down')]);
    await doubtful.record([doubtful.saw(-1, 'up'), doubtful.saw(0, 'down')]);
    expect(await sweep.sweep()).toBe(0);

    clock.notBefore(Math.max(...[good, bad, doubtful].map((each) => each.slot(2) + 30_000)));
    expect(await sweep.sweep()).toBe(3);
    expect(await good.seriesStory()).toEqual([
      [-1, 'up'],
      [1, 'unknown'],
    ]);
    expect(await bad.seriesStory()).toEqual([
      [-1, 'down'],
      [1, 'unknown'],
    ]);
    expect(await doubtful.seriesStory()).toEqual([
      [-1, 'up'],
      [1, 'unknown'],
    ]);
    expect((await good.story()).at(-1)).toEqual([1, 'unknown']);
    expect(await unseen.seriesStory()).toEqual([]);
    expect(await sweep.sweep()).toBe(0);

    await good.record([good.saw(1, 'up'), good.saw(2, 'up')]);
    expect(await good.seriesStory()).toEqual([[-1, 'up']]);
    await bad.record([bad.saw(2, 'down')]);
    expect(await bad.seriesStory()).toEqual([
      [-1, 'down'],
      [1, 'unknown'],
      [2, 'down'],
    ]);
  });
});
