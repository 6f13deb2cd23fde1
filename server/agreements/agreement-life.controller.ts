import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { z } from 'zod';
import {
  agreementLifeSchema,
  delegateInputSchema,
  endInputSchema,
  proposeInputSchema,
  returnInputSchema,
  signInputSchema,
  withdrawInputSchema,
  type AgreementLife,
  type DelegateInput,
  type EndInput,
  type ProposeInput,
  type ReturnInput,
  type SignInput,
  type WithdrawInput,
} from '../contract/agreement-life.ts';
import { keySchema } from '../contract/catalog.ts';
import { Allow, SignedIn } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { AgreementDelegatesService } from './agreement-delegates.service.ts';
import { AgreementLifeService } from './agreement-life.service.ts';
import { AgreementLifeViewService } from './agreement-life-view.service.ts';
import { AgreementRenewalService } from './agreement-renewal.service.ts';

const idSchema = z.coerce.number().int().min(1).max(2_147_483_647);

/** How agreements are proposed, returned, signed and ended. Who may do what follows from the parties, not from a role. */
@Controller('api/v1/agreements/:key')
@SignedIn()
export class AgreementLifeController {
  constructor(
    readonly acts: AgreementLifeService,
    readonly delegates: AgreementDelegatesService,
    readonly renewal: AgreementRenewalService,
    readonly view: AgreementLifeViewService,
  ) {}

  @Get('life')
  @Operation('Tells where an agreement is in its life, who must act, and what was done with each version')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: agreementLifeSchema })
  life(@Param('key', { schema: keySchema }) key: string): Promise<AgreementLife> {
    return this.view.of(key);
  }

  @Post('propose')
  @Operation('Proposes the draft of an agreement as a version that both parties sign', 'conflict', 'changed-meanwhile')
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: agreementLifeSchema })
  async propose(
    @Param('key', { schema: keySchema }) key: string,
    @Body({ schema: proposeInputSchema }) input: ProposeInput,
  ): Promise<AgreementLife> {
    await this.acts.propose(key, input);
    return this.view.of(key);
  }

  @Post('renew')
  @Operation(
    'Proposes the present terms of an agreement for the term that follows, as the next version',
    'conflict',
    'changed-meanwhile',
    'managed-by-file',
  )
  @Allow('catalog:write')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: agreementLifeSchema })
  async renew(
    @Param('key', { schema: keySchema }) key: string,
    @Body({ schema: proposeInputSchema }) input: ProposeInput,
  ): Promise<AgreementLife> {
    await this.renewal.renew(key, input);
    return this.view.of(key);
  }

  @Post('return')
  @Operation(
    'Returns the proposed version of an agreement with comments on its clauses',
    'conflict',
    'changed-meanwhile',
  )
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: agreementLifeSchema })
  async return(
    @Param('key', { schema: keySchema }) key: string,
    @Body({ schema: returnInputSchema }) input: ReturnInput,
  ): Promise<AgreementLife> {
    await this.acts.return(key, input);
    return this.view.of(key);
  }

  @Post('withdraw')
  @Operation('Withdraws the proposed version of an agreement', 'conflict', 'changed-meanwhile')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: agreementLifeSchema })
  async withdraw(
    @Param('key', { schema: keySchema }) key: string,
    @Body({ schema: withdrawInputSchema }) input: WithdrawInput,
  ): Promise<AgreementLife> {
    await this.acts.withdraw(key, input);
    return this.view.of(key);
  }

  @Post('sign')
  @Operation(
    'Signs the proposed version of an agreement; it holds once both parties have',
    'conflict',
    'changed-meanwhile',
  )
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: agreementLifeSchema })
  async sign(
    @Param('key', { schema: keySchema }) key: string,
    @Body({ schema: signInputSchema }) input: SignInput,
  ): Promise<AgreementLife> {
    await this.acts.sign(key, input);
    return this.view.of(key);
  }

  @Post('end')
  @Operation('Ends a signed agreement on a day to come', 'conflict', 'managed-by-file')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: agreementLifeSchema })
  async end(
    @Param('key', { schema: keySchema }) key: string,
    @Body({ schema: endInputSchema }) input: EndInput,
  ): Promise<AgreementLife> {
    await this.acts.end(key, input);
    return this.view.of(key);
  }

  @Post('delegates')
  @Operation('Names who signs an agreement in the place of a signatory for a while')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: agreementLifeSchema })
  async delegate(
    @Param('key', { schema: keySchema }) key: string,
    @Body({ schema: delegateInputSchema }) input: DelegateInput,
  ): Promise<AgreementLife> {
    await this.delegates.name(key, input);
    return this.view.of(key);
  }

  @Delete('delegates/:id')
  @Operation('Takes back who signs an agreement in the place of a signatory')
  @HttpCode(204)
  async endDelegate(
    @Param('key', { schema: keySchema }) key: string,
    @Param('id', { schema: idSchema }) id: number,
  ): Promise<void> {
    await this.delegates.end(key, id);
  }
}
