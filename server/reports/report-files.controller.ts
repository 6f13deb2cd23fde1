import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { Response } from 'express';
import { keySchema } from '../contract/catalog.ts';
import { reportPeriodSchema, reportQuerySchema, type Report, type ReportQuery } from '../contract/reports.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { figuresCsv, intervalsCsv } from './report-csv.ts';
import { reportMarkdown } from './report-markdown.ts';
import { reportPdf } from './report-pdf.ts';
import { reportXlsx } from './report-xlsx.ts';
import { ReportsService } from './reports.service.ts';

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Frozen reports as files: what stands in them comes from the frozen content alone. */
@Controller('api/v1/agreements/:key/reports/:period')
@Allow('board:read')
export class ReportFilesController {
  constructor(readonly reports: ReportsService) {}

  @Get('report.pdf')
  @Operation('Reads a frozen report as a PDF')
  @ApiProduces('application/pdf')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async pdf(
    @Param('key', { schema: keySchema }) key: string,
    @Param('period', { schema: reportPeriodSchema }) period: string,
    @Query({ schema: reportQuerySchema }) { revision }: ReportQuery,
    @Res() response: Response,
  ): Promise<void> {
    const report = await this.reports.get(key, period, revision ?? null);
    named(response, report, 'inline', 'pdf')
      .type('pdf')
      .send(Buffer.from(await reportPdf(report)));
  }

  @Get('report.md')
  @Operation('Reads a frozen report as Markdown')
  @ApiProduces('text/markdown')
  @ApiOkResponse({ schema: { type: 'string' } })
  async markdown(
    @Param('key', { schema: keySchema }) key: string,
    @Param('period', { schema: reportPeriodSchema }) period: string,
    @Query({ schema: reportQuerySchema }) { revision }: ReportQuery,
    @Res() response: Response,
  ): Promise<void> {
    const report = await this.reports.get(key, period, revision ?? null);
    named(response, report, 'inline', 'md').type('text/markdown').send(reportMarkdown(report));
  }

  @Get('figures.csv')
  @Operation('Reads the figures of a frozen report as CSV, a row for each promise')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async figures(
    @Param('key', { schema: keySchema }) key: string,
    @Param('period', { schema: reportPeriodSchema }) period: string,
    @Query({ schema: reportQuerySchema }) { revision }: ReportQuery,
    @Res() response: Response,
  ): Promise<void> {
    const report = await this.reports.get(key, period, revision ?? null);
    named(response, report, 'attachment', 'figures.csv').type('text/csv').send(figuresCsv(report));
  }

  @Get('intervals.csv')
  @Operation('Reads every interval and event of a frozen report as CSV')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async intervals(
    @Param('key', { schema: keySchema }) key: string,
    @Param('period', { schema: reportPeriodSchema }) period: string,
    @Query({ schema: reportQuerySchema }) { revision }: ReportQuery,
    @Res() response: Response,
  ): Promise<void> {
    const report = await this.reports.get(key, period, revision ?? null);
    named(response, report, 'attachment', 'intervals.csv').type('text/csv').send(intervalsCsv(report));
  }

  @Get('report.xlsx')
  @Operation('Reads a frozen report as a workbook for spreadsheets')
  @ApiProduces(xlsxType)
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async workbook(
    @Param('key', { schema: keySchema }) key: string,
    @Param('period', { schema: reportPeriodSchema }) period: string,
    @Query({ schema: reportQuerySchema }) { revision }: ReportQuery,
    @Res() response: Response,
  ): Promise<void> {
    const report = await this.reports.get(key, period, revision ?? null);
    named(response, report, 'attachment', 'xlsx')
      .type(xlsxType)
      .send(await reportXlsx(report));
  }
}

/** Says under which name a browser keeps it: `hr-payroll-2026-10-r1.pdf`. */
function named(response: Response, { agreement, period, revision }: Report, as: string, ending: string): Response {
  return response.setHeader('Content-Disposition', `${as}; filename="${agreement}-${period}-r${revision}.${ending}"`);
}
