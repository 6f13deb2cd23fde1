import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import {
  agreementLifeSchema,
  attachmentQuerySchema,
  type AgreementLife,
  type AttachmentQuery,
} from '../contract/agreement-life.ts';
import { keySchema } from '../contract/catalog.ts';
import { Allow, SignedIn } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { AgreementLifeViewService } from './agreement-life-view.service.ts';
import { AgreementPapersService } from './agreement-papers.service.ts';

const numberSchema = z.coerce.number().int().min(1).max(2_147_483_647);

/** Signed papers of agreements. */
@Controller('api/v1/agreements/:key/versions/:number/papers')
@SignedIn()
export class AgreementPapersController {
  constructor(
    readonly papers: AgreementPapersService,
    readonly view: AgreementLifeViewService,
  ) {}

  @Post()
  @Operation(
    'Attaches a signed PDF in the place of the signatures of a party',
    'conflict',
    'changed-meanwhile',
    'too-large',
  )
  @HttpCode(200)
  @ApiConsumes('application/pdf')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiOkResponse({ standardSchema: agreementLifeSchema })
  async attach(
    @Param('key', { schema: keySchema }) key: string,
    @Param('number', { schema: numberSchema }) number: number,
    @Query({ schema: attachmentQuerySchema }) query: AttachmentQuery,
    @Body() content: unknown,
  ): Promise<AgreementLife> {
    await this.papers.attach(key, number, query, content);
    return this.view.of(key);
  }

  @Get(':id')
  @Operation('Reads a signed PDF that was attached to a version of an agreement')
  @Allow('board:read')
  @ApiProduces('application/pdf')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async read(
    @Param('key', { schema: keySchema }) key: string,
    @Param('number', { schema: numberSchema }) number: number,
    @Param('id', { schema: numberSchema }) id: number,
    @Res() response: Response,
  ): Promise<void> {
    const { name, content } = await this.papers.read(key, number, id);
    // Never shown in place: what others uploaded is data, whatever it says it is.
    response.attachment(name.endsWith('.pdf') ? name : `${name}.pdf`);
    response.type('pdf').send(content);
  }
}
