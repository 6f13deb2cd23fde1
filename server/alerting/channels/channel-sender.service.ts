import { Inject, Injectable } from '@nestjs/common';
import { ProbeFailure, type AddressGuard } from '../../../probes/contract.ts';
import { hiddenSecret } from '../../contract/catalog.ts';
import type { AlertMessage } from '../../contract/channels.ts';
import { secretPlaces } from '../../platform/config-secrets.ts';
import { Mailer, MailError } from '../../platform/mailer.ts';
import type { ChannelKind, Letter, Occasion, Verdict } from './channel-kind.ts';
import { channelKind } from './channel-kinds.ts';
import { guardedExchange } from './guarded-exchange.ts';
import { fitted, lineOf } from './plain-text.ts';
import { verdictByStatus } from './verdicts.ts';

/** Nest's token for the guard of the addresses that channels lead to. */
export const CHANNEL_GUARD = Symbol('channel guard');

export interface Sending {
  kind: string;
  /** Secrets in the clear. */
  config: Readonly<Record<string, unknown>>;
  message: AlertMessage;
  occasion: Occasion;
}

export type FinalVerdict = Exclude<Verdict, { outcome: 'lost' }>;

/** Hands one message to one receiver, once, and says what came of it. */
@Injectable()
export class ChannelSenderService {
  constructor(
    @Inject(CHANNEL_GUARD) readonly guard: AddressGuard,
    readonly mailer: Mailer,
  ) {}

  /** Ends within the time of the kind; throws only where Troth itself fails. */
  async send({ kind: name, config, message, occasion }: Sending): Promise<FinalVerdict> {
    const known = channelKind(name);
    if (!known) return { outcome: 'refused', said: `there is no kind of channel "${name}"`, isFinal: true };
    const { kind, secrets } = known;
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), kind.timeoutMs);
    try {
      const handOver = (previous: string | null) =>
        this.#handOver(kind, config, kind.render(config, message, { ...occasion, previous }), ending.signal);
      const first = await handOver(occasion.previous);
      const verdict = first.outcome === 'lost' ? await handOver(null) : first;
      if (verdict.outcome === 'lost') return { outcome: 'refused', said: 'the message is gone', isFinal: true };
      const hidden = secretPlaces(config, secrets).map(({ text }) => text);
      return { ...verdict, said: withoutThese(hidden, verdict.said) };
    } finally {
      clearTimeout(timer);
      // Whatever is still open goes.
      ending.abort();
    }
  }

  async #handOver(kind: ChannelKind, config: unknown, letter: Letter, signal: AbortSignal): Promise<Verdict> {
    try {
      if ('mail' in letter) return takenMail(await this.mailer.send(letter.mail));
      const limits = { guard: this.guard, signal, timeoutMs: kind.timeoutMs };
      let verdict: Verdict = { outcome: 'taken', said: '' };
      for (const request of letter.requests) {
        const answer = await guardedExchange(request, limits);
        verdict = kind.read?.(answer, config) ?? verdictByStatus(answer, Date.now());
        if (verdict.outcome !== 'taken') break;
      }
      return verdict;
    } catch (error) {
      return refusalOf(error);
    }
  }
}

const takenMail = (refused: readonly string[]): Verdict => ({
  outcome: 'taken',
  said: refused.length > 0 ? `taken, but refused for ${refused.join(', ')}` : 'taken',
});

/** An address that is not allowed stays so; whatever else is between us and the receiver may pass. */
function refusalOf(error: unknown): Verdict {
  if (error instanceof MailError) return { outcome: 'refused', said: error.message, isFinal: error.isFinal };
  if (!(error instanceof ProbeFailure)) throw error;
  const isFinal = error.reason === 'address-refused' || error.reason === 'config-invalid';
  return { outcome: 'refused', said: fitted(lineOf(error.message), 300), isFinal };
}

/** Receivers repeat what they were sent: a secret in their answer is nobody's to read. */
const withoutThese = (secrets: readonly string[], text: string): string =>
  secrets
    .flatMap((secret) => [secret, ...secretOfAddress(secret)])
    .filter((secret) => secret.length >= 4)
    .reduce((left, secret) => left.replaceAll(secret, hiddenSecret), text);

/** Of an address, what is secret is behind its host. */
function secretOfAddress(secret: string): string[] {
  if (!URL.canParse(secret)) return [];
  const { pathname, search } = new URL(secret);
  return [pathname + search, pathname];
}
