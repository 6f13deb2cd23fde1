import { Injectable } from '@nestjs/common';
import { PeopleService } from '../../access/people.service.ts';
import type { AlertDetail, MessageAct, MessageActInput } from '../../contract/alerts.ts';
import { Problem } from '../../platform/problem.ts';
import { currentContext, withContext, type Actor } from '../../platform/request-context.ts';
import { MessageLinksService, type MessageGrant } from '../channels/message-links.service.ts';
import { AlertsService } from './alerts.service.ts';

/** What people do by the links of messages: as whom the message was sent to, that one act on that one alert. */
@Injectable()
export class MessageActsService {
  constructor(
    readonly links: MessageLinksService,
    readonly alerts: AlertsService,
    readonly people: PeopleService,
  ) {}

  /** What a link asks for; nothing is done. @throws Problem forbidden, not-found */
  async read(token: string): Promise<MessageAct> {
    const grant = this.#granted(token);
    const { name } = await this.#actor(grant);
    const { id, title, state, urgency, sinceAt, acknowledgedBy } = await this.alerts.get(grant.alertId);
    return {
      ...{ act: grant.act, as: name, expiresAt: grant.expiresAt.toISOString() },
      alert: { id, title, state, urgency, sinceAt, acknowledgedBy },
    };
  }

  /** Does it. @throws Problem forbidden, not-found, conflict */
  async do({ token, note, for: lengthMs }: MessageActInput): Promise<MessageAct> {
    const grant = this.#granted(token);
    const actor = await this.#actor(grant);
    const context = { requestId: '', address: null, ...currentContext(), actor };
    await withContext(context, (): Promise<AlertDetail> => {
      if (grant.act === 'acknowledge') return this.alerts.acknowledge(grant.alertId, { note });
      if (grant.act === 'escalate') return this.alerts.escalate(grant.alertId, { note });
      return this.alerts.silence(grant.alertId, { for: lengthMs, reason: note });
    });
    return this.read(token);
  }

  #granted(token: string): MessageGrant {
    const grant = this.links.verify(token, new Date());
    if (!grant) throw new Problem('forbidden', 'This link does not hold: it has expired, or was changed on its way');
    return grant;
  }

  /** Who reads along with a channel is known by that alone; an account must still be one. */
  async #actor({ bearer }: MessageGrant): Promise<Actor> {
    const rights = { permissions: new Set<never>(), teams: [] };
    if (bearer.startsWith('channel:')) return { kind: 'anonymous', name: bearer.replace(':', ' '), ...rights };
    const person = (await this.people.named([bearer])).get(bearer.toLowerCase());
    if (!person || person.disabled) throw new Problem('forbidden', 'The account that this link was sent to is gone');
    return { kind: 'user', name: person.displayName, ...rights };
  }
}
