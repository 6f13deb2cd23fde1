import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { agreementTemplateSchema, type AgreementTemplate } from '../contract/agreement-document.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { agreementTemplates } from './document/templates/agreement-templates.ts';

/** Agreements to start from. */
@Controller('api/v1/agreement-templates')
@Allow('board:read')
export class AgreementTemplatesController {
  @Get()
  @Operation('Lists agreements to start from, complete but for names')
  @ApiOkResponse({ standardSchema: z.object({ items: z.array(agreementTemplateSchema) }) })
  list(): { items: AgreementTemplate[] } {
    return { items: agreementTemplates.map(({ written, ...one }) => ({ ...one, agreement: written })) };
  }
}
