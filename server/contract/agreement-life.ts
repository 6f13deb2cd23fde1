/** The life of an agreement on the wire: proposed, returned, signed, ended, and who does it. */
import { z } from 'zod';
import { dateSchema } from './calendars.ts';

export const sides = ['provider', 'customer'] as const;
/** A party to an agreement by what it does in it. */
export type Side = (typeof sides)[number];

/** Where an agreement, or a version of it, is in its life. */
export const lifeStates = [
  'draft',
  'proposed',
  'returned',
  'withdrawn',
  'signed',
  'active',
  'superseded',
  'ended',
  'declared',
] as const;
export type LifeState = (typeof lifeStates)[number];

const at = z.iso.datetime();
const side = z.enum(sides);
const reason = z.string().trim().min(1, 'must say why').max(2_000);
const lines = { 'x-form': 'lines' };
const version = z.int().min(1).describe('The number of the version that is meant');

/** A place in an agreement by its field: `objectives.uptime`, `texts.duties`, or a part of the document: `duties`. */
export const clauseSchema = z
  .string()
  .max(200)
  .regex(/^[A-Za-z][\w-]*(\.[\w-]+)*$/, 'must be a place in the agreement, such as objectives.availability or duties');

export const proposeInputSchema = z.strictObject({
  party: side.nullish().describe('For which party; left out: the one that you act for'),
});
export type ProposeInput = z.infer<typeof proposeInputSchema>;

const commentSchema = z.strictObject({
  clause: clauseSchema.describe('What it is about, such as objectives.availability or duties'),
  text: z.string().trim().min(1, 'must not be empty').max(2_000).describe('What should be otherwise').meta(lines),
});
export type ClauseComment = z.infer<typeof commentSchema>;

export const returnInputSchema = z.strictObject({
  version,
  comments: z
    .array(commentSchema)
    .min(1, 'must hold a comment at least')
    .max(100)
    .describe('What should be otherwise, clause by clause'),
});
export type ReturnInput = z.infer<typeof returnInputSchema>;

export const withdrawInputSchema = z.strictObject({
  version,
  reason: reason.describe('Why it is withdrawn').meta(lines),
});
export type WithdrawInput = z.infer<typeof withdrawInputSchema>;

export const signInputSchema = z.strictObject({
  version,
  hash: z.string().max(64).describe('The hash of what was read and is signed'),
});
export type SignInput = z.infer<typeof signInputSchema>;

export const endInputSchema = z.strictObject({
  on: dateSchema.describe('First day on which it no longer holds'),
  reason: reason.describe('Why it ends').meta(lines),
});
export type EndInput = z.infer<typeof endInputSchema>;

export const delegateInputSchema = z
  .strictObject({
    user: z.string().trim().min(1).max(60).describe('Name of the account that signs in your place'),
    from: dateSchema.describe('First day on which it may'),
    to: dateSchema.describe('First day on which it no longer may'),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be after the first day' });
export type DelegateInput = z.infer<typeof delegateInputSchema>;

export const attachmentQuerySchema = z.strictObject({
  party: side.describe('For which party the paper is signed'),
  name: z.string().trim().min(1).max(200).describe('Name of the file'),
});
export type AttachmentQuery = z.infer<typeof attachmentQuerySchema>;
/** Who did something: an account by its name, and the name that people read. */
const person = z.object({ user: z.string(), name: z.string() });

export const signatureSchema = z.object({
  party: side,
  /** Who is named in the agreement. */
  signatory: z.object({ name: z.string(), email: z.string(), role: z.string() }),
  /** Null while nobody signed. */
  signed: z
    .object({
      at,
      by: person,
      /** Signed by another person in the place of the signatory. */
      isDelegate: z.boolean(),
      /** Of what was signed. */
      hash: z.string(),
      /** The signed paper that stands in its place. */
      attachment: z.int().nullable(),
    })
    .nullable(),
});
export type Signature = z.infer<typeof signatureSchema>;

export const lifeActSchema = z.object({
  act: z.enum(['proposed', 'returned', 'withdrawn', 'ended']),
  party: side,
  by: person,
  at,
  /** Empty where none was asked for. */
  reason: z.string(),
  comments: z.array(commentSchema),
});
export type LifeAct = z.infer<typeof lifeActSchema>;

export const versionLifeSchema = z.object({
  number: z.int(),
  state: z.enum(lifeStates),
  effective: z.object({ from: dateSchema, to: dateSchema.nullable() }),
  createdAt: at,
  /** Of what was proposed; null for what the config file declared. */
  hash: z.string().nullable(),
  /** Whether what is stored still has this hash. */
  isIntact: z.boolean(),
  acts: z.array(lifeActSchema),
  /** One for each person who is named, in their order. */
  signatures: z.array(signatureSchema),
  attachments: z.array(
    z.object({ id: z.int(), party: side, name: z.string(), bytes: z.int(), hash: z.string(), by: person, at }),
  ),
});
export type VersionLife = z.infer<typeof versionLifeSchema>;

export const lifeChoicesSchema = z.object({
  /** For which parties one may propose; more than one: it must be said. */
  propose: z.array(side),
  return: z.boolean(),
  withdraw: z.boolean(),
  /** For whom one would sign; null where one may not. */
  sign: z.object({ party: side, name: z.string(), isDelegate: z.boolean() }).nullable(),
  /** For which parties one may attach a signed paper. */
  attach: z.array(side),
  /** For which parties one may propose that it goes on for another term. */
  renew: z.array(side),
  end: z.boolean(),
  /** One is named as a signatory, and may name who signs in one's place. */
  delegate: z.boolean(),
});
export type LifeChoices = z.infer<typeof lifeChoicesSchema>;

export const agreementLifeSchema = z.object({
  state: z.enum(lifeStates),
  /** Number of the version that waits for signatures, or was returned last; null where none is on its way. */
  proposal: z.int().nullable(),
  /** Number of the version that holds today. */
  inForce: z.int().nullable(),
  hasDraft: z.boolean(),
  /** Of what can be renewed: the term that would follow. */
  nextTerm: z.object({ from: dateSchema, to: dateSchema.nullable() }).nullable(),
  /** Who must act now, in a sentence. */
  next: z.string(),
  may: lifeChoicesSchema,
  /** Newest first. */
  versions: z.array(versionLifeSchema),
  delegates: z.array(
    z.object({
      id: z.int(),
      party: side,
      signatory: z.string(),
      by: person,
      from: dateSchema,
      to: dateSchema,
      mayEnd: z.boolean(),
    }),
  ),
  /** What the figures rest on that is otherwise now than when it was proposed; the figures keep to what was signed. */
  changedSince: z.array(z.object({ path: z.string(), from: z.unknown(), to: z.unknown() })),
});
export type AgreementLife = z.infer<typeof agreementLifeSchema>;
