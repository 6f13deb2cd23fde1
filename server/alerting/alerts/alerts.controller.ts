import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import {
  alertAssignmentSchema,
  alertDetailSchema,
  alertIdSchema,
  alertNoteSchema,
  alertQuerySchema,
  alertSchema,
  alertSilenceSchema,
  type Alert,
  type AlertAssignment,
  type AlertDetail,
  type AlertNote,
  type AlertQuery,
  type AlertSilence,
} from '../../contract/alerts.ts';
import { pageOf, type Page } from '../../contract/catalog.ts';
import { Allow } from '../../platform/allow.decorator.ts';
import { Operation } from '../../platform/operation.decorator.ts';
import { AlertsService } from './alerts.service.ts';

/** Alerts, and what people do about them. */
@Controller('api/v1/alerts')
@Allow('incidents:write')
export class AlertsController {
  constructor(readonly alerts: AlertsService) {}

  @Get()
  @Operation('Lists alerts, the newest first')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: pageOf(alertSchema) })
  list(@Query({ schema: alertQuerySchema }) query: AlertQuery): Promise<Page<Alert>> {
    return this.alerts.page(query);
  }

  @Get(':id')
  @Operation('Reads an alert with everything that was told of it, and how long that took')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: alertDetailSchema })
  get(@Param('id', { schema: alertIdSchema }) id: number): Promise<AlertDetail> {
    return this.alerts.get(id);
  }

  @Post(':id/acknowledge')
  @Operation('Takes an alert, and its incident with it: nobody else is told', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: alertDetailSchema })
  acknowledge(
    @Param('id', { schema: alertIdSchema }) id: number,
    @Body({ schema: alertNoteSchema }) input: AlertNote,
  ): Promise<AlertDetail> {
    return this.alerts.acknowledge(id, input);
  }

  @Post(':id/assign')
  @Operation('Says who has an alert, and its incident', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: alertDetailSchema })
  assign(
    @Param('id', { schema: alertIdSchema }) id: number,
    @Body({ schema: alertAssignmentSchema }) input: AlertAssignment,
  ): Promise<AlertDetail> {
    return this.alerts.assign(id, input);
  }

  @Post(':id/escalate')
  @Operation('Tells the next step of the escalation policy now', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: alertDetailSchema })
  escalate(
    @Param('id', { schema: alertIdSchema }) id: number,
    @Body({ schema: alertNoteSchema }) input: AlertNote,
  ): Promise<AlertDetail> {
    return this.alerts.escalate(id, input);
  }

  @Post(':id/silence')
  @Operation('Lets nobody be told of an alert for a while', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: alertDetailSchema })
  silence(
    @Param('id', { schema: alertIdSchema }) id: number,
    @Body({ schema: alertSilenceSchema }) input: AlertSilence,
  ): Promise<AlertDetail> {
    return this.alerts.silence(id, input);
  }
}
