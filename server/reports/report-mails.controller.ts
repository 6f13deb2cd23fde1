import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { AccessService } from '../access/access.service.ts';
import { AgreementsService, currentTerms } from '../agreements/agreements.service.ts';
import { keySchema } from '../contract/catalog.ts';
import { reportMailsSchema, reportPeriodSchema, type ReportMails } from '../contract/reports.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { Problem } from '../platform/problem.ts';
import { ReportMailsService } from './report-mails.service.ts';

/** Mails about frozen reports. */
@Controller('api/v1/agreements/:key/reports/:period/mails')
export class ReportMailsController {
  constructor(
    readonly mails: ReportMailsService,
    readonly agreements: AgreementsService,
    readonly access: AccessService,
  ) {}

  @Get()
  @Operation('Tells who was told of the report of a period, and where that failed')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: reportMailsSchema })
  of(
    @Param('key', { schema: keySchema }) key: string,
    @Param('period', { schema: reportPeriodSchema }) period: string,
  ): Promise<ReportMails> {
    return this.mails.of(key, period);
  }

  @Post('again')
  @Operation('Sends the mails about the report of a period again that failed', 'conflict')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: reportMailsSchema })
  async again(
    @Param('key', { schema: keySchema }) key: string,
    @Param('period', { schema: reportPeriodSchema }) period: string,
  ): Promise<ReportMails> {
    const { provider, customer } = currentTerms(await this.agreements.termsOf(key));
    if (![provider, customer].some((team) => this.access.mayChange(team)))
      throw new Problem('forbidden', 'Only the parties and admins may send mails about a report again');
    await this.mails.again(key, period);
    return this.mails.of(key, period);
  }
}
