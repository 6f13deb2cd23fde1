import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import {
  messageActInputSchema,
  messageActSchema,
  messageTokenSchema,
  type MessageAct,
  type MessageActInput,
  type MessageToken,
} from '../../contract/alerts.ts';
import { Public } from '../../platform/allow.decorator.ts';
import { Operation } from '../../platform/operation.decorator.ts';
import { MessageActsService } from './message-acts.service.ts';

/** Acting from messages: whoever has the link may do what it says. Its token is in the body, where no log sees it. */
@Controller('api/v1/message-acts')
@Public()
export class MessageActsController {
  constructor(readonly acts: MessageActsService) {}

  @Post('read')
  @Operation('Tells what the link of a message asks for; changes nothing', 'forbidden', 'not-found')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: messageActSchema })
  read(@Body({ schema: messageTokenSchema }) { token }: MessageToken): Promise<MessageAct> {
    return this.acts.read(token);
  }

  @Post()
  @Operation('Does what the link of a message asks for', 'forbidden', 'not-found', 'conflict')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: messageActSchema })
  do(@Body({ schema: messageActInputSchema }) input: MessageActInput): Promise<MessageAct> {
    return this.acts.do(input);
  }
}
