/** Windows of maintenance as lines of a list. */
import type { MaintenanceWindow } from '../../server/contract/maintenance.ts';
import { clockNotes, windowText } from './window-text.ts';

export interface WindowRow {
  readonly window: MaintenanceWindow;
  readonly text: string;
  /** What the changes of the clocks do to it. */
  readonly notes: readonly string[];
}

interface GivenWindow extends MaintenanceWindow {
  readonly clockNote?: 'skipped' | 'repeated' | null;
}

/** The lines of windows in their order; `time` is the time of the day at which each is meant to begin. */
export const windowRows = (windows: readonly GivenWindow[], timeZone: string, time: string): WindowRow[] =>
  windows.map((window, at) => ({
    window,
    text: windowText(window, timeZone),
    notes: clockNotes(window, { timeZone, time, before: windows[at - 1], clockNote: window.clockNote }),
  }));
