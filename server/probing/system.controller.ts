import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { systemSchema, type System } from '../contract/system.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { SystemService } from './system.service.ts';

@Controller('api/v1/system')
export class SystemController {
  constructor(readonly system: SystemService) {}

  @Get()
  @Operation('Tells how Troth itself fares')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: systemSchema })
  read(): Promise<System> {
    return this.system.read();
  }
}
