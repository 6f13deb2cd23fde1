import type { Agent } from '../../server/contract/probing.ts';
import { countOf } from './size-text.ts';
import { lengthText } from './time-text.ts';

/** A clock that is off by less is as good as right. */
const clockOffMs = 500;

/** `0 ms`, `+12 ms`, `-1 s`: how far an agent's clock is ahead. */
export function offsetText(offsetMs: number): string {
  const amount = Math.abs(offsetMs);
  const text = amount < 1_000 ? `${Math.round(amount)} ms` : lengthText(amount);
  return Math.round(amount) === 0 ? text : `${offsetMs > 0 ? '+' : '-'}${text}`;
}

/** What somebody should look at about an agent, in sentences. */
export function agentSigns(agent: Agent, serverVersion: string): string[] {
  const signs: [boolean, string][] = [
    [!agent.alive, 'Not heard for a while: it stopped, or cannot reach the queue.'],
    [
      Math.abs(agent.clockOffsetMs) >= clockOffMs,
      `Its clock is off by ${offsetText(agent.clockOffsetMs)}: set up time synchronisation there.`,
    ],
    [
      agent.droppedRuns > 0,
      `${countOf(agent.droppedRuns, 'run')} since its start came too late to be of use: it has too little CPU, or too much to do.`,
    ],
    [
      agent.alive && agent.unconfirmedBatches > 20,
      'Many of its results are not confirmed: they wait in the queue, or the servers cannot keep up.',
    ],
    [
      agent.version !== serverVersion,
      `It runs version ${agent.version}, the server ${serverVersion}: bring both to the same.`,
    ],
  ];
  return signs.filter(([holds]) => holds).map(([, text]) => text);
}
