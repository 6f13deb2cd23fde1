import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { messageActs, type MessageAct } from '../../contract/message-acts.ts';
import { hourMs } from '../../domain/durations.ts';
import { ENVIRONMENT, publicAddress, type Environment } from '../../platform/config.ts';
import { KEYRING, type Keyring } from '../../platform/secrets.ts';

/** What a link in a message lets its reader ask for. */
export interface MessageGrant {
  alertId: number;
  act: MessageAct;
  /** Whom it was sent to: an account's name, or `channel:` and a key where many read along. */
  bearer: string;
  expiresAt: Date;
}

const payloadSchema = z.tuple([z.int(), z.enum(messageActs), z.string(), z.int()]);
const defaultLifeMs = 48 * hourMs;
const purpose = 'message links';

/**
 * Links to act from a message: signed, expiring, bound to whom they were sent. They lead to a page that asks: opening one
 * changes nothing, since mail scanners open everything.
 */
@Injectable()
export class MessageLinksService {
  readonly #key: string;
  readonly #base: string;

  constructor(@Inject(KEYRING) keyring: Keyring, @Inject(ENVIRONMENT) environment: Environment) {
    this.#key = keyring.token(purpose, 'signature');
    this.#base = publicAddress(environment).replace(/\/+$/, '');
  }

  /** The links of a message about an alert, for whom it is sent to. */
  linksFor(
    { alertId, bearer, now }: { alertId: number; bearer: string; now: Date },
    acts: readonly MessageAct[],
    lifeMs = defaultLifeMs,
  ): Partial<Record<MessageAct, string>> {
    const expiresAt = new Date(now.getTime() + lifeMs);
    return Object.fromEntries(acts.map((act) => [act, this.#link({ alertId, act, bearer, expiresAt })]));
  }

  /** Behind the `#` neither logs nor proxies see it. */
  #link(grant: MessageGrant): string {
    return `${this.#base}/act#${this.sign(grant)}`;
  }

  sign({ alertId, act, bearer, expiresAt }: MessageGrant): string {
    const seconds = Math.floor(expiresAt.getTime() / 1_000);
    const payload = Buffer.from(JSON.stringify([alertId, act, bearer, seconds])).toString('base64url');
    return `${payload}.${this.#signature(payload)}`;
  }

  /** What a link grants; null where it was changed, is not ours, or is over. */
  verify(token: string, now: Date): MessageGrant | null {
    const [payload = '', signature = '', ...rest] = token.split('.');
    const expected = Buffer.from(this.#signature(payload));
    const given = Buffer.from(signature);
    if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    const [alertId, act, bearer, seconds] = payloadSchema.parse(
      JSON.parse(Buffer.from(payload, 'base64url').toString()),
    );
    const expiresAt = new Date(seconds * 1_000);
    return expiresAt > now ? { alertId, act, bearer, expiresAt } : null;
  }

  #signature(payload: string): string {
    return createHmac('sha256', this.#key).update(payload).digest('base64url');
  }
}
