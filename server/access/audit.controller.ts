import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { auditEntrySchema, auditQuerySchema, type AuditEntry, type AuditQuery } from '../contract/access.ts';
import { pageOf, type Page } from '../contract/catalog.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { AuditService } from './audit.service.ts';

@Controller('api/v1/audit')
@Allow('audit:read')
export class AuditController {
  readonly #audit: AuditService;

  constructor(audit: AuditService) {
    this.#audit = audit;
  }

  @Get()
  @Operation('Lists who changed what, newest first')
  @ApiOkResponse({ standardSchema: pageOf(auditEntrySchema) })
  list(@Query({ schema: auditQuerySchema }) query: AuditQuery): Promise<Page<AuditEntry>> {
    return this.#audit.page(query);
  }
}
