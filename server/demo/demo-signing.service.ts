import { Injectable } from '@nestjs/common';
import { AgreementLifeService } from '../agreements/agreement-life.service.ts';
import { AgreementsService } from '../agreements/agreements.service.ts';
import type { ClauseComment } from '../contract/agreement-life.ts';
import { withContext } from '../platform/request-context.ts';
import type { DemoAgreementInput } from './demo-agreements.ts';
import { demoActor, demoLoader, demoPeople, type DemoTeam } from './demo-people.ts';

/** Runs something as one of the people of the demo would do it. */
export const asTeam = <Answer>(team: string, work: () => Promise<Answer>): Promise<Answer> =>
  withContext({ requestId: 'demo', address: null, actor: demoActor(demoPeople[team as DemoTeam]) }, work);

/** Runs something as Troth does it when it loads the demo. */
export const asLoader = <Answer>(work: () => Promise<Answer>): Promise<Answer> =>
  withContext({ requestId: 'demo', address: null, actor: demoLoader }, work);

/** Brings agreements of the demo through their life, by the acts that people have for it. */
@Injectable()
export class DemoSigningService {
  constructor(
    readonly agreements: AgreementsService,
    readonly life: AgreementLifeService,
  ) {}

  async draft(key: string, input: DemoAgreementInput): Promise<void> {
    await this.agreements.put(key, input, {});
  }

  /** The provider proposes it; answers the number of the version. */
  async propose(key: string, input: DemoAgreementInput): Promise<number> {
    await this.draft(key, input);
    await asTeam(input.provider, () => this.life.propose(key, { party: 'provider' }));
    return (await this.#proposal(key)).number;
  }

  /** Both parties sign it. */
  async sign(key: string, input: DemoAgreementInput): Promise<void> {
    await this.propose(key, input);
    const { number: version, hash } = await this.#proposal(key);
    for (const team of [input.provider, input.customer])
      await asTeam(team, () => this.life.sign(key, { version, hash: hash! }));
  }

  /** The customer wants it otherwise. */
  async return(key: string, input: DemoAgreementInput, comments: ClauseComment[]): Promise<void> {
    const version = await this.propose(key, input);
    await asTeam(input.customer, () => this.life.return(key, { version, comments }));
  }

  async end(key: string, team: DemoTeam, on: string, reason: string): Promise<void> {
    await asTeam(team, () => this.life.recordEnd(key, { on, reason }));
  }

  async #proposal(key: string) {
    return (await this.agreements.termsOf(key)).proposals.at(-1)!;
  }
}
