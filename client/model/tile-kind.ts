/** What a service looks like: one kind for each way a tile can be drawn, with its mark and word. */
import {
  mdiAlert,
  mdiAlertBoxOutline,
  mdiCheckCircle,
  mdiCloseOctagon,
  mdiHelpRhombus,
  mdiMinusCircleOutline,
} from '@mdi/js';
import type { BoardService, ServiceState } from '../../server/contract/live.ts';

/** In the order of urgency. `suspect` is a failure that is not confirmed yet: the state still counts as it was. */
export const tileKinds = ['down', 'suspect', 'degraded', 'unknown', 'up', 'unmonitored'] as const;
export type TileKind = (typeof tileKinds)[number];

export interface TileLook {
  word: string;
  /** Path of a 24×24 icon whose outline differs from every other kind's. */
  icon: string;
  explanation: string;
}

export const tileLooks: Record<TileKind, TileLook> = {
  down: { word: 'Down', icon: mdiCloseOctagon, explanation: 'A confirmed failure' },
  suspect: { word: 'Suspect', icon: mdiAlertBoxOutline, explanation: 'A failure that is not confirmed yet' },
  degraded: { word: 'Degraded', icon: mdiAlert, explanation: 'It works, but slower or with parts failing' },
  unknown: { word: 'Unknown', icon: mdiHelpRhombus, explanation: 'Troth cannot tell' },
  up: { word: 'Up', icon: mdiCheckCircle, explanation: 'As expected' },
  unmonitored: { word: 'Unmonitored', icon: mdiMinusCircleOutline, explanation: 'Nothing measures it' },
};

/** Whether a text names a kind. */
export const isTileKind = (text: string): text is TileKind => (tileKinds as readonly string[]).includes(text);

/** Down stays down, whatever else is suspect; an unmonitored service is never suspect. */
export function tileKind({ state, suspect }: { state: ServiceState; suspect: boolean }): TileKind {
  return suspect && state !== 'down' && state !== 'unmonitored' ? 'suspect' : state;
}

/** Whether somebody should look at it. */
export const isTrouble = (kind: TileKind): boolean => kind !== 'up' && kind !== 'unmonitored';

/** Whether the newest observation is older than it should be at `nowMs`, by the server's clock. */
export function isStale(service: BoardService, nowMs: number): boolean {
  if (service.observedAt === null || service.state === 'unmonitored') return false;
  return nowMs - Date.parse(service.observedAt) > service.freshForMs;
}
