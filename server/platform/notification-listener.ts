import pg from 'pg';
import type { Logger } from './logger.ts';

/** Hears one channel on a connection of its own, which it makes again whenever it is cut. */
export class NotificationListener {
  #client: pg.Client | undefined;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(
    readonly url: string,
    readonly applicationName: string,
    readonly channel: string,
    readonly onNotice: (payload: string) => void,
    readonly onConnect: () => void,
    readonly log: Logger,
  ) {
    void this.#connect();
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: this.applicationName,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    });
    this.#client = client;
    client.on('notification', ({ payload = '' }) => this.onNotice(payload));
    client.on('error', (err) => this.log.warn({ err, channel: this.channel }, 'the notification line was cut'));
    client.on('end', () => this.#again());
    try {
      await client.connect();
      await client.query(`listen ${client.escapeIdentifier(this.channel)}`);
      this.onConnect();
    } catch (err) {
      this.log.warn({ err, channel: this.channel }, 'cannot listen for notifications, trying again');
      client.end().catch((error: unknown) => this.log.debug({ err: error }, 'closing the notification line'));
      this.#again();
    }
  }

  #again(): void {
    if (this.#closed || this.#retry) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      void this.#connect();
    }, 500);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#client?.end().catch((err: unknown) => this.log.debug({ err }, 'closing the notification line'));
  }
}
