import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { ownPromisesSchema, type OwnPromises } from '../contract/own-promises.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { OwnPromisesService } from './own-promises.service.ts';

/** What was promised to the one who asks. */
@Controller('api/v1/promises')
@Allow('board:read')
export class OwnPromisesController {
  constructor(readonly promises: OwnPromisesService) {}

  @Get()
  @Operation('Tells in words what was promised to the teams of the one who asks, and how it stands now')
  @ApiOkResponse({ standardSchema: ownPromisesSchema })
  list(): Promise<OwnPromises> {
    return this.promises.list();
  }
}
