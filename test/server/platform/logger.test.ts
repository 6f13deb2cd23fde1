import { describe, expect, it } from 'vitest';
import { withoutSecrets } from '../../../server/platform/logger.ts';
import { captureLog } from '../../support/log-capture.ts';

describe('the logger', () => {
  it('blanks fields that are named like secrets, and leaves keys of things readable', () => {
    const { log, lines } = captureLog();
    log.info({ password: 'a', user: { token: 'b', deep: { cookie: 'c' } }, key: 'payroll' }, 'said');
    expect(lines()[0]).toMatchObject({
      password: '[redacted]',
      user: { token: '[redacted]', deep: { cookie: '[redacted]' } },
      key: 'payroll',
    });
  });

  it('blanks passwords inside URLs of an error, and drops what else hangs on it', () => {
    const { log, text, lines } = captureLog();
    const error = Object.assign(new Error('cannot reach postgres://troth:hunter2@db:5432/troth'), {
      code: 'ECONNREFUSED',
      parameters: ['hunter3'],
      driverError: { detail: 'hunter4' },
    });
    log.error({ err: error }, 'failed');
    const { err } = lines()[0] as { err: { message: string; code: string; stack: string } };
    expect(err.message).toBe('cannot reach postgres://troth:[redacted]@db:5432/troth');
    expect(err.code).toBe('ECONNREFUSED');
    expect(err.stack).toContain('logger.test.ts');
    expect(text()).not.toMatch(/hunter/);
  });

  it('tells what was thrown that is no error', () => {
    const { log, lines } = captureLog();
    log.warn({ err: 'just words' }, 'odd');
    expect(lines()[0]!['err']).toEqual({ type: 'string', message: 'just words' });
  });
});

describe('data without secrets', () => {
  it('is a copy that keeps its shape', () => {
    const data = { list: [{ Secret: 1, name: 'n' }], at: new Date(0), none: null };
    expect(withoutSecrets(data)).toEqual({ list: [{ Secret: '[redacted]', name: 'n' }], at: new Date(0), none: null });
    expect(data.list[0]!.Secret).toBe(1);
  });
});
