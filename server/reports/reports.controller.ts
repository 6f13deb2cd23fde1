import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { AccessService } from '../access/access.service.ts';
import { AgreementsService, currentTerms } from '../agreements/agreements.service.ts';
import { keySchema } from '../contract/catalog.ts';
import {
  closeReportSchema,
  reportChainSchema,
  reportClosingSchema,
  reportListQuerySchema,
  reportPageSchema,
  reportPeriodSchema,
  reportQuerySchema,
  reportSchema,
  reviseReportSchema,
  type CloseReport,
  type Report,
  type ReportChain,
  type ReportClosing,
  type ReportListQuery,
  type ReportPage,
  type ReportQuery,
  type ReviseReport,
} from '../contract/reports.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { inputJsonSchema } from '../platform/input-json-schema.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { Problem } from '../platform/problem.ts';
import { EarlyClosingService } from './early-closing.service.ts';
import { ReportsService } from './reports.service.ts';

/** Frozen reports of an agreement. */
@Controller('api/v1/agreements/:key/reports')
@Allow('board:read')
export class ReportsController {
  constructor(
    readonly reports: ReportsService,
    readonly closing: EarlyClosingService,
    readonly agreements: AgreementsService,
    readonly access: AccessService,
  ) {}

  @Get()
  @Operation('Lists the frozen reports of an agreement, and says what is frozen next')
  @ApiOkResponse({ standardSchema: reportPageSchema })
  async list(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: reportListQuerySchema }) query: ReportListQuery,
  ): Promise<ReportPage> {
    return { ...(await this.reports.page(key, query)), upcoming: await this.closing.upcoming(key) };
  }

  @Get('verify')
  @Operation('Recomputes the chain of reports: whether each says what was frozen, and none is gone')
  @ApiOkResponse({ standardSchema: reportChainSchema })
  verify(@Param('key', { schema: keySchema }) key: string): Promise<ReportChain> {
    return this.reports.verify(key);
  }

  @Get(':period')
  @Operation('Reads the frozen report of a period: the newest revision, or another')
  @ApiOkResponse({ standardSchema: reportSchema })
  get(
    @Param('key', { schema: keySchema }) key: string,
    @Param('period', { schema: reportPeriodSchema }) period: string,
    @Query({ schema: reportQuerySchema }) { revision }: ReportQuery,
  ): Promise<Report> {
    return this.reports.get(key, period, revision ?? null);
  }

  /** Where what it rests on has changed since; the ones before stay. */
  @Post(':period/revisions')
  @Operation('Makes a new revision of a frozen report from what is known now', 'conflict')
  @Allow('catalog:write')
  @ApiBody({ schema: inputJsonSchema(reviseReportSchema) })
  @ApiCreatedResponse({ standardSchema: reportSchema })
  async revise(
    @Param('key', { schema: keySchema }) key: string,
    @Param('period', { schema: reportPeriodSchema }) period: string,
    @Body({ schema: reviseReportSchema }) { reason }: ReviseReport,
  ): Promise<Report> {
    const { provider, customer } = currentTerms(await this.agreements.termsOf(key));
    if (![provider, customer].some((team) => this.access.mayChange(team)))
      throw new Problem('forbidden', 'Only the parties and admins may have a report revised');
    await this.reports.revise(key, period, reason);
    return this.reports.get(key, period, null);
  }

  /** Only what has ended, and only by both: nobody says it for both parties. */
  @Post(':period/close')
  @Operation('Says for a party that everything of an ended period is in; with both parties it is frozen', 'conflict')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiBody({ schema: inputJsonSchema(closeReportSchema) })
  @ApiOkResponse({ standardSchema: reportClosingSchema })
  async close(
    @Param('key', { schema: keySchema }) key: string,
    @Param('period', { schema: reportPeriodSchema }) period: string,
    @Body({ schema: closeReportSchema }) { party }: CloseReport,
  ): Promise<ReportClosing> {
    const isFrozen = await this.closing.close(key, period, party);
    return { isFrozen, upcoming: await this.closing.upcoming(key) };
  }

  @Delete(':period/close')
  @Operation('Takes back that everything of a period is in', 'conflict')
  @Allow('catalog:write')
  @HttpCode(204)
  async takeBack(
    @Param('key', { schema: keySchema }) key: string,
    @Param('period', { schema: reportPeriodSchema }) period: string,
  ): Promise<void> {
    await this.closing.takeBack(key, period);
  }
}
