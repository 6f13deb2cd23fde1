import { Injectable } from '@nestjs/common';
import { PeopleService } from '../../access/people.service.ts';
import type { AskedAct, MessageActInput } from '../../contract/message-acts.ts';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { invalidField, Problem } from '../../platform/problem.ts';
import { type Actor, currentContext, withContext } from '../../platform/request-context.ts';
import { MessageLinksService, type MessageGrant } from '../channels/message-links.service.ts';
import { AlertsService } from './alerts.service.ts';

const channelPrefix = 'channel:';

/** What people do with alerts by the links in their messages: the link is the right to do the one thing that it names. */
@Injectable()
export class MessageActsService {
  constructor(
    readonly links: MessageLinksService,
    readonly alerts: AlertsService,
    readonly people: PeopleService,
    readonly clock: SteadyClock,
  ) {}

  /** Changes nothing, however often a link is looked at. @throws Problem forbidden, not-found */
  async asked(token: string): Promise<AskedAct> {
    const grant = this.#granted(token);
    const bearer = await this.#bearer(grant);
    const { id, title, state, urgency, reason, sinceAt, resolvedAt, acknowledgedAt, acknowledgedBy } =
      await this.alerts.get(grant.alertId);
    return {
      ...{ act: grant.act, expiresAt: grant.expiresAt.toISOString(), bearer },
      alert: { id, title, state, urgency, reason, sinceAt, resolvedAt, acknowledgedAt, acknowledgedBy },
    };
  }

  /** @throws Problem forbidden, not-found, conflict, invalid-input */
  async act(input: MessageActInput): Promise<AskedAct> {
    const grant = this.#granted(input.token);
    const actor = await this.#actor(grant, input.name);
    const { requestId, address } = currentContext()!;
    await withContext({ requestId, address, actor }, () => this.#do(grant, input));
    return this.asked(input.token);
  }

  #do({ alertId, act }: MessageGrant, { note, for: lengthMs }: MessageActInput): Promise<unknown> {
    if (act === 'silence') return this.alerts.silence(alertId, { for: lengthMs, reason: note });
    return act === 'acknowledge' ? this.alerts.acknowledge(alertId, { note }) : this.alerts.escalate(alertId, { note });
  }

  #granted(token: string): MessageGrant {
    const grant = this.links.verify(token, new Date(this.clock.now()));
    if (grant) return grant;
    throw new Problem('forbidden', 'This link is over, or was cut off on its way: sign in to act');
  }

  /** @throws Problem forbidden where the account that it was sent to may not sign in any more */
  async #bearer({ bearer }: MessageGrant): Promise<AskedAct['bearer']> {
    if (bearer.startsWith(channelPrefix)) return { kind: 'channel', name: bearer.slice(channelPrefix.length) };
    const person = (await this.people.named([bearer])).get(bearer.toLowerCase());
    if (!person || person.disabled) throw new Problem('forbidden', 'The account that this link was sent to is no more');
    return { kind: 'account', name: person.displayName };
  }

  async #actor(grant: MessageGrant, name: string): Promise<Actor> {
    const bearer = await this.#bearer(grant);
    if (bearer.kind === 'channel' && name === '') throw invalidField('name', 'must say who acts');
    const told = bearer.kind === 'account' ? bearer.name : `${name} (in ${bearer.name})`;
    return { kind: 'link', name: told, permissions: new Set(['incidents:write']), teams: 'all' };
  }
}
