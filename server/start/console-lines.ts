import { pino } from 'pino';

interface LogLine {
  level: number;
  time: number;
  name: string;
  msg?: string;
  err?: { message?: string };
}

/** A line of the log in words for a terminal; what is no log line is passed on as it is. */
export function readableLine(source: string, line: string): string {
  const entry = parse(line);
  if (!entry) return `${source}: ${line}`;
  const at = new Date(entry.time).toLocaleTimeString('en-GB');
  const level = pino.levels.labels[entry.level] ?? String(entry.level);
  const cause = entry.err?.message ? ` (${entry.err.message})` : '';
  return `${at} ${level.padEnd(5)} ${source}: ${entry.msg ?? ''}${cause}`;
}

function parse(line: string): LogLine | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return null;
  }
}
