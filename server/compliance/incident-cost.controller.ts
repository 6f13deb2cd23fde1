import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { incidentCostSchema, type IncidentCost } from '../contract/incident-cost.ts';
import { incidentIdSchema } from '../contract/incidents.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { IncidentCostService } from './incident-cost.service.ts';

@Controller('api/v1/incidents/:id/cost')
@Allow('board:read')
export class IncidentCostController {
  constructor(readonly costs: IncidentCostService) {}

  @Get()
  @Operation('Tells what an incident took of the budgets of promises about its services, so far or in all')
  @ApiOkResponse({ standardSchema: incidentCostSchema })
  of(@Param('id', { schema: incidentIdSchema }) id: number): Promise<IncidentCost> {
    return this.costs.of(id);
  }
}
