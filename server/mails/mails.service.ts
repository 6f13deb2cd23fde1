import { Injectable } from '@nestjs/common';
import { minuteMs } from '../domain/durations.ts';
import { Database } from '../platform/database.ts';
import { Mailer, MailError, type Mail } from '../platform/mailer.ts';
import { MailsRepository, type ClaimedMail, type MailKind } from './mails.repository.ts';

export { reachable, recipientsOf, type Recipient } from './mail-recipients.ts';

/** After each attempt that fails the next waits longer; after the last of them it is given up, until people ask again. */
const againAfterMs = [1, 5, 15, 60, 240, 720, 1_440, 1_440].map((minutes) => minutes * minuteMs);

/** Writes the mails about one kind of thing. */
export interface MailWriter {
  /** The mail as it is to be said now; null where there is no need of it any more. */
  write(subjectId: number, mailId: number): Promise<Omit<Mail, 'to'> | null>;
  /** Called in the transaction that notes what became of a mail. */
  noted?(subjectId: number): Promise<void>;
}

/** Sends the mails of the outbox: each once, or again where it failed. */
@Injectable()
export class MailsService {
  readonly #writers = new Map<MailKind, MailWriter>();

  constructor(
    readonly mails: MailsRepository,
    readonly mailer: Mailer,
    readonly database: Database,
  ) {}

  /** Whoever puts mails into the outbox says what stands in them when they are sent. */
  register(kind: MailKind, writer: MailWriter): void {
    this.#writers.set(kind, writer);
  }

  /** Answers whether it was sent now; called twice for the same attempt, the second does nothing. */
  async send(id: number, attempts: number): Promise<boolean> {
    const claimed = await this.mails.claim(id, attempts);
    if (!claimed) return false;
    const writer = this.#writers.get(claimed.kind)!;
    const note = (write: () => Promise<void>): Promise<void> =>
      this.database.transaction(async () => {
        await write();
        await writer.noted?.(claimed.subjectId);
      });
    try {
      const mail = await writer.write(claimed.subjectId, id);
      if (!mail) {
        await note(() => this.mails.dropped(id));
        return false;
      }
      await this.mails.handed(id);
      await this.mailer.send({ ...mail, to: claimed.address });
    } catch (error) {
      const said = error instanceof MailError ? error.message : 'Troth failed';
      await note(() => this.mails.refused(id, said, waitAfter(error, claimed)));
      if (error instanceof MailError) return false;
      throw error;
    }
    await note(() => this.mails.sent(id));
    return true;
  }
}

/** How long it waits for another attempt; null: there is none. */
function waitAfter(error: unknown, { attempts, isOnce }: ClaimedMail): number | null {
  if (error instanceof MailError && (error.isFinal || (isOnce && error.mayHaveArrived))) return null;
  return againAfterMs[(attempts - 1) % (againAfterMs.length + 1)] ?? null;
}
