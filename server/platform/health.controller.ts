import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Public } from './allow.decorator.ts';
import { HealthRegistry } from './health-registry.ts';

@Controller('health')
export class HealthController {
  readonly #health: HealthRegistry;

  constructor(health: HealthRegistry) {
    this.#health = health;
  }

  /** The process runs and answers. */
  @Get('live')
  @Public()
  live() {
    return { status: 'live' };
  }

  /** What the server needs is there: 200, else 503 with the checks that failed. */
  @Get('ready')
  @Public()
  async ready(@Res({ passthrough: true }) response: Response) {
    const { ready, checks } = await this.#health.report();
    response.status(ready ? 200 : 503).set('Cache-Control', 'no-store');
    return { status: ready ? 'ready' : 'not ready', checks };
  }
}
