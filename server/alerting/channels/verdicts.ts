import type { ChannelAnswer, Verdict } from './channel-kind.ts';
import { fitted, lineOf } from './plain-text.ts';

const longestSaid = 300;

/** `202`, `400: invalid_payload`. */
export const saidOf = ({ status, text }: Pick<ChannelAnswer, 'status' | 'text'>): string => {
  const words = fitted(lineOf(text), longestSaid);
  return words ? `${status}: ${words}` : String(status);
};

/** May succeed when it is asked again: the receiver is too slow, asked too much, or broken. */
const passing = new Set([408, 421, 425, 429]);

/** What the status of an answer means. */
export function verdictByStatus(answer: ChannelAnswer, nowMs: number): Verdict {
  const { status } = answer;
  const said = saidOf(answer);
  if (status >= 200 && status < 300) return { outcome: 'taken', said };
  if (status >= 300 && status < 400) {
    return { outcome: 'refused', said: `${said} (redirects are not followed)`, isFinal: true };
  }
  const isFinal = status < 500 && !passing.has(status);
  const retryAfterMs = isFinal ? undefined : retryAfter(answer, nowMs);
  return { outcome: 'refused', said, isFinal, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** By the header in seconds or as a date, or in the body where Discord and Telegram tell it. */
export function retryAfter({ header, text }: ChannelAnswer, nowMs: number): number | undefined {
  const given = header('retry-after')?.trim();
  if (given) {
    if (/^\d{1,9}(\.\d+)?$/.test(given)) return Math.ceil(Number(given) * 1_000);
    const at = Date.parse(given);
    if (!Number.isNaN(at)) return Math.max(0, at - nowMs);
  }
  const body = jsonOf(text);
  const { retry_after: own, parameters } = body as { retry_after?: unknown; parameters?: { retry_after?: unknown } };
  const seconds = own ?? parameters?.retry_after;
  return typeof seconds === 'number' && seconds >= 0 ? Math.ceil(seconds * 1_000) : undefined;
}

/** The fields of a JSON answer; none where it is something else. */
export function jsonOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
