/** How often an agreement is evaluated. */
import type { RateLimit } from '../domain/rate-limit.ts';

/** What changes now and then is evaluated at once, what never rests once in a few seconds. */
export const evaluationPace: RateLimit = { everyMs: 5_000, burst: 24 };

/** The limit is exhausted while what it answered last lies further ahead than this. */
export const exhaustedMs = (evaluationPace.burst - 1) * evaluationPace.everyMs;
