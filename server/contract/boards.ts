/** Boards, which are saved selections of services with the way they are shown, and the kiosk tokens that open one. */
import { z } from 'zod';
import { categories, keySchema, references, setOf } from './catalog.ts';

/** The board of everything; it is always there and cannot be changed. */
export const wholeBoardKey = 'all';

const at = z.iso.datetime();

export const boardSelectionSchema = z.strictObject({
  teams: setOf(keySchema.meta(references('teams')), 100)
    .default([])
    .describe('Teams that provide the services'),
  categories: setOf(z.enum(categories), categories.length).default([]).describe('Sorts of services'),
  tags: setOf(z.string().trim().min(1).max(60), 50).default([]).describe('Words that the services are tagged with'),
  tiers: setOf(z.int().min(1).max(4), 4).default([]).describe('1 the most important, 4 the least'),
  services: setOf(keySchema.meta(references('services')), 1_000)
    .default([])
    .describe('Services by their keys'),
});
export type BoardSelection = z.infer<typeof boardSelectionSchema>;

export const boardRotationSchema = z.strictObject({
  boards: setOf(keySchema.meta(references('boards')), 20)
    .default([])
    .describe('Boards that are shown in turn after this one; none: it stays'),
  seconds: z.int().min(5).max(3_600).default(30).describe('How long each is shown'),
});

export const boardLayoutSchema = z.strictObject({
  order: z
    .enum(['trouble-first', 'fixed'])
    .default('trouble-first')
    .describe('Whether trouble comes first, or every service keeps its place'),
  sparkline: z.boolean().default(true).describe('Draw the latency of the last half hour where a tile has room'),
  rotation: boardRotationSchema.prefault({}).describe('Whether other boards take turns with this one'),
  sound: z.boolean().default(false).describe('Sound for new outages until somebody acknowledges them at the display'),
  drift: z.boolean().default(true).describe('Move the picture by a few pixels, slowly, to spare the display'),
});
export type BoardLayoutSettings = z.infer<typeof boardLayoutSchema>;

export const boardInputSchema = z.strictObject({
  name: z.string().trim().min(1, 'must not be empty').max(120).describe('Name that people read'),
  selection: boardSelectionSchema
    .prefault({})
    .describe('What is shown: of every list that is not empty a service fits one entry; all empty: everything'),
  layout: boardLayoutSchema.prefault({}).describe('How it is shown'),
});
export type BoardInput = z.infer<typeof boardInputSchema>;

export const boardSchema = boardInputSchema.extend({
  key: keySchema,
  /** The board of everything, which cannot be changed. */
  builtIn: z.boolean(),
  /** Null for the board of everything. */
  updatedAt: at.nullable(),
});
export type Board = z.infer<typeof boardSchema>;

export const kioskTokenInputSchema = z.strictObject({
  name: z.string().trim().min(1, 'must not be empty').max(120).describe('Where the display hangs'),
  expiresAt: z.iso.datetime({ offset: true }).nullish().describe('When it stops to open the board; left out: never'),
});
export type KioskTokenInput = z.infer<typeof kioskTokenInputSchema>;

export const kioskTokenSchema = z.object({
  id: z.int(),
  name: z.string(),
  createdAt: at,
  lastUsedAt: at.nullable(),
  expiresAt: at.nullable(),
  revokedAt: at.nullable(),
});
export type KioskToken = z.infer<typeof kioskTokenSchema>;

/** The answer to making a kiosk token: the only one that ever holds the token itself. */
export const newKioskTokenSchema = kioskTokenSchema.extend({ token: z.string() });
export type NewKioskToken = z.infer<typeof newKioskTokenSchema>;
