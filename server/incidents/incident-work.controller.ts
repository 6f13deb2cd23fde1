import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import {
  assignmentSchema,
  disputeSchema,
  followUpIdSchema,
  followUpInputSchema,
  incidentNoteSchema,
  incidentTimelineSchema,
  mergeSchema,
  splitSchema,
  type Assignment,
  type Dispute,
  type FollowUpInput,
  type IncidentNote,
  type IncidentTimeline,
  type Merge,
  type Split,
} from '../contract/incident-work.ts';
import {
  incidentDetailSchema,
  incidentIdSchema,
  incidentSchema,
  type Incident,
  type IncidentDetail,
} from '../contract/incidents.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { IncidentDetailsService } from './incident-details.service.ts';
import { IncidentWorkService } from './incident-work.service.ts';

@Controller('api/v1/incidents/:id')
@Allow('incidents:write')
export class IncidentWorkController {
  constructor(
    readonly work: IncidentWorkService,
    readonly details: IncidentDetailsService,
  ) {}

  @Get('timeline')
  @Operation('Tells everything that was done with an incident, with who and when')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: incidentTimelineSchema })
  timeline(@Param('id', { schema: incidentIdSchema }) id: number): Promise<IncidentTimeline> {
    return this.details.acts(id);
  }

  @Post('assign')
  @Operation('Gives an incident to a person or a team')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: incidentSchema })
  assign(
    @Param('id', { schema: incidentIdSchema }) id: number,
    @Body({ schema: assignmentSchema }) input: Assignment,
  ): Promise<Incident> {
    return this.work.assign(id, input);
  }

  @Post('notes')
  @Operation('Says something of an incident, to those who work on it or to those who wait')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: incidentSchema })
  note(
    @Param('id', { schema: incidentIdSchema }) id: number,
    @Body({ schema: incidentNoteSchema }) input: IncidentNote,
  ): Promise<Incident> {
    return this.work.note(id, input);
  }

  @Post('dispute')
  @Operation('Says for the customer that an incident should not wait', 'conflict')
  @Allow('board:read')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: incidentSchema })
  dispute(
    @Param('id', { schema: incidentIdSchema }) id: number,
    @Body({ schema: disputeSchema }) input: Dispute,
  ): Promise<Incident> {
    return this.work.dispute(id, input);
  }

  @Post('merge')
  @Operation('Lets another incident go on in the place of this one', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: incidentSchema })
  merge(
    @Param('id', { schema: incidentIdSchema }) id: number,
    @Body({ schema: mergeSchema }) input: Merge,
  ): Promise<Incident> {
    return this.work.merge(id, input);
  }

  @Post('split')
  @Operation('Makes an incident of its own of what is about something else', 'conflict')
  @ApiCreatedResponse({ standardSchema: incidentSchema })
  split(
    @Param('id', { schema: incidentIdSchema }) id: number,
    @Body({ schema: splitSchema }) input: Split,
  ): Promise<Incident> {
    return this.work.split(id, input);
  }

  @Post('follow-ups')
  @Operation('Notes what is to be done after an incident, by whom and until when')
  @ApiCreatedResponse({ standardSchema: incidentDetailSchema })
  addFollowUp(
    @Param('id', { schema: incidentIdSchema }) id: number,
    @Body({ schema: followUpInputSchema }) input: FollowUpInput,
  ): Promise<IncidentDetail> {
    return this.work.addFollowUp(id, input);
  }

  @Put('follow-ups/:followUp')
  @Operation('Changes what is to be done after an incident, or says that it is done')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: incidentDetailSchema })
  changeFollowUp(
    @Param('id', { schema: incidentIdSchema }) id: number,
    @Param('followUp', { schema: followUpIdSchema }) followUp: number,
    @Body({ schema: followUpInputSchema }) input: FollowUpInput,
  ): Promise<IncidentDetail> {
    return this.work.changeFollowUp(id, followUp, input);
  }

  @Delete('follow-ups/:followUp')
  @Operation('Takes back what was to be done after an incident')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: incidentDetailSchema })
  deleteFollowUp(
    @Param('id', { schema: incidentIdSchema }) id: number,
    @Param('followUp', { schema: followUpIdSchema }) followUp: number,
  ): Promise<IncidentDetail> {
    return this.work.deleteFollowUp(id, followUp);
  }
}
