import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { roundSchema, type ResultBatch, type Round } from '../contract.ts';

/** Far more than a job holds; what says it is larger is no job of ours. */
const mostBytes = 64 * 1_048_576;

/**
 * A value as a queue holds it. A queue reads, prints and stores each value of a job several times on its way, and the runs
 * and results of many probes are much alike: packed they are a fraction of the bytes, and one value.
 */
const packedSchema = z.base64();
const pack = (value: unknown): string => deflateRawSync(JSON.stringify(value), { level: 1 }).toString('base64');
const unpack = (packed: string): unknown =>
  JSON.parse(inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: mostBytes }).toString());

const packedRoundSchema = z.object({ deflated: packedSchema });
export type PackedRound = z.infer<typeof packedRoundSchema>;
export const packRound = (round: Round): PackedRound => ({ deflated: pack(round) });

/** A server of another version may have put it there as it is. @throws when it is no round */
export function unpackRound(data: unknown): Round {
  const { success, data: packed } = packedRoundSchema.safeParse(data);
  return roundSchema.parse(success ? unpack(packed.deflated) : data);
}

/** A batch of results whose observations are packed; what describes the agent can be read as it lies. */
export type PackedBatch = Omit<ResultBatch, 'observations'> & { observations: string };
export const packBatch = (batch: ResultBatch): PackedBatch => ({ ...batch, observations: pack(batch.observations) });

/** The observations of a batch, packed or not, each still to be judged. @throws when they are neither */
export const batchObservationsSchema = z.union([
  z.array(z.unknown()),
  packedSchema.transform((packed) => z.array(z.unknown()).parse(unpack(packed))),
]);
