/** An agreement as people read it: parts of blocks, the same for screen, print, PDF and Markdown. */
import { z } from 'zod';
import { lifeStates, type LifeState } from './agreement-life.ts';
import { agreementKinds } from './agreements.ts';
import { keySchema } from './catalog.ts';

export const documentStatuses = lifeStates;
export type DocumentStatus = LifeState;

/** Parts in their order; a comment on a clause names one. A part with nothing to say is not there. */
export const documentPartKeys = [
  'parties',
  'scope',
  'definitions',
  'hours',
  'objectives',
  'severities',
  'duties',
  'continuity',
  'dependencies',
  'consequences',
  'review',
  'signatures',
] as const;
export type DocumentPartKey = (typeof documentPartKeys)[number];

/** Text in one look; of links only those to the web and to mail are kept. */
export const textRunSchema = z.object({
  text: z.string(),
  marks: z.array(z.enum(['strong', 'emphasis', 'code'])),
  href: z.string().nullable(),
});
export type TextRun = z.infer<typeof textRunSchema>;

/** What Markdown says, line by line and without nesting: `depth` is how many lists a line is in, 3 at most. */
export const textLineSchema = z.object({
  role: z.enum(['paragraph', 'heading', 'item', 'quote', 'code']),
  depth: z.int().min(0).max(3),
  /** Of an item: `•`, or its number such as `2.`. */
  marker: z.string().nullable(),
  runs: z.array(textRunSchema),
});
export type TextLine = z.infer<typeof textLineSchema>;

/** A text that promises something carries the objective's key, so that its present figure can stand beside it. */
const objective = keySchema.nullable();
export const boundTextSchema = z.object({ text: z.string(), objective });
export type BoundText = z.infer<typeof boundTextSchema>;

const cellSchema = z.array(boundTextSchema.extend({ isNote: z.boolean() }));
export type DocumentCell = z.infer<typeof cellSchema>;

const signatorySchema = z.object({
  /** Empty where nobody is named: a place to be filled in by hand. */
  name: z.string(),
  role: z.string(),
  isSigned: z.boolean(),
  /** `Signed on 9 January 2026`, `not signed`. */
  state: z.string(),
});
export type DocumentSignatory = z.infer<typeof signatorySchema>;

export const documentBlockSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('heading'), text: z.string() }),
  z.object({ kind: z.literal('paragraph'), ...boundTextSchema.shape }),
  z.object({ kind: z.literal('text'), lines: z.array(textLineSchema) }),
  z.object({
    kind: z.literal('definitions'),
    items: z.array(z.object({ term: z.string(), ...boundTextSchema.shape })),
  }),
  z.object({
    kind: z.literal('table'),
    /** `share`: how wide it is in proportion to the others. */
    columns: z.array(z.object({ title: z.string(), share: z.int() })),
    rows: z.array(z.array(cellSchema)),
  }),
  z.object({
    kind: z.literal('signatures'),
    parties: z.array(z.object({ side: z.string(), team: z.string(), people: z.array(signatorySchema) })),
  }),
]);
export type DocumentBlock = z.infer<typeof documentBlockSchema>;
export type BlockOf<Kind extends DocumentBlock['kind']> = Extract<DocumentBlock, { kind: Kind }>;

export const documentPartSchema = z.object({
  key: z.enum(documentPartKeys),
  /** From 1 on, without gaps. */
  number: z.int(),
  title: z.string(),
  blocks: z.array(documentBlockSchema),
});
export type DocumentPart = z.infer<typeof documentPartSchema>;

export const agreementDocumentSchema = z.object({
  kind: z.enum(agreementKinds),
  kindText: z.string(),
  title: z.string(),
  status: z.enum(documentStatuses),
  /** What must be seen before anything else, such as that it is not signed; null where nothing must. */
  mark: z.string().nullable(),
  /** Version, status and dates in short. */
  facts: z.array(z.object({ term: z.string(), text: z.string() })),
  parts: z.array(documentPartSchema),
  /** What stands at the foot of every page: title, version and mark. */
  foot: z.string(),
  /** When this version was last written. */
  writtenAt: z.iso.datetime(),
  /** Present figures of its objectives, where it was asked with them. */
  figures: z.array(z.object({ objective: keySchema, text: z.string() })),
});
export type AgreementDocument = z.infer<typeof agreementDocumentSchema>;

/** How long a document is, laid out on A4. */
export const documentLengthSchema = z.object({
  pages: z.int(),
  /** `long`: beyond what people read; `too-long`: it cannot be proposed. */
  verdict: z.enum(['fits', 'long', 'too-long']),
  /** What to do about it; null where it fits. */
  message: z.string().nullable(),
  /** In pages, such as 0.4. */
  parts: z.array(z.object({ key: z.enum(documentPartKeys), title: z.string(), pages: z.number() })),
  /** Letters that the PDF cannot print, each once. */
  unprintable: z.string(),
  /** With more pages it cannot be proposed. */
  mostPages: z.int(),
});
export type DocumentLength = z.infer<typeof documentLengthSchema>;

/** What is being written, as it would be printed. */
export const agreementPreviewSchema = z.object({ document: agreementDocumentSchema, length: documentLengthSchema });
export type AgreementPreview = z.infer<typeof agreementPreviewSchema>;

const textPieceSchema = z.object({ change: z.enum(['same', 'inserted', 'removed']), text: z.string() });
export type TextPiece = z.infer<typeof textPieceSchema>;

/** What is different between two versions, in the order of the document. */
export const documentDifferenceSchema = z.object({
  /** Null: it was not there, or no longer is. */
  settings: z.array(z.object({ label: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  texts: z.array(z.object({ label: z.string(), pieces: z.array(textPieceSchema) })),
});
export type DocumentDifference = z.infer<typeof documentDifferenceSchema>;

/** Keys that stand for what every organisation calls otherwise; a document says of them that they are to be chosen. */
export const agreementPlaces = {
  provider: 'provider-team',
  customer: 'customer-team',
  service: 'the-service',
} as const;

/** An agreement to start from. Its parties and services are places to be filled in. */
export const agreementTemplateSchema = z.object({
  key: keySchema,
  name: z.string(),
  /** Whom it is for, in a sentence. */
  summary: z.string(),
  /** As people write it. */
  agreement: z.record(z.string(), z.unknown()),
  /** Paths of what it cannot know, such as `provider`: what stands there is a place, or an example. */
  asks: z.array(z.string()),
});
export type AgreementTemplate = z.infer<typeof agreementTemplateSchema>;
