import { Body, Controller, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { durationMs } from '../../probes/support/duration.ts';
import { storableText } from '../../probes/support/storable.ts';
import { Public } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { actingAs, system } from '../platform/request-context.ts';
import { HeartbeatsService } from './heartbeats.service.ts';

const flag = z
  .union([z.boolean(), z.enum(['', 'true', 'false', '1', '0'])])
  .transform((value) => value === true || ['', 'true', '1'].includes(String(value)));

/** In the body or in the query, whichever the caller finds easier; the body wins. */
const beatSchema = z.strictObject({
  fail: flag.optional().describe('The job ran and failed'),
  duration: z
    .union([z.coerce.number().min(0), durationMs()])
    .optional()
    .describe('How long it took, in milliseconds or as 90s'),
  // What a job says is taken as far as it can be stored: its heartbeat counts.
  message: z
    .string()
    .max(500)
    .transform((text) => storableText(text))
    .optional()
    .describe('What there is to say about it'),
});
type BeatInput = z.infer<typeof beatSchema>;

@Controller('api/v1/heartbeats')
export class HeartbeatsController {
  constructor(readonly heartbeats: HeartbeatsService) {}

  /** The token in the address is the right to call it. */
  @Post(':token')
  @Operation('Takes a heartbeat; the token in the address is the right to send it')
  @HttpCode(204)
  @Public()
  async beat(
    @Param('token') token: string,
    @Query({ schema: beatSchema }) query: BeatInput,
    @Body({ schema: beatSchema.optional() }) body: BeatInput | undefined,
  ): Promise<void> {
    const { fail = false, duration = null, message = null } = { ...query, ...body };
    // What follows from a measurement is done by Troth, not by the nobody who sent it.
    await actingAs(system, () => this.heartbeats.beat(token, { fail, durationMs: duration, message }));
  }
}
