import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is something other than undefined, null or false. @throws after `limitMs`, with the last answer */
export async function until<T>(ask: () => Promise<T> | T, limitMs = 15_000): Promise<NonNullable<T>> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer as NonNullable<T>;
    if (performance.now() > deadline)
      throw new Error(`nothing came within ${limitMs} ms; last answer: ${String(answer)}`);
    await sleep(50);
  }
}
