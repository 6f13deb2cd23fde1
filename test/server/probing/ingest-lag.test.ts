import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobNames, resultsQueue, type ResultBatch } from '../../../probes/contract.ts';
import { Queues } from '../../../probes/queues.ts';
import { hourMs } from '../../../server/domain/durations.ts';
import { jobsAtOnce, ResultsProcessor } from '../../../server/probing/results.processor.ts';
import { MeasuredService } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { until } from '../../support/until.ts';

let server: TestServer;
let made: MeasuredService;
let processor: ResultsProcessor;
beforeAll(async () => {
  server = await startTestServer();
  made = await MeasuredService.make(server, 'payroll');
  processor = server.app.get(ResultsProcessor);
});
afterAll(() => server.close());

const send = (ageMs: number, more: Partial<ResultBatch> = {}) =>
  server.app
    .get(Queues)
    .queue(resultsQueue)
    .add(jobNames.batch, made.batch([made.saw(-1, 'up')], { sentAtMs: Date.now() - ageMs, ...more }), {
      timestamp: Date.now() - ageMs,
      removeOnComplete: true,
    });
const ready = async () => {
  const { status, body } = await server.request('GET', '/health/ready');
  return { status, lag: body.checks['ingest lag'] as { ok: boolean; detail: string } };
};
const isReady = () => until(async () => (await ready()).status === 200);
/** Nothing can be stored while `act` runs. */
const whileIngestStands = (act: () => Promise<void>) =>
  server.database.transaction(async () => {
    await server.database.query('lock table agents in exclusive mode');
    await act();
  });
/** As many as are taken in hand at once, and more. */
const sendSome = async (ageMs: number, more: Partial<ResultBatch> = {}) => {
  for (let count = 0; count < jobsAtOnce + 2; count += 1) await send(ageMs, more);
};

describe('the lag of ingest', () => {
  it('is nothing once a batch that was on its way for an hour is stored', async () => {
    await isReady();
    const job = await send(hourMs);
    await until(async () => (await job.getState()) === 'unknown');
    expect(await ready()).toEqual({ status: 200, lag: { ok: true, detail: 'the oldest result waits 0 ms' } });
  });

  it('makes a server unready while results wait, and ready again when they are stored', async () => {
    await whileIngestStands(async () => {
      await sendSome(hourMs);
      const { status, lag } = await until(async () => {
        const answer = await ready();
        return answer.lag.ok ? null : answer;
      });
      expect([status, lag.detail]).toEqual([503, expect.stringMatching(/^the oldest result waits 36\d{5} ms$/)]);
    });
    await isReady();
  });

  it('counts what is in hand and not stored', async () => {
    await whileIngestStands(async () => {
      await send(0);
      await until(async () => (await processor.lagMs()) > 0);
      await sleep(300);
      // The clock that is asked and the one that wakes us may differ by a little.
      expect(await processor.lagMs()).toBeGreaterThan(250);
    });
    await until(async () => (await processor.lagMs()) === 0);
  });

  it('is measured by the clock of the server, however far that of an agent is off', async () => {
    await whileIngestStands(async () => {
      await sendSome(hourMs, { clockOffsetMs: -hourMs });
      await until(async () => (await processor.lagMs()) > 0);
      expect(await processor.lagMs()).toBeLessThan(10_000);
    });
  });
});
