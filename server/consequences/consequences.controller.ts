import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { pageOf, type Page } from '../contract/catalog.ts';
import {
  acceptConsequenceSchema,
  bookConsequenceSchema,
  consequenceIdSchema,
  consequenceListQuerySchema,
  consequenceReasonSchema,
  consequenceSchema,
  decideConsequenceSchema,
  finishConsequenceSchema,
  planConsequenceSchema,
  type AcceptConsequence,
  type BookConsequence,
  type Consequence,
  type ConsequenceListQuery,
  type ConsequenceReason,
  type DecideConsequence,
  type FinishConsequence,
  type PlanConsequence,
} from '../contract/consequences.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { ConsequencesService } from './consequences.service.ts';

/** What follows from missed promises. Who may do what follows from the parties of the agreement. */
@Controller('api/v1/consequences')
@Allow('catalog:write')
export class ConsequencesController {
  constructor(readonly consequences: ConsequencesService) {}

  @Get()
  @Operation('Lists what follows from missed promises, open entries first')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: pageOf(consequenceSchema) })
  list(@Query({ schema: consequenceListQuerySchema }) query: ConsequenceListQuery): Promise<Page<Consequence>> {
    return this.consequences.page(query);
  }

  @Get(':id')
  @Operation('Reads an entry of the ledger with everything that was done with it')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: consequenceSchema })
  get(@Param('id', { schema: consequenceIdSchema }) id: number): Promise<Consequence> {
    return this.consequences.get(id);
  }

  @Post(':id/accept')
  @Operation('Accepts what is proposed, as the party that owes it', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: consequenceSchema })
  accept(
    @Param('id', { schema: consequenceIdSchema }) id: number,
    @Body({ schema: acceptConsequenceSchema }) input: AcceptConsequence,
  ): Promise<Consequence> {
    return this.consequences.act(id, 'accepted', input);
  }

  @Post(':id/contest')
  @Operation('Contests what is proposed, as the party that owes it: a correction or the arbiter settles it', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: consequenceSchema })
  contest(
    @Param('id', { schema: consequenceIdSchema }) id: number,
    @Body({ schema: consequenceReasonSchema }) input: ConsequenceReason,
  ): Promise<Consequence> {
    return this.consequences.act(id, 'contested', input);
  }

  @Post(':id/waive')
  @Operation('Waives what is owed, as the party that it is owed to', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: consequenceSchema })
  waive(
    @Param('id', { schema: consequenceIdSchema }) id: number,
    @Body({ schema: consequenceReasonSchema }) input: ConsequenceReason,
  ): Promise<Consequence> {
    return this.consequences.act(id, 'waived', input);
  }

  @Post(':id/decide')
  @Operation('Decides what is contested or was not answered in time, as the arbiter', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: consequenceSchema })
  decide(
    @Param('id', { schema: consequenceIdSchema }) id: number,
    @Body({ schema: decideConsequenceSchema }) { outcome, reason }: DecideConsequence,
  ): Promise<Consequence> {
    return this.consequences.act(id, outcome, { reason });
  }

  @Post(':id/book')
  @Operation('Tells under which reference an accepted credit was booked', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: consequenceSchema })
  book(
    @Param('id', { schema: consequenceIdSchema }) id: number,
    @Body({ schema: bookConsequenceSchema }) input: BookConsequence,
  ): Promise<Consequence> {
    return this.consequences.act(id, 'booked', input);
  }

  @Post(':id/plan')
  @Operation('Says who does an accepted action, and by when', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: consequenceSchema })
  plan(
    @Param('id', { schema: consequenceIdSchema }) id: number,
    @Body({ schema: planConsequenceSchema }) input: PlanConsequence,
  ): Promise<Consequence> {
    return this.consequences.act(id, 'planned', input);
  }

  @Post(':id/finish')
  @Operation('Says that an accepted action is done, and what was done', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: consequenceSchema })
  finish(
    @Param('id', { schema: consequenceIdSchema }) id: number,
    @Body({ schema: finishConsequenceSchema }) { note }: FinishConsequence,
  ): Promise<Consequence> {
    return this.consequences.act(id, 'done', { reason: note });
  }
}
