import { Body, Controller, Get, Header, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import {
  applyQuerySchema,
  configDifferenceSchema,
  type ApplyQuery,
  type ConfigDifference,
} from '../contract/config-file.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { configFileJsonSchema } from './config-file-schema.ts';
import { ConfigFileService } from './config-file.service.ts';

const yaml = 'application/yaml';

@Controller('api/v1/config')
export class ConfigFileController {
  readonly #files: ConfigFileService;

  constructor(files: ConfigFileService) {
    this.#files = files;
  }

  /** Everything as a config file; secrets are variables. */
  @Get()
  @Operation('Exports everything as a config file; secrets are variables')
  @Allow('config:read')
  @Header('Content-Type', `${yaml}; charset=utf-8`)
  @ApiProduces(yaml)
  @ApiOkResponse({ schema: { type: 'string' } })
  export(): Promise<string> {
    return this.#files.export();
  }

  /** The JSON Schema of the config file, for editors. */
  @Get('schema')
  @Operation('Reads the JSON Schema of the config file, for editors')
  @Allow('board:read')
  @Header('Content-Type', 'application/schema+json; charset=utf-8')
  @ApiOkResponse({ schema: { type: 'object' } })
  schema(): string {
    return JSON.stringify(configFileJsonSchema(), null, 2);
  }

  /** What an apply would change. */
  @Post('plan')
  @Operation('Tells what a config file would change, and changes nothing')
  @HttpCode(200)
  @Allow('config:apply')
  @ApiConsumes(yaml)
  @ApiBody({ schema: { type: 'string' } })
  @ApiOkResponse({ standardSchema: configDifferenceSchema })
  plan(@Body() body: unknown, @Query({ schema: applyQuerySchema }) query: ApplyQuery): Promise<ConfigDifference> {
    return this.#files.plan(textOf(body), query);
  }

  /** Makes everything as the file says, or nothing at all. */
  @Post('apply')
  @Operation('Makes everything as a config file says, or nothing at all')
  @HttpCode(200)
  @Allow('config:apply')
  @ApiConsumes(yaml)
  @ApiBody({ schema: { type: 'string' } })
  @ApiOkResponse({ standardSchema: configDifferenceSchema })
  apply(@Body() body: unknown, @Query({ schema: applyQuerySchema }) query: ApplyQuery): Promise<ConfigDifference> {
    return this.#files.apply(textOf(body), query);
  }
}

/** The file's text; JSON, which was read already, is YAML too. */
const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body ?? ''));
