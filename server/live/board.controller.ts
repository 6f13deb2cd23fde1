import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { keySchema } from '../contract/catalog.ts';
import { boardSnapshotSchema, type BoardSnapshot } from '../contract/live.ts';
import { serviceDetailSchema, type ServiceDetail } from '../contract/probing.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { MeasurementsService } from '../probing/measurements.service.ts';
import { BoardProjection } from './board-projection.service.ts';
import { BoardViews } from './board-views.service.ts';
import { wholeBoard } from './boards.service.ts';

@Controller('api/v1')
@Allow('board:read')
export class BoardController {
  constructor(
    readonly board: BoardProjection,
    readonly views: BoardViews,
    readonly measurements: MeasurementsService,
  ) {}

  @Get('board')
  @Operation('Reads the board: every service and location as it is now')
  @ApiOkResponse({ standardSchema: boardSnapshotSchema })
  snapshot(): BoardSnapshot {
    return this.views.snapshotOf(wholeBoard);
  }

  /** What the page of a service shows first. */
  @Get('services/:key/detail')
  @Operation('Reads a service with the present state of all its probes')
  @ApiOkResponse({ standardSchema: serviceDetailSchema })
  async detail(@Param('key', { schema: keySchema }) key: string): Promise<ServiceDetail> {
    return { ...(await this.measurements.detail(key)), now: this.board.service(key) };
  }
}
