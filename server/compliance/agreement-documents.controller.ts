import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { SteadyClock } from '../../probes/support/clock.ts';
import { AgreementDocumentsService, type WantedVersion } from '../agreements/agreement-documents.service.ts';
import { documentHtml, documentLength, documentMarkdown, documentPdf } from '../agreements/documents.service.ts';
import {
  agreementDocumentSchema,
  agreementPreviewSchema,
  documentDifferenceSchema,
  documentLengthSchema,
  type AgreementDocument,
  type AgreementPreview,
  type DocumentDifference,
} from '../contract/agreement-document.ts';
import { agreementInputSchema } from '../contract/agreements.ts';
import { keySchema } from '../contract/catalog.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { inputJsonSchema } from '../platform/input-json-schema.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { ComplianceService } from './compliance.service.ts';

const version = z.union([z.literal('draft'), z.coerce.number().int().min(1)]);
const documentQuerySchema = z.strictObject({
  version: version.optional().describe('A number, or draft; left out: what is in force, else the draft'),
});
type DocumentQuery = z.infer<typeof documentQuerySchema>;
const differenceQuerySchema = z.strictObject({ from: version, to: version });
type DifferenceQuery = z.infer<typeof differenceQuerySchema>;

/** Agreements as people read, print and sign them, with the present figure beside each promise. */
@Controller('api/v1/agreements')
@Allow('board:read')
export class AgreementDocumentsController {
  constructor(
    readonly documents: AgreementDocumentsService,
    readonly compliance: ComplianceService,
    readonly clock: SteadyClock,
  ) {}

  /** What is being written, as it would be printed, and how long it is; stores nothing. */
  @Post('preview')
  @Operation('Shows an agreement that is being written as a document, with its length; stores nothing')
  @HttpCode(200)
  @ApiBody({ schema: inputJsonSchema(agreementInputSchema) })
  @ApiOkResponse({ standardSchema: agreementPreviewSchema })
  async preview(@Body() input: unknown): Promise<AgreementPreview> {
    const document = await this.documents.preview(input, this.clock.now());
    return { document, length: await documentLength(document) };
  }

  @Get(':key/document')
  @Operation('Reads an agreement as a document: its parts, and the present figure of each objective')
  @ApiOkResponse({ standardSchema: agreementDocumentSchema })
  document(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: documentQuerySchema }) query: DocumentQuery,
  ): Promise<AgreementDocument> {
    return this.#document(key, query.version);
  }

  @Get(':key/document.html')
  @Operation('Reads an agreement as a page to print')
  @ApiProduces('text/html')
  @ApiOkResponse({ schema: { type: 'string' } })
  async html(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: documentQuerySchema }) query: DocumentQuery,
    @Res() response: Response,
  ): Promise<void> {
    const { html, contentSecurityPolicy } = documentHtml(await this.#document(key, query.version));
    response.setHeader('Content-Security-Policy', contentSecurityPolicy);
    response.type('html').send(html);
  }

  @Get(':key/document.pdf')
  @Operation('Reads an agreement as a PDF')
  @ApiProduces('application/pdf')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async pdf(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: documentQuerySchema }) query: DocumentQuery,
    @Res() response: Response,
  ): Promise<void> {
    // Without figures: what is kept and signed says the same tomorrow.
    const bytes = await documentPdf(await this.documents.document(key, query.version));
    response.setHeader('Content-Disposition', `inline; filename="${key}.pdf"`);
    response.type('pdf').send(Buffer.from(bytes));
  }

  @Get(':key/document.md')
  @Operation('Reads an agreement as Markdown')
  @ApiProduces('text/markdown')
  @ApiOkResponse({ schema: { type: 'string' } })
  async markdown(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: documentQuerySchema }) query: DocumentQuery,
    @Res() response: Response,
  ): Promise<void> {
    response.type('text/markdown').send(documentMarkdown(await this.documents.document(key, query.version)));
  }

  @Get(':key/length')
  @Operation('Tells how many pages an agreement has on paper, part by part')
  @ApiOkResponse({ standardSchema: documentLengthSchema })
  async length(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: documentQuerySchema }) query: DocumentQuery,
  ) {
    return documentLength(await this.documents.document(key, query.version));
  }

  @Get(':key/difference')
  @Operation('Tells what a version of an agreement says otherwise than another one')
  @ApiOkResponse({ standardSchema: documentDifferenceSchema })
  difference(
    @Param('key', { schema: keySchema }) key: string,
    @Query({ schema: differenceQuerySchema }) { from, to }: DifferenceQuery,
  ): Promise<DocumentDifference> {
    return this.documents.difference(key, from, to);
  }

  async #document(key: string, wanted: WantedVersion): Promise<AgreementDocument> {
    const { objectives } = await this.compliance.of(key, {});
    const figures = objectives.map(({ key: objective, attained, verdict }) => [
      objective,
      attained ? `${attained.text}, ${verdict.replace('-', ' ')}` : 'no data yet',
    ]);
    return this.documents.document(key, wanted, new Map(figures as [string, string][]));
  }
}
