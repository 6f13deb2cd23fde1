import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { Response } from 'express';
import { keySchema, pageOf, type Page } from '../contract/catalog.ts';
import {
  consequenceExportQuerySchema,
  consequenceSchema,
  consequenceTotalsQuerySchema,
  consequenceTotalsSchema,
  ledgerQuerySchema,
  type Consequence,
  type ConsequenceFilter,
  type ConsequenceTotals,
  type ConsequenceTotalsQuery,
  type LedgerQuery,
} from '../contract/consequences.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { ConsequencesService } from './consequences.service.ts';
import { ledgerCsv, ledgerXlsx } from './ledger-table.ts';

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** The ledger of an agreement, what is open of all of it, and all of it as files. */
@Controller('api/v1')
@Allow('board:read')
export class LedgerFilesController {
  constructor(readonly consequences: ConsequencesService) {}

  @Get('agreements/:key/consequences')
  @Operation('Lists what follows from the missed promises of an agreement, open entries first')
  @ApiOkResponse({ standardSchema: pageOf(consequenceSchema) })
  ofAgreement(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: ledgerQuerySchema }) query: LedgerQuery,
  ): Promise<Page<Consequence>> {
    return this.consequences.page({ ...query, agreement: key });
  }

  @Get('consequences/totals')
  @Operation('Sums up what is open between teams')
  @ApiOkResponse({ standardSchema: consequenceTotalsSchema })
  totals(@Query({ schema: consequenceTotalsQuerySchema }) query: ConsequenceTotalsQuery): Promise<ConsequenceTotals> {
    return this.consequences.totals(query);
  }

  @Get('consequences/export.csv')
  @Operation('Reads the ledger as CSV, a row for each entry')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async csv(
    @Query({ schema: consequenceExportQuerySchema }) filter: ConsequenceFilter,
    @Res() response: Response,
  ): Promise<void> {
    const text = ledgerCsv(await this.consequences.all(filter));
    named(response, filter, 'csv').type('text/csv').send(text);
  }

  @Get('consequences/export.xlsx')
  @Operation('Reads the ledger as a spreadsheet, a row for each entry')
  @ApiProduces(xlsxType)
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async xlsx(
    @Query({ schema: consequenceExportQuerySchema }) filter: ConsequenceFilter,
    @Res() response: Response,
  ): Promise<void> {
    const file = await ledgerXlsx(await this.consequences.all(filter));
    named(response, filter, 'xlsx').type(xlsxType).send(file);
  }
}

/** Says under which name a browser keeps it: `consequences-hr-payroll-2026-10.csv`. */
function named(response: Response, { agreement, period }: ConsequenceFilter, ending: string): Response {
  const parts = ['consequences', agreement, period].filter((part) => part !== undefined);
  return response.setHeader('Content-Disposition', `attachment; filename="${parts.join('-')}.${ending}"`);
}
