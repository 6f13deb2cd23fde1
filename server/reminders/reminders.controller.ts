import { Body, Controller, Get, HttpCode, Put, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { pageOf, type Page } from '../contract/catalog.ts';
import {
  reminderListQuerySchema,
  reminderRulesSchema,
  reminderSchema,
  reminderSettingsSchema,
  type Reminder,
  type ReminderListQuery,
  type ReminderRules,
  type ReminderSettings,
} from '../contract/reminders.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { RemindersService } from './reminders.service.ts';

/** Who is reminded of what they owe, and when. */
@Controller('api/v1/reminders')
@Allow('board:read')
export class RemindersController {
  constructor(readonly reminders: RemindersService) {}

  @Get()
  @Operation('Lists who was reminded of what, the newest first')
  @ApiOkResponse({ standardSchema: pageOf(reminderSchema) })
  list(@Query({ schema: reminderListQuerySchema }) query: ReminderListQuery): Promise<Page<Reminder>> {
    return this.reminders.page(query);
  }

  @Get('rules')
  @Operation('Tells on which days parties are reminded of what they owe')
  @ApiOkResponse({ standardSchema: reminderSettingsSchema })
  rules(): Promise<ReminderSettings> {
    return this.reminders.settings();
  }

  @Put('rules')
  @Operation('Sets on which days parties are reminded of what they owe')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: reminderSettingsSchema })
  async change(@Body({ schema: reminderRulesSchema }) rules: ReminderRules): Promise<ReminderSettings> {
    await this.reminders.change(rules);
    return this.reminders.settings();
  }
}
