import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse } from '@nestjs/swagger';
import {
  askedActSchema,
  messageActInputSchema,
  messageLinkSchema,
  type AskedAct,
  type MessageActInput,
  type MessageLink,
} from '../../contract/message-acts.ts';
import { Public } from '../../platform/allow.decorator.ts';
import { inputJsonSchema } from '../../platform/input-json-schema.ts';
import { Operation } from '../../platform/operation.decorator.ts';
import { MessageActsService } from './message-acts.service.ts';

/** For people who have a message and no time to sign in. What a link grants travels in bodies, which no log keeps. */
@Controller('api/v1/message-links')
@Public()
export class MessageActsController {
  constructor(readonly acts: MessageActsService) {}

  @Post('read')
  @Operation('Tells what a link in a message asks for; changes nothing', 'forbidden', 'not-found')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: askedActSchema })
  read(@Body({ schema: messageLinkSchema }) { token }: MessageLink): Promise<AskedAct> {
    return this.acts.asked(token);
  }

  @Post('act')
  @Operation('Does what a link in a message asks for', 'forbidden', 'not-found', 'conflict')
  @HttpCode(200)
  @ApiBody({ schema: inputJsonSchema(messageActInputSchema) })
  @ApiOkResponse({ standardSchema: askedActSchema })
  act(@Body({ schema: messageActInputSchema }) input: MessageActInput): Promise<AskedAct> {
    return this.acts.act(input);
  }
}
