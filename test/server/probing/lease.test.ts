import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LOGGER, type Logger } from '../../../server/platform/logger.ts';
import { DispatchLease, type LeaseHolder } from '../../../server/probing/dispatch-lease.ts';
import { LeaseRepository, type LeaseGrant } from '../../../server/probing/lease.repository.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { until } from '../../support/until.ts';

/** A server as the lease sees it. */
class Contender implements LeaseHolder {
  readonly lease: DispatchLease;
  readonly events: string[] = [];
  grant: LeaseGrant | null = null;
  dispatchedUntilMs = 0;

  constructor() {
    this.lease = new DispatchLease(leases, server.app.get<Logger>(LOGGER));
    contenders.push(this);
  }
  begin(grant: LeaseGrant): void {
    this.grant = grant;
    this.events.push('begin');
  }
  end(): void {
    this.events.push('end');
  }
}

let server: TestServer;
let leases: LeaseRepository;
const contenders: Contender[] = [];

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  leases = server.app.get(LeaseRepository);
});
afterAll(() => server?.close());
afterEach(async () => {
  for (const { lease } of contenders.splice(0)) await lease.stop();
});

const expire = () =>
  server.database.query(`update dispatch_lease set expires_at = clock_timestamp() - interval '1 second'`);

describe('the dispatch lease', () => {
  it('has one holder; the next takes over, from where the last one was, when it is given back', async () => {
    const [one, other] = [new Contender(), new Contender()];
    await one.lease.start(one);
    await other.lease.start(other);
    expect([one.lease.isHeld, other.lease.isHeld]).toEqual([true, false]);
    one.dispatchedUntilMs = 1_700_000_000_000;
    const epoch = one.lease.epoch!;
    await one.lease.stop();
    expect(one.lease.epoch).toBeNull();
    await until(() => other.lease.isHeld);
    expect(other.grant).toEqual({ epoch: epoch + 1, dispatchedUntilMs: 1_700_000_000_000 });
    expect(one.events).toEqual(['begin', 'end']);
  });

  it('passes on when it runs out, and its stale holder is refused and stops', async () => {
    const stale = new Contender();
    await stale.lease.start(stale);
    const epoch = stale.lease.epoch!;
    await expire();
    const next = new Contender();
    await next.lease.start(next);
    expect(next.lease.epoch).toBe(epoch + 1);
    await until(() => !stale.lease.isHeld);
    expect(stale.events).toEqual(['begin', 'end']);
    await stale.lease.stop();
    expect(next.lease.isHeld).toBe(true);
    expect(await leases.isHeld()).toBe(true);
  });

  it('is renewed, released and kept by nobody but its holder in its epoch', async () => {
    const first = (await leases.acquire('one'))!;
    expect(await leases.acquire('two')).toBeNull();
    await expire();
    const second = (await leases.acquire('two'))!;
    expect(second.epoch).toBe(first.epoch + 1);
    expect(await leases.renew('one', first.epoch, 5)).toBeNull();
    expect(await leases.renew('two', first.epoch, 5)).toBeNull();
    await leases.release('one', first.epoch, 5);
    expect(await leases.isHeld()).toBe(true);
    expect((await leases.renew('two', second.epoch, 1_900_000_000_000))!.dispatchedUntilMs).toBe(1_900_000_000_000);
    expect((await leases.renew('two', second.epoch, 5))!.dispatchedUntilMs).toBe(1_900_000_000_000);
    await leases.release('two', second.epoch, 5);
    expect(await leases.isHeld()).toBe(false);
  });

  it('binds nobody when it ends further away than it is long: the clock of the database stepped back', async () => {
    await leases.acquire('one');
    await server.database.query(`update dispatch_lease set expires_at = clock_timestamp() + interval '1 hour'`);
    const grant = await leases.acquire('two');
    expect(grant).not.toBeNull();
    await leases.release('two', grant!.epoch, 0);
  });
});
