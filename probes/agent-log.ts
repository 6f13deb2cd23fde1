type LogLine = (fields: Record<string, unknown>, message: string) => void;

/** What an agent writes its log to: pino's shape. */
export interface AgentLog {
  debug: LogLine;
  info: LogLine;
  warn: LogLine;
  error: LogLine;
}
