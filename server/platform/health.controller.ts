import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiServiceUnavailableResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { Public } from './allow.decorator.ts';
import { HealthRegistry } from './health-registry.ts';
import { Operation } from './operation.decorator.ts';

const liveSchema = z.object({ status: z.literal('live') });
const readySchema = z.object({
  status: z.enum(['ready', 'not ready']),
  checks: z.record(z.string(), z.object({ ok: z.boolean(), detail: z.string() })),
});

@Controller('health')
export class HealthController {
  readonly #health: HealthRegistry;

  constructor(health: HealthRegistry) {
    this.#health = health;
  }

  /** The process runs and answers. */
  @Get('live')
  @Operation('Tells that the process runs and answers')
  @Public()
  @ApiOkResponse({ standardSchema: liveSchema })
  live() {
    return { status: 'live' };
  }

  /** What the server needs is there: 200, else 503 with the checks that failed. */
  @Get('ready')
  @Operation('Tells whether what the server needs is there')
  @Public()
  @ApiOkResponse({ standardSchema: readySchema })
  @ApiServiceUnavailableResponse({ description: 'Something is missing', standardSchema: readySchema })
  async ready(@Res({ passthrough: true }) response: Response) {
    const { ready, checks } = await this.#health.report();
    response.status(ready ? 200 : 503).set('Cache-Control', 'no-store');
    return { status: ready ? 'ready' : 'not ready', checks };
  }
}
