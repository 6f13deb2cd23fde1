import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { roundSchema, type Round } from '../contract.ts';

/** Far more than a round holds; what says it is larger is no round of ours. */
const mostBytes = 64 * 1_048_576;
const packedRoundSchema = z.object({ deflated: z.base64() });

/**
 * A round as its queue holds it. A queue reads, prints and stores each value of a job several times on its way, and the
 * runs of a round are much alike: packed they are a twentieth of the bytes, and one value.
 */
export type PackedRound = z.infer<typeof packedRoundSchema>;

export const packRound = (round: Round): PackedRound => ({
  deflated: deflateRawSync(JSON.stringify(round), { level: 1 }).toString('base64'),
});

/** @throws when it is not a packed round */
export function unpackRound(data: unknown): Round {
  const { deflated } = packedRoundSchema.parse(data);
  const text = inflateRawSync(Buffer.from(deflated, 'base64'), { maxOutputLength: mostBytes }).toString();
  return roundSchema.parse(JSON.parse(text));
}
