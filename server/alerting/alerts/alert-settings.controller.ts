import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { userNameSchema } from '../../contract/access.ts';
import {
  alertPreviewQuerySchema,
  alertPreviewSchema,
  type AlertPreview,
  type AlertPreviewQuery,
} from '../../contract/alert-preview.ts';
import {
  alertRuleSchema,
  contactInputSchema,
  contactSchema,
  ruleNameSchema,
  ruleScopeSchema,
  ruleSettingInputSchema,
  type AlertRuleInfo,
  type Contact,
  type ContactInput,
  type RuleScope,
  type RuleSettingInput,
} from '../../contract/alerts.ts';
import { keySchema } from '../../contract/catalog.ts';
import type { AlertRuleName } from '../../domain/alert-rules.ts';
import { Allow } from '../../platform/allow.decorator.ts';
import { Operation } from '../../platform/operation.decorator.ts';
import { AlertPreviewService } from './alert-preview.service.ts';
import { AlertSettingsService } from './alert-settings.service.ts';

/** How urgent rules are, and by which channels people are reached. */
@Controller('api/v1')
@Allow('board:read')
export class AlertSettingsController {
  constructor(
    readonly settings: AlertSettingsService,
    readonly previews: AlertPreviewService,
  ) {}

  @Get('alert-rules')
  @Operation('Lists what fires alerts, how urgent each is, and where that is set otherwise')
  @ApiOkResponse({ standardSchema: z.array(alertRuleSchema) })
  rules(): Promise<AlertRuleInfo[]> {
    return this.settings.rules();
  }

  @Get('alert-rules/:rule/preview')
  @Operation('Tells what would happen if a rule fired: its route, what holds it back, and who is told when')
  @ApiOkResponse({ standardSchema: alertPreviewSchema })
  preview(
    @Param('rule', { schema: ruleNameSchema }) rule: AlertRuleName,
    @Query({ schema: alertPreviewQuerySchema }) query: AlertPreviewQuery,
  ): Promise<AlertPreview> {
    return this.previews.preview(rule, query);
  }

  @Put('alert-rules/:rule/:scope/:key')
  @Operation('Sets how urgent a rule is for a service or an agreement')
  @Allow('catalog:write')
  @HttpCode(204)
  async set(
    @Param('rule', { schema: ruleNameSchema }) rule: AlertRuleName,
    @Param('scope', { schema: ruleScopeSchema }) scope: RuleScope,
    @Param('key', { schema: keySchema }) key: string,
    @Body({ schema: ruleSettingInputSchema }) input: RuleSettingInput,
  ): Promise<void> {
    await this.settings.set(rule, scope, key, input);
  }

  @Delete('alert-rules/:rule/:scope/:key')
  @Operation('Lets a rule be as urgent for a service or an agreement as it is everywhere')
  @Allow('catalog:write')
  @HttpCode(204)
  async unset(
    @Param('rule', { schema: ruleNameSchema }) rule: AlertRuleName,
    @Param('scope', { schema: ruleScopeSchema }) scope: RuleScope,
    @Param('key', { schema: keySchema }) key: string,
  ): Promise<void> {
    await this.settings.unset(rule, scope, key);
  }

  @Get('contacts')
  @Operation('Lists people with the channels that reach them')
  @Allow('config:read')
  @ApiOkResponse({ standardSchema: z.array(contactSchema) })
  contacts(): Promise<Contact[]> {
    return this.settings.contacts();
  }

  @Put('contacts/:name')
  @Operation('Says which channels reach a person: oneself, or anybody for admins')
  @ApiOkResponse({ standardSchema: contactSchema })
  setContact(
    @Param('name', { schema: userNameSchema }) name: string,
    @Body({ schema: contactInputSchema }) input: ContactInput,
  ): Promise<Contact> {
    return this.settings.setContact(name, input);
  }
}
