import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../server/platform/config.ts';
import { probeGuard } from '../../../server/platform/probe-guard.ts';

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
});
