import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { agentSchema, observationSchema, probeRunSchema, type ProbeRun } from '../contract/probing.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { AgentsService } from './agents.service.ts';
import { TryProbeService } from './try-probe.service.ts';

@Controller('api/v1')
export class AgentsController {
  constructor(
    readonly agents: AgentsService,
    readonly tryProbe: TryProbeService,
  ) {}

  @Get('agents')
  @Operation('Lists agents and whether they are alive')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: z.array(agentSchema) })
  list() {
    return this.agents.list();
  }

  @Post('probes/run')
  @Operation('Tries a probe and stores nothing', 'unavailable')
  @HttpCode(200)
  @Allow('probes:try')
  @ApiOkResponse({ standardSchema: observationSchema })
  run(@Body({ schema: probeRunSchema }) input: ProbeRun) {
    return this.tryProbe.run(input);
  }
}
