/** Boards and their live stream: the snapshot, the deltas and the events of the socket namespace `/live`. */
import { z } from 'zod';
import { serviceStates, type ServiceState } from '../domain/service-state.ts';
import { verdicts } from '../domain/verdict.ts';
import { boardSchema } from './boards.ts';
import { categories, keySchema } from './catalog.ts';

export { serviceStates, type ServiceState };

const at = z.iso.datetime();

/** A service became another than it was. */
export const boardChangeSchema = z.object({
  at,
  from: z.enum(serviceStates),
  to: z.enum(serviceStates),
  reason: z.string().nullable(),
});
export type BoardChange = z.infer<typeof boardChangeSchema>;

/** How far back `changes` reach, and how many there are of one service. */
export const changesReachMs = 900_000;
export const mostChanges = 5;
/** How many whole minutes `latencies` tell of. */
export const latencyMinutes = 30;

/** Of the objectives about a service that which is worst off: what is left of its budget. */
export const boardBudgetSchema = z.object({
  agreement: keySchema,
  objective: keySchema,
  verdict: z.enum(verdicts),
  unit: z.enum(['seconds', 'misses']),
  /** Below 0 where more was missed than may be. */
  left: z.number(),
  all: z.number(),
});
export type BoardBudget = z.infer<typeof boardBudgetSchema>;

export const boardServiceSchema = z.object({
  key: keySchema,
  name: z.string(),
  category: z.enum(categories),
  tier: z.int(),
  owner: z.object({ key: keySchema, name: z.string() }),
  tags: z.array(z.string()),
  dependsOn: z.array(keySchema),
  state: z.enum(serviceStates),
  /** Since when the state holds; null while nothing was ever measured. */
  since: at.nullable(),
  /** A failure that is not confirmed yet: shown, never counted. */
  suspect: z.boolean(),
  /** Why it is not up: a reason of the closed list, in words; null when up. */
  reason: z.string().nullable(),
  /** The newest observation of any of its probes, and its latency. */
  observedAt: at.nullable(),
  latencyMs: z.number().nullable(),
  /** Older than this the tile is stale: twice the shortest interval, at least 15 s. */
  freshForMs: z.int(),
  probes: z.int(),
  /**
   * Of the time of this calendar month (UTC) in which its state was known, the share in which it was not down: six
   * decimals, rounded down; null where nothing was known.
   */
  uptime: z.string().nullable(),
  /** Mean latency in ms of each of the last whole minutes, oldest first; null where nothing was measured. */
  latencies: z.array(z.number().nullable()),
  /** What it became in the last 15 minutes, newest first; of many the newest. */
  changes: z.array(boardChangeSchema),
  /** The planned maintenance that runs now; of several the one that ends last. */
  maintenance: z.object({ key: keySchema, name: z.string(), until: at }).nullable(),
  /** Who has what is wrong with it, and since when; null where nobody took it, or nothing is open. */
  handled: z.object({ by: z.string(), at }).nullable(),
  /** Null where no agreement has a budget for it. */
  budget: boardBudgetSchema.nullable(),
});
export type BoardService = z.infer<typeof boardServiceSchema>;

export const boardLocationSchema = z.object({
  key: keySchema,
  name: z.string(),
  /** No agent has been heard for 15 s although probes are owed there. */
  silent: z.boolean(),
  agents: z.int(),
});
export type BoardLocation = z.infer<typeof boardLocationSchema>;

/** How far ahead the board tells of maintenance. */
export const maintenanceReachMs = 8 * 3_600_000;
/** A window of planned maintenance that runs or begins soon. */
export const boardMaintenanceSchema = z.object({
  key: keySchema,
  name: z.string(),
  from: at,
  to: at,
  /** Those of the board that it holds for. */
  services: z.array(keySchema),
});
export type BoardMaintenance = z.infer<typeof boardMaintenanceSchema>;

export const boardInfoSchema = boardSchema.pick({ key: true, name: true, layout: true });
export type BoardInfo = z.infer<typeof boardInfoSchema>;

export const boardSnapshotSchema = z.object({
  board: boardInfoSchema,
  /** Number of the newest change that is in the snapshot. */
  seq: z.int(),
  /** The server's time when it was made. */
  asOf: at,
  /** The begin of the newest minute that `latencies` tell of. */
  minute: at,
  services: z.array(boardServiceSchema),
  locations: z.array(boardLocationSchema),
  /** What runs, and what begins in the next eight hours, by its begin. */
  maintenance: z.array(boardMaintenanceSchema),
});
export type BoardSnapshot = z.infer<typeof boardSnapshotSchema>;

/** Key, `observedAt`, `latencyMs` of a service that was seen and did not change. */
export const boardTouchSchema = z.tuple([keySchema, at, z.number().nullable()]);
export type BoardTouch = z.infer<typeof boardTouchSchema>;

/** Key, `uptime`, the newest of `latencies`, and `budget` where it is another than it was told. */
export const boardFigureSchema = z.union([
  z.tuple([keySchema, z.string().nullable(), z.number().nullable()]),
  z.tuple([keySchema, z.string().nullable(), z.number().nullable(), boardBudgetSchema.nullable()]),
]);
export type BoardFigure = z.infer<typeof boardFigureSchema>;

/**
 * Everything that changed after `from` up to `seq`; whole services, so that applying one twice changes nothing. A
 * client whose own number is below `from` has missed something and asks for a snapshot.
 */
export const boardDeltaSchema = z.object({
  from: z.int(),
  seq: z.int(),
  asOf: at,
  changed: z.array(boardServiceSchema),
  removed: z.array(keySchema),
  touched: z.array(boardTouchSchema),
  locations: z.array(boardLocationSchema).optional(),
  maintenance: z.array(boardMaintenanceSchema).optional(),
  /** Agreements whose verdicts or budgets are others, on the board of everything alone. */
  agreements: z.array(keySchema).optional(),
  /** Once a minute: uptime, the latency of that minute and the budget, of services that are not in `changed`. */
  figures: z.object({ minute: at, of: z.array(boardFigureSchema) }).optional(),
});
export type BoardDelta = z.infer<typeof boardDeltaSchema>;

/** Rooms a socket may join: one board at a time, `board` for that of everything, and any services. */
export const roomSchema = z.union([z.literal('board'), z.string().regex(/^(board|service):[a-z0-9-]+$/)]);
export type Room = z.infer<typeof roomSchema>;

/** Something about one service changed: what a page about it shows should be read again. */
export interface ServiceDelta {
  key: string;
  /** Whether it, its state or its past is another than it was; false where it was only seen again. */
  changed: boolean;
  seq: number;
  asOf: string;
  service: BoardService | null;
}

/**
 * What became another: a metric or an agreement with its reports by its key, an import, an incident or an alert by its
 * number, the demo, silences, or who is on call.
 */
export const newsSchema = z.object({
  of: z.enum(['metric', 'import', 'agreement', 'demo', 'on-call', 'incident', 'alert', 'silence', 'channel']),
  key: z.string(),
});
export type News = z.infer<typeof newsSchema>;

export interface ServerToClientEvents {
  snapshot: (snapshot: BoardSnapshot) => void;
  delta: (delta: BoardDelta) => void;
  'service-delta': (delta: ServiceDelta) => void;
  /** What follows from an agreement, or is said of it in its reviews, is another; null: it may be of any. */
  'ledger-changed': (agreement: string | null) => void;
  /** Something that open pages show is another; null: anything may be. */
  news: (news: News | null) => void;
  /** Every five seconds, so that a cut link is noticed; carries the server's time and version. */
  pulse: (pulse: { at: string; seq: number; version: string }) => void;
  /** The board of the joined room was deleted. */
  'board-gone': (key: string) => void;
  /** The session ended, or the kiosk token was revoked; the server closes the socket after this. */
  'signed-out': () => void;
}

export interface ClientToServerEvents {
  /**
   * Joins a room; a board is answered with a `snapshot` event, and leaves the board that was joined before. The reply is
   * null or a message of refusal.
   */
  join: (room: Room, reply: (refusal: string | null) => void) => void;
  leave: (room: Room) => void;
  /** Asks for a new snapshot of the joined board after a gap. */
  resync: () => void;
}
