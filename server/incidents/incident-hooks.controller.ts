import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Req } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { Request } from 'express';
import { z } from 'zod';
import type { JsonValue } from '../../probes/support/json-path.ts';
import { keySchema } from '../contract/catalog.ts';
import {
  hookAnswerSchema,
  incidentHookInputSchema,
  incidentHookSchema,
  type HookAnswer,
  type IncidentHook,
  type IncidentHookInput,
} from '../contract/incident-hooks.ts';
import { Allow, Public } from '../platform/allow.decorator.ts';
import { bytesOf } from '../platform/body-parsers.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { IncidentHooksService } from './incident-hooks.service.ts';

const payloadSchema = z.record(z.string(), z.unknown());

@Controller('api/v1/incident-hooks')
@Allow('catalog:write')
export class IncidentHooksController {
  constructor(readonly hooks: IncidentHooksService) {}

  @Get()
  @Operation('Lists where other systems tell of their tickets, with addresses and secrets')
  @ApiOkResponse({ standardSchema: z.object({ items: z.array(incidentHookSchema) }) })
  async list(): Promise<{ items: IncidentHook[] }> {
    return { items: await this.hooks.list() };
  }

  @Put(':key')
  @Operation('Makes or changes an address at which another system tells of its tickets')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: incidentHookSchema })
  put(
    @Param('key', { schema: keySchema }) key: string,
    @Body({ schema: incidentHookInputSchema }) input: IncidentHookInput,
  ): Promise<IncidentHook> {
    return this.hooks.put(key, input);
  }

  @Delete(':key')
  @Operation('Takes away an address at which another system tells of its tickets')
  @HttpCode(204)
  async delete(@Param('key', { schema: keySchema }) key: string): Promise<void> {
    await this.hooks.delete(key);
  }

  /** The token in the address and the signature are the right to call it. */
  @Post(':token')
  @Operation('Takes a ticket of another system, signed with HMAC-SHA256', 'forbidden', 'conflict')
  @Public()
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: hookAnswerSchema })
  take(
    @Param('token') token: string,
    @Body({ schema: payloadSchema }) payload: Record<string, unknown>,
    @Req() request: Request,
  ): Promise<HookAnswer> {
    return this.hooks.take(token, request.headers, bytesOf(request), payload as JsonValue);
  }
}
