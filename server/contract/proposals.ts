/** Lists of hosts and addresses, and the probes that are proposed for them. */
import { z } from 'zod';
import { keySchema } from './catalog.ts';

export const proposalsInputSchema = z.strictObject({
  lines: z
    .array(z.string().max(4_000, 'is longer than any target'))
    .min(1, 'must hold at least one line')
    .max(500, 'must not have more than 500 lines: add the rest afterwards')
    .describe('A target each: a URL, a host, an address or host:port, and a name behind it where wanted'),
  location: keySchema.describe('Where the probes will run'),
});
export type ProposalsInput = z.infer<typeof proposalsInputSchema>;

export const proposedProbeSchema = z.object({
  kind: z.string(),
  /** The kind as people know it, and what is looked at. */
  title: z.string(),
  target: z.string(),
  /** Why it is proposed. */
  because: z.string(),
  config: z.record(z.string(), z.unknown()),
  timeoutMs: z.int(),
});
export type ProposedProbe = z.infer<typeof proposedProbeSchema>;

export const proposalSchema = z.object({
  /** Number of the line in what was sent, from 1. */
  line: z.int(),
  text: z.string(),
  /** What is wrong with the line; then no probe is proposed. */
  problem: z.string().nullable(),
  name: z.string(),
  key: z.string(),
  /** The key that the name would have had, where another service has it. */
  takenKey: z.string().nullable(),
  /** The first is the best. */
  probes: z.array(proposedProbeSchema),
  /** `payroll.login`: a probe that looks at the very same already; or the line that names it before. */
  watchedBy: z.string().nullable(),
  sameAsLine: z.int().nullable(),
});
export type Proposal = z.infer<typeof proposalSchema>;

export const proposalsSchema = z.object({
  /** Lines that are empty or begin with # are left out. */
  proposals: z.array(proposalSchema),
  /** Whether the location can ping; null where that could not be found out. */
  canPing: z.boolean().nullable(),
});
export type Proposals = z.infer<typeof proposalsSchema>;
