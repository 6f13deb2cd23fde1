import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { systemSchema, type System } from '../contract/system.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { SystemService } from './system.service.ts';

@Controller('api/v1/system')
export class SystemController {
  constructor(readonly system: SystemService) {}

  /** Where it runs is told to those alone who may read metrics. */
  @Get()
  @Operation('Tells how Troth itself fares: agents, health, storage, cost')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: systemSchema })
  read(): Promise<System> {
    return this.system.read();
  }
}
