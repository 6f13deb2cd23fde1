import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../server/platform/config.ts';

describe('the environment', () => {
  it('has a default for everything that is left out or empty', () => {
    expect(readEnvironment({ DATABASE_URL: '', TROTH_ADMIN_TOKEN: '', REDIS_URL: '' })).toEqual({
      PORT: 8484,
      HOST: '127.0.0.1',
      TROTH_DATA: '.troth',
      TROTH_ROLES: ['api', 'dispatch', 'ingest'],
      TROTH_ALLOW_LOOPBACK: 'false',
      TROTH_RETENTION_DAYS: 775,
      LOG_LEVEL: 'info',
    });
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['HOST', ''],
    ['PUBLIC_URL', 'ftp://troth.example.org'],
    ['DATABASE_URL', 'mysql://localhost/troth'],
    ['REDIS_URL', 'localhost:6379'],
    ['TROTH_SECRET_KEY', 'short'],
    ['TROTH_ADMIN_TOKEN', 'short'],
    ['TROTH_ROLES', 'api,cook'],
    ['TROTH_LOCATION', 'Head Office'],
    ['TROTH_RETENTION_DAYS', '7'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses %s=%s naming it', (name, value) => {
    const read = () => readEnvironment({ [name]: value });
    expect(read).toThrow(
      expect.objectContaining({ name: 'ConfigError', message: expect.stringContaining(`\n  ${name}: `) }),
    );
  });

  it('says what is allowed, and what it is for', () => {
    expect(() => readEnvironment({ PORT: 'http', TROTH_RETENTION_DAYS: '7' })).toThrow(
      [
        'Bad configuration.',
        '  PORT: must be a whole number from 0 to 65535 (Port of the dashboard and API; 0 picks a free one)',
        '  TROTH_RETENTION_DAYS: must be a whole number from 31 to 3660 (Days that packed observations are kept (25 months and a margin))',
      ].join('\n'),
    );
  });

  it('never shows a value that is a secret', () => {
    const secrets = {
      TROTH_SECRET_KEY: 'hunter2',
      TROTH_ADMIN_TOKEN: 'hunter3',
      DATABASE_URL: 'mysql://u:hunter4@h/d',
    };
    expect(() => readEnvironment(secrets)).toThrow(/^(?![\s\S]*hunter)[\s\S]*TROTH_SECRET_KEY/);
  });

  it('names all that is bad at once', () => {
    expect(() => readEnvironment({ PORT: 'x', LOG_LEVEL: 'y' })).toThrow(/PORT: [\s\S]*LOG_LEVEL: /);
  });
});
