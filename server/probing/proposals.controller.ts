import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { proposalsInputSchema, proposalsSchema, type Proposals, type ProposalsInput } from '../contract/proposals.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { ProposalsService } from './proposals.service.ts';

@Controller('api/v1/probes')
export class ProposalsController {
  constructor(readonly proposals: ProposalsService) {}

  @Post('propose')
  @Operation('Proposes probes for a list of hosts, addresses and URLs, and stores nothing')
  @HttpCode(200)
  @Allow('probes:try')
  @ApiOkResponse({ standardSchema: proposalsSchema })
  propose(@Body({ schema: proposalsInputSchema }) input: ProposalsInput): Promise<Proposals> {
    return this.proposals.propose(input);
  }
}
