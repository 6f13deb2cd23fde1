import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../server/platform/logger.ts';
import { readableLine } from '../../../server/start/console-lines.ts';

describe('a line of the log on a terminal', () => {
  it('has time, level, source, message and cause', () => {
    const lines: string[] = [];
    const log = createLogger('warn', 'troth', { write: (line) => void lines.push(line) });
    log.warn({ err: new Error('connection refused') }, 'the queue had an error');
    expect(readableLine('server', lines[0]!)).toMatch(
      /^\d\d:\d\d:\d\d warn  server: the queue had an error \(connection refused\)$/,
    );
  });

  it('is passed on as it is when it is no log line', () => {
    expect(readableLine('agent', 'Segmentation fault')).toBe('agent: Segmentation fault');
    expect(readableLine('agent', '{ not JSON')).toBe('agent: { not JSON');
  });
});
