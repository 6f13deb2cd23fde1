import { Inject, Injectable } from '@nestjs/common';
import { ENVIRONMENT, type Environment } from './config.ts';

export interface Mail {
  /** An address, or several that get one mail. */
  to: string | readonly string[];
  subject: string;
  text: string;
  html: string;
  /** The same for each attempt, so that whoever gets it twice sees one. */
  id: string;
  /** The same for all mails that belong together, of letters and digits: programs show them as one conversation. */
  thread?: string;
  attachments: readonly { name: string; type: string; content: Uint8Array }[];
}

/** The mail server did not take it. */
export class MailError extends Error {
  override name = 'MailError';

  constructor(
    message: string,
    /** Whether it would be refused again. */
    readonly isFinal: boolean,
    /** The line was cut at a point from which on the server may have it. */
    readonly mayHaveArrived: boolean,
  ) {
    super(message);
  }
}

/** How long a mail server may be silent. */
const silenceMs = 20_000;

/** A single address without anything that could become another header or another recipient. */
export const isMailAddress = (text: string): boolean =>
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i.test(text);

/** A text of one line, as headers are. */
export const headerText = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();

/** Hands mails over to the mail server of the configuration. */
@Injectable()
export class Mailer {
  readonly #transport: ReturnType<typeof transportOf> | null;
  readonly #from: string;

  constructor(@Inject(ENVIRONMENT) { TROTH_SMTP_URL, TROTH_MAIL_FROM }: Environment) {
    this.#from = TROTH_MAIL_FROM ?? '';
    this.#transport = TROTH_SMTP_URL ? transportOf(TROTH_SMTP_URL) : null;
  }

  /** Whether there is a mail server at all. */
  get isConfigured(): boolean {
    return this.#transport !== null;
  }

  /**
   * Answers the addresses that were refused while others were taken.
   * @throws MailError that says whether it is worth another attempt
   */
  async send({ to, subject, text, html, id, thread, attachments }: Mail): Promise<readonly string[]> {
    const transport = await this.#transport;
    if (!transport) throw new MailError('There is no mail server in the configuration', true, false);
    const all = typeof to === 'string' ? [to] : [...to];
    if (all.length === 0 || !all.every(isMailAddress))
      throw new MailError('The address is none that mail can be sent to', true, false);
    const domain = /@([^>\s]+)/.exec(this.#from)![1]!;
    try {
      const { rejected } = await transport.sendMail({
        ...{ from: this.#from, to: all, subject: headerText(subject), text, html },
        messageId: `<${id}@${domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        ...(thread ? { inReplyTo: `<${thread}@${domain}>`, references: `<${thread}@${domain}>` } : {}),
        attachments: attachments.map(({ name, type, content }) => ({
          ...{ filename: name, contentType: type, content: Buffer.from(content) },
        })),
        ...{ disableFileAccess: true, disableUrlAccess: true },
      });
      return rejected.map(String);
    } catch (error) {
      throw refusalOf(error as SmtpFault);
    }
  }
}

/** Loads the library where there is a mail server alone: it would slow each start. */
async function transportOf(url: string) {
  const { createTransport } = await import('nodemailer');
  return createTransport({ url, connectionTimeout: silenceMs, greetingTimeout: silenceMs, socketTimeout: silenceMs });
}

/** How what is said begins where no connection came about. */
const unconnected = /^(connect |getaddrinfo |Greeting never|Connection timeout)/;

type SmtpFault = Error & { code?: string; responseCode?: number; response?: string };

/** What is wrong with the letter stays wrong; a server that is away, or knows us not yet, may come round. */
function refusalOf({ message, code, responseCode, response }: SmtpFault): MailError {
  const isOfLetter = code === 'EENVELOPE' || code === 'EMESSAGE';
  const mayHaveArrived = responseCode === undefined && !unconnected.test(message);
  const isFinal = isOfLetter && (responseCode ?? 0) >= 500;
  return new MailError(headerText(response ?? message).slice(0, 300), isFinal, mayHaveArrived);
}
