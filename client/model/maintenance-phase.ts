/** Where maintenance stands at an instant. Pure. */
import type { Maintenance, MaintenanceWindow } from '../../server/contract/maintenance.ts';

export const phases = ['running', 'coming', 'past'] as const;
export type Phase = (typeof phases)[number];

export function windowPhase({ from, to }: MaintenanceWindow, nowMs: number): Phase {
  if (nowMs >= Date.parse(to)) return 'past';
  return nowMs >= Date.parse(from) ? 'running' : 'coming';
}

export interface PhasedMaintenance {
  readonly item: Maintenance;
  readonly phase: Phase;
  /** The window that runs or comes next; null of what is over. */
  readonly window: MaintenanceWindow | null;
}

/** What was read of a maintenance, as it stands now: a window that was to come may run already. */
export function phasedAt(item: Maintenance, nowMs: number): PhasedMaintenance {
  const windows = [item.running, item.next].filter((window) => window !== null);
  const window = windows.find((one) => windowPhase(one, nowMs) !== 'past');
  return window ? { item, phase: windowPhase(window, nowMs), window } : { item, phase: 'past', window: null };
}

/** By what is next to happen: the end of what runs, the begin of what comes; of what is over the latest change first. */
export function inPhase(items: readonly Maintenance[], phase: Phase, nowMs: number): PhasedMaintenance[] {
  const order = ({ item, window }: PhasedMaintenance): number => {
    if (phase === 'past') return -Date.parse(item.updatedAt);
    return Date.parse(phase === 'running' ? window!.to : window!.from);
  };
  return items
    .map((item) => phasedAt(item, nowMs))
    .filter((one) => one.phase === phase)
    .toSorted((a, b) => order(a) - order(b));
}

/** Whether something that was read has begun or ended since, so that more may be known of it. */
export const hasPassed = (items: readonly Maintenance[], readAtMs: number, nowMs: number): boolean =>
  items.some(({ running, next }) =>
    [running?.to, next?.from, next?.to].some(
      (at) => at !== undefined && Date.parse(at) > readAtMs && Date.parse(at) <= nowMs,
    ),
  );
