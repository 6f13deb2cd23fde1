import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse } from '@nestjs/swagger';
import { keySchema } from '../contract/catalog.ts';
import {
  problemReportSchema,
  reportedProblemSchema,
  type ProblemReport,
  type ReportedProblem,
} from '../contract/incident-work.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { ProblemReportsService } from './problem-reports.service.ts';

@Controller('api/v1/services/:key/problems')
@Allow('board:read')
export class ProblemsController {
  constructor(readonly reports: ProblemReportsService) {}

  @Post()
  @Operation('Reports a problem with a service: to the incident that is open about it, else to a new one')
  @ApiCreatedResponse({ standardSchema: reportedProblemSchema })
  report(
    @Param('key', { schema: keySchema }) key: string,
    @Body({ schema: problemReportSchema }) input: ProblemReport,
  ): Promise<ReportedProblem> {
    return this.reports.report(key, input);
  }
}
