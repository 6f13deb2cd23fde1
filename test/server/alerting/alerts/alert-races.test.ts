import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AlertIntakeService } from '../../../../server/alerting/alerts/alert-intake.service.ts';
import { AlertTellingService } from '../../../../server/alerting/alerts/alert-telling.service.ts';
import { AlertsRepository } from '../../../../server/alerting/alerts/alerts.repository.ts';
import { SilencesService } from '../../../../server/alerting/alerts/silences.service.ts';
import { minuteMs } from '../../../../server/domain/durations.ts';
import { Alerting } from '../../../support/alerting.ts';
import { beginOutside, type Begun } from '../../../support/lock-waits.ts';
import { MeasuredService } from '../../../support/measured.ts';
import { startTestServer, type TestServer } from '../../../support/server.ts';

/** Two who come upon the same alert at the same instant: what one tells, the other does not tell again. */
let server: TestServer;
let alerting: Alerting;
let alerts: AlertsRepository;
let intake: AlertIntakeService;

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api', TROTH_ALLOW_LOOPBACK: 'true' });
  alerting = new Alerting(server);
  await alerting.channel('noc');
  alerts = server.app.get(AlertsRepository);
  intake = server.app.get(AlertIntakeService);
});
afterAll(() => server?.close());
afterEach(async () => {
  await alerting.forget();
  alerting.aheadMs = 0;
});

/** Tells of an alert, and has `meanwhile` begun by another before that is committed. */
async function tellWhile(id: number, meanwhile: () => Promise<unknown>): Promise<void> {
  let begun: Begun | undefined;
  await server.database.transaction(async () => {
    await server.app.get(AlertTellingService).look(await alerts.lock({ ids: [id] }), alerting.nowMs);
    begun = await beginOutside(server, meanwhile);
  });
  await begun!.end;
  await alerting.do();
}

describe('an alert that is told just now', () => {
  it('is not told again by who ends the silence that muted it', async () => {
    const one = await MeasuredService.make(server, 'silenced', { everyMs: 5_000 });
    const silence = { match: { service: [one.key] }, reason: 'Known', for: '5m' };
    expect((await server.request('POST', '/api/v1/silences', silence)).status).toBe(201);
    await one.record([one.saw(-4, 'down'), one.saw(-3, 'down')]);
    const [alert] = await alerting.alerts(`service=${one.key}`);
    expect(alert!.muted).toMatchObject({ by: 'silence' });
    alerting.aheadMs = 6 * minuteMs;
    await tellWhile(alert!.id, () => server.app.get(SilencesService).endDue());
    expect(await alerting.heard(alert!.id)).toEqual(['noc firing']);
  });

  it.each(['flapping', 'upstream', 'no-channel', 'inhibited'] as const)(
    'is not told again by who finds that %s mutes it no more',
    async (mute) => {
      const [{ id }] = (await fire(1)) as [{ id: number }];
      await server.database.query(`update alerts set muted = $1`, [mute]);
      await tellWhile(id, () => intake.reconsider(mute));
      expect(await alerting.heard(id)).toEqual(['noc firing']);
    },
  );

  it('is told once where many look for what is due', async () => {
    const fired = await fire(300);
    const nowMs = Math.floor(alerting.nowMs);
    const taken: number[] = [];
    const takes = () =>
      server.database.transaction(async () => {
        const held = await alerts.takeDue(nowMs, 5);
        await alerts.step(held.map((alert) => ({ ...alert, dueMs: null, muted: null, toldMs: nowMs })));
        taken.push(...held.map(({ id }) => id));
      });
    const isDue = async () => {
      const nextMs = await alerts.nextDueMs();
      return nextMs !== null && nextMs <= nowMs;
    };
    const lookUntilNone = async () => {
      while (await isDue()) await takes();
    };
    await Promise.all(Array.from({ length: 8 }, lookUntilNone));
    expect(taken.toSorted((a, b) => a - b)).toEqual(fired.map(({ id }) => id));
  });
});

/** Alerts that are due and not told. */
async function fire(many: number): Promise<{ id: number }[]> {
  const nowMs = Math.floor(alerting.nowMs);
  const labels = { service: null, team: null, agreements: [], tags: [], tier: null };
  const made = await alerts.fire(
    Array.from({ length: many }, (_, number) => ({
      ...{ fingerprint: `service-down/${number}`, rule: 'service-down', urgency: 'page' as const, title: `${number}` },
      ...{
        reason: null,
        serviceId: null,
        about: { service: null, agreement: null },
        objective: null,
        incidentId: null,
      },
      ...{ labels, groupKey: `${number}`, isOnce: false, sinceMs: nowMs, firedMs: nowMs, dueMs: nowMs, muted: null },
    })),
  );
  return made.toSorted((a, b) => a.id - b.id);
}
