import { vi } from 'vitest';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AlertDutiesService } from '../../server/alerting/alerts/alert-duties.service.ts';
import type { Alert, AlertDetail } from '../../server/contract/alerts.ts';
import type { AlertMessage } from '../../server/contract/channels.ts';
import { put } from './measured.ts';
import type { TestServer } from './server.ts';

/** One message of the outbox. */
export interface Told {
  channel: string;
  alertId: number;
  moment: string;
  urgency: string;
  title: string;
  message: AlertMessage;
}

/** Alerts of a test server whose clock goes as the test says, and what is told of them. */
export class Alerting {
  #aheadMs = 0;

  constructor(readonly server: TestServer) {
    vi.spyOn(server.app.get(SteadyClock), 'now').mockImplementation(() => Date.now() + this.#aheadMs);
  }

  get nowMs(): number {
    return Date.now() + this.#aheadMs;
  }

  /** Time passes, and what comes due meanwhile is done at its instant or after. */
  async pass(ms: number): Promise<void> {
    this.#aheadMs += ms;
    await this.do();
  }

  /** The clock stands so far from the wall's. */
  set aheadMs(ms: number) {
    this.#aheadMs = ms;
  }

  do(): Promise<number> {
    return this.server.app.get(AlertDutiesService).do();
  }

  async channel(key: string): Promise<string> {
    const config = { url: 'http://127.0.0.1:9/', secret: 'a-signing-secret-of-the-tests' };
    await put(this.server, `channels/${key}`, { name: key, kind: 'webhook', config });
    return key;
  }

  async alerts(query = ''): Promise<Alert[]> {
    return (await this.server.request('GET', `/api/v1/alerts?${query}`)).body.items;
  }

  async alert(id: number): Promise<AlertDetail> {
    return (await this.server.request('GET', `/api/v1/alerts/${id}`)).body;
  }

  act(id: number, act: string, body: object = {}) {
    return this.server.request('POST', `/api/v1/alerts/${id}/${act}`, body);
  }

  /** What was written into the outbox about an alert, or all, in order. */
  told(alertId?: number): Promise<Told[]> {
    return this.server.database.query(
      `select c.key as channel, d.alert_id as "alertId", d.moment, d.urgency, d.message->>'title' as title, d.message
       from deliveries d join channels c on c.id = d.channel_id
       where $1::int is null or d.alert_id = $1 order by d.id`,
      [alertId ?? null],
    );
  }

  /** The same, each as `noc firing`. */
  async heard(alertId?: number): Promise<string[]> {
    return (await this.told(alertId)).map(({ channel, moment }) => `${channel} ${moment}`);
  }

  /** As if nothing had ever fired. */
  async forget(): Promise<void> {
    await this.server.database.query('delete from deliveries');
    await this.server.database.query('delete from alerts');
    await this.server.database.query('delete from silences');
  }
}
