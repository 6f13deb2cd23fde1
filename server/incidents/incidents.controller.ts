import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { pageOf, putQuerySchema, type Page, type PutQuery } from '../contract/catalog.ts';
import {
  incidentActSchema,
  incidentChangeSchema,
  incidentDetailSchema,
  incidentIdSchema,
  incidentInputSchema,
  incidentPendSchema,
  incidentQuerySchema,
  incidentSchema,
  type Incident,
  type IncidentActInput,
  type IncidentChange,
  type IncidentDetail,
  type IncidentInput,
  type IncidentPendInput,
  type IncidentQuery,
} from '../contract/incidents.ts';
import {
  incidentStatisticsSchema,
  statisticsQuerySchema,
  type IncidentStatistics,
  type StatisticsQuery,
} from '../contract/incident-statistics.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { IncidentStatisticsService } from './incident-statistics.service.ts';
import { IncidentsService } from './incidents.service.ts';

@Controller('api/v1/incidents')
@Allow('incidents:write')
export class IncidentsController {
  constructor(
    readonly incidents: IncidentsService,
    readonly figures: IncidentStatisticsService,
  ) {}

  @Get()
  @Operation('Lists incidents, requests and drills, the newest first')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: pageOf(incidentSchema) })
  list(@Query({ schema: incidentQuerySchema }) query: IncidentQuery): Promise<Page<Incident>> {
    return this.incidents.page(query);
  }

  @Post()
  @Operation('Opens an incident, a request or a drill, or tells of one that was', 'conflict')
  @ApiCreatedResponse({ standardSchema: incidentSchema })
  create(@Body({ schema: incidentInputSchema }) input: IncidentInput): Promise<Incident> {
    return this.incidents.create(input);
  }

  @Get('statistics')
  @Operation('Tells how often things fail, and how fast people answer and restore')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: incidentStatisticsSchema })
  statistics(@Query({ schema: statisticsQuerySchema }) query: StatisticsQuery): Promise<IncidentStatistics> {
    return this.figures.read(query);
  }

  @Get(':id')
  @Operation('Reads an incident with its clocks under each agreement, and what belongs to it')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: incidentDetailSchema })
  get(@Param('id', { schema: incidentIdSchema }) id: number): Promise<IncidentDetail> {
    return this.incidents.get(id);
  }

  @Patch(':id')
  @Operation('Changes what is known of an incident, its instants among it', 'conflict', 'changed-meanwhile')
  @ApiOkResponse({ standardSchema: incidentSchema })
  change(
    @Param('id', { schema: incidentIdSchema }) id: number,
    @Query({ schema: putQuerySchema }) { expect }: PutQuery,
    @Body({ schema: incidentChangeSchema }) change: IncidentChange,
  ): Promise<Incident> {
    return this.incidents.change(id, change, expect);
  }

  @Delete(':id')
  @Operation('Deletes an incident as if it had never been told')
  @Allow('incidents:delete')
  @HttpCode(204)
  async delete(@Param('id', { schema: incidentIdSchema }) id: number): Promise<void> {
    await this.incidents.delete(id);
  }

  @Post(':id/acknowledge')
  @Operation('Takes an incident: somebody looks after it', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: incidentSchema })
  acknowledge(
    @Param('id', { schema: incidentIdSchema }) id: number,
    @Body({ schema: incidentActSchema }) input: IncidentActInput,
  ): Promise<Incident> {
    return this.incidents.act(id, 'acknowledge', input);
  }

  @Post(':id/respond')
  @Operation('Notes the first reply to whoever reported an incident', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: incidentSchema })
  respond(
    @Param('id', { schema: incidentIdSchema }) id: number,
    @Body({ schema: incidentActSchema }) input: IncidentActInput,
  ): Promise<Incident> {
    return this.incidents.act(id, 'respond', input);
  }

  @Post(':id/pend')
  @Operation('Lets an incident wait, for a reason', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: incidentSchema })
  pend(
    @Param('id', { schema: incidentIdSchema }) id: number,
    @Body({ schema: incidentPendSchema }) input: IncidentPendInput,
  ): Promise<Incident> {
    return this.incidents.act(id, 'pend', input);
  }

  @Post(':id/resume')
  @Operation('Goes on with an incident that waited', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: incidentSchema })
  resume(
    @Param('id', { schema: incidentIdSchema }) id: number,
    @Body({ schema: incidentActSchema }) input: IncidentActInput,
  ): Promise<Incident> {
    return this.incidents.act(id, 'resume', input);
  }

  @Post(':id/resolve')
  @Operation('Notes that an incident is resolved', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: incidentSchema })
  resolve(
    @Param('id', { schema: incidentIdSchema }) id: number,
    @Body({ schema: incidentActSchema }) input: IncidentActInput,
  ): Promise<Incident> {
    return this.incidents.act(id, 'resolve', input);
  }

  @Post(':id/close')
  @Operation('Closes an incident that is resolved', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: incidentSchema })
  close(
    @Param('id', { schema: incidentIdSchema }) id: number,
    @Body({ schema: incidentActSchema }) input: IncidentActInput,
  ): Promise<Incident> {
    return this.incidents.act(id, 'close', input);
  }

  @Post(':id/reopen')
  @Operation('Opens an incident again that was resolved too early', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: incidentSchema })
  reopen(
    @Param('id', { schema: incidentIdSchema }) id: number,
    @Body({ schema: incidentActSchema }) input: IncidentActInput,
  ): Promise<Incident> {
    return this.incidents.act(id, 'reopen', input);
  }
}
