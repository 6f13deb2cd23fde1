import { describe, expect, it } from 'vitest';
import type { AddressGuard } from '../../../probes/contract.ts';
import { ConfigError } from '../../../server/platform/config.ts';
import { probeGuard } from '../../../server/platform/probe-guard.ts';
import { eventually } from '../../support/eventually.ts';

const stores = { DATABASE_URL: 'postgres://a:b@localhost:6543/c', REDIS_URL: 'redis://[::1]' };

describe('the guard of an installation', () => {
  it('refuses database and queue by every address of their names, loopback allowed or not', async () => {
    const guard = await probeGuard({ ...stores, TROTH_ALLOW_LOOPBACK: 'true' });
    for (const [address, port] of [
      ['127.0.0.1', 6543],
      ['::ffff:127.0.0.1', 6543],
      ['::1', 6379],
    ] as const) {
      expect(() => guard.check(address, port)).toThrow("Troth's own database or queue");
    }
    guard.check('127.0.0.1', 6544);
  });

  it('lets loopback through where the operator allowed it and nowhere else', async () => {
    const guard = await probeGuard({
      DATABASE_URL: undefined,
      REDIS_URL: undefined,
      TROTH_ALLOW_LOOPBACK: '127.0.0.1:8080',
    });
    guard.check('127.0.0.1', 8080);
    expect(() => guard.check('127.0.0.1', 8081)).toThrow('TROTH_ALLOW_LOOPBACK');
  });

  it('stops the start at an allowance that is none', async () => {
    const wrong = probeGuard({ DATABASE_URL: undefined, REDIS_URL: undefined, TROTH_ALLOW_LOOPBACK: '10.0.0.1:80' });
    await expect(wrong).rejects.toThrow(ConfigError);
  });

  const settings = (DATABASE_URL: string) => ({ DATABASE_URL, REDIS_URL: undefined, TROTH_ALLOW_LOOPBACK: 'true' });
  const isOwn = (guard: AddressGuard, address: string, port: number): boolean => {
    try {
      guard.check(address, port);
      return false;
    } catch (error) {
      return /Troth's own/.test(String(error));
    }
  };

  it.each([
    ['postgres://a:b@base.example/c?host=other.example', ['10.0.0.1:5432', '10.0.0.2:5432']],
    ['postgres://a:b@base.example/c?host=other.example&port=6000', ['10.0.0.1:6000', '10.0.0.2:6000']],
    ['postgres://a:b@base.example,other.example:6001/c', ['10.0.0.1:6001', '10.0.0.2:6001']],
    ['postgres:///c?host=base.example,other.example&port=6002,6003', ['10.0.0.1:6002', '10.0.0.2:6003']],
    ['postgres://a:b@x.example/c?hostaddr=10.0.0.9', ['10.0.0.9:5432']],
    ['postgres:///c?host=/var/run/postgresql', ['127.0.0.1:5432', '127.0.0.2:5432']],
    ['postgres://a:b@0.0.0.0:6004/c', ['127.0.0.1:6004']],
  ])('refuses every host that %s can mean', async (url, endpoints) => {
    const names: Record<string, string[]> = { 'base.example': ['10.0.0.1'], 'other.example': ['10.0.0.2'] };
    const guard = await probeGuard(settings(url), {
      resolve: async (host) => (host === 'localhost' ? ['127.0.0.1', '::1'] : (names[host] ?? [])),
    });
    for (const endpoint of endpoints) {
      const [address, port] = endpoint.split(':') as [string, string];
      expect(isOwn(guard, address, Number(port)), endpoint).toBe(true);
    }
    expect(isOwn(guard, '10.0.0.1', 80)).toBe(false);
    guard.onModuleDestroy();
  });

  it('learns of a name that resolves later and of one that moves, and forgets none that fails to resolve', async () => {
    let addresses: string[] | Error = new Error('ENOTFOUND');
    let asked = 0;
    const guard = await probeGuard(settings('postgres://a:b@base.example/c'), {
      renewEveryMs: 10,
      resolve: async () => {
        asked += 1;
        if (addresses instanceof Error) throw addresses;
        return addresses;
      },
    });
    const own = (address: string) => eventually(() => expect(isOwn(guard, address, 5432)).toBe(true));
    expect(isOwn(guard, '10.0.0.1', 5432)).toBe(false);
    addresses = ['10.0.0.1'];
    await own('10.0.0.1');
    addresses = ['10.0.0.2', 'fd00::2'];
    await own('10.0.0.2');
    expect(isOwn(guard, 'fd00::2', 5432)).toBe(true);
    expect(isOwn(guard, '10.0.0.1', 5432)).toBe(false);
    addresses = new Error('SERVFAIL');
    const before = asked;
    await eventually(() => expect(asked).toBeGreaterThan(before + 2));
    expect(isOwn(guard, '10.0.0.2', 5432)).toBe(true);
    guard.onModuleDestroy();
  });

  it('asks for no name when it checks', async () => {
    let asked = 0;
    const guard = await probeGuard(settings('postgres://a:b@base.example/c'), {
      resolve: async () => {
        asked += 1;
        return ['10.0.0.1'];
      },
    });
    for (let check = 0; check < 100; check += 1) isOwn(guard, '10.0.0.1', 5432);
    expect(asked).toBe(1);
    guard.onModuleDestroy();
  });
});
