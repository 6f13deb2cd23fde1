import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { pageOf, type Page } from '../../contract/catalog.ts';
import {
  ownShiftsSchema,
  peopleQuerySchema,
  personSchema,
  type OnCallPerson,
  type OwnShifts,
  type PeopleQuery,
} from '../../contract/on-call.ts';
import { Allow } from '../../platform/allow.decorator.ts';
import { Operation } from '../../platform/operation.decorator.ts';
import { SchedulesService } from './schedules.service.ts';

/** Who may be on call, and when one is oneself. */
@Controller('api/v1/on-call')
@Allow('board:read')
export class OnCallController {
  constructor(readonly schedules: SchedulesService) {}

  @Get('mine')
  @Operation('Tells when the caller is on call, now and next')
  @ApiOkResponse({ standardSchema: ownShiftsSchema })
  mine(): Promise<OwnShifts> {
    return this.schedules.mine();
  }

  @Get('people')
  @Operation('Lists the people who may be on call, by name')
  @ApiOkResponse({ standardSchema: pageOf(personSchema) })
  people(@Query({ schema: peopleQuerySchema }) query: PeopleQuery): Promise<Page<OnCallPerson>> {
    return this.schedules.pageOfPeople(query);
  }
}
