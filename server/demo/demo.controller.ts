import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOkResponse } from '@nestjs/swagger';
import { demoLoadSchema, demoSchema, type Demo, type DemoLoad } from '../contract/demo.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { inputJsonSchema } from '../platform/input-json-schema.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { DemoService } from './demo.service.ts';

/** The demo organisation. */
@Controller('api/v1/demo')
export class DemoController {
  constructor(readonly demo: DemoService) {}

  @Get()
  @Operation('Tells whether the demo organisation is there, or how far it is loaded')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: demoSchema })
  state(): Promise<Demo> {
    return this.demo.state();
  }

  /** Where it is there already nothing changes. */
  @Post()
  @Operation('Begins to load the demo organisation; where it is there already nothing changes')
  @HttpCode(202)
  @Allow('access:manage')
  @ApiBody({ schema: inputJsonSchema(demoLoadSchema) })
  @ApiAcceptedResponse({ standardSchema: demoSchema })
  load(@Body({ schema: demoLoadSchema }) input: DemoLoad): Promise<Demo> {
    return this.demo.begin(input);
  }

  @Delete()
  @Operation('Removes the demo organisation with everything that belongs to it', 'conflict', 'in-use')
  @HttpCode(204)
  @Allow('access:manage')
  async remove(): Promise<void> {
    await this.demo.remove();
  }
}
