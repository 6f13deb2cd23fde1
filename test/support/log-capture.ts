import { createLogger, type Logger } from '../../server/platform/logger.ts';

export interface LogCapture {
  log: Logger;
  /** Everything that was logged, one JSON object a line. */
  text(): string;
  lines(): Record<string, unknown>[];
}

/** A logger that keeps every line, of every level. */
export function captureLog(): LogCapture {
  const written: string[] = [];
  return {
    log: createLogger('trace', 'test', { write: (line) => void written.push(line) }),
    text: () => written.join(''),
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
