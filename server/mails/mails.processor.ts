import { Inject, Injectable } from '@nestjs/common';
import type { Job } from 'bullmq';
import { Queues } from '../../probes/queues.ts';
import type { Health } from '../platform/health-registry.ts';
import { LOGGER, type Logger } from '../platform/logger.ts';
import { Mailer } from '../platform/mailer.ts';
import { MailsRepository } from './mails.repository.ts';
import { MailsService } from './mails.service.ts';

const queueName = 'mails';
const jobName = 'send';
const lookEveryMs = 10_000;
const mostAtOnce = 100;
const sendersAtOnce = 2;

interface MailJob {
  id: number;
  attempts: number;
}

/** Sends mails by jobs: the outbox in the database says what is to be sent, the queue carries it. */
@Injectable()
export class MailsProcessor {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly queues: Queues,
    readonly mails: MailsRepository,
    readonly mailing: MailsService,
    readonly mailer: Mailer,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  start(): void {
    if (!this.mailer.isConfigured) return;
    const worker = this.queues.worker(queueName, sendersAtOnce, (job: Job<MailJob, boolean>) => this.process(job));
    worker.on('failed', (job, err) => this.log.error({ err, job: job?.id }, 'a mail failed'));
    const look = () => void this.look().catch((err: unknown) => this.log.warn({ err }, 'mails could not be queued'));
    look();
    this.#timer = setInterval(look, lookEveryMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /**
   * Adds a job for each mail that is due. A job is named by its attempt, so that it waits once however many servers add it;
   * one that has ended goes, whatever came of it: kept, it would be in the way of the next under the same name.
   */
  async look(): Promise<void> {
    await this.mails.giveUpUncertain();
    const due = await this.mails.due(mostAtOnce);
    if (due.length === 0) return;
    await this.queues.queue(queueName).addBulk(
      due.map(({ id, attempts }) => ({
        name: jobName,
        data: { id, attempts },
        opts: { jobId: `mail-${id}-${attempts}`, removeOnComplete: true, removeOnFail: true },
      })),
    );
  }

  /** Whether everybody was told whom the last week's mails are for, and nothing lies about that should be sent. */
  async health(): Promise<Health> {
    if (!this.mailer.isConfigured) return { ok: true, detail: 'no mail server is configured' };
    const { failed, overdue } = await this.mails.troubles();
    const told = [
      ...(failed > 0 ? [`${mailsOf(failed)} of the last week failed`] : []),
      ...(overdue > 0 ? [`${mailsOf(overdue)} should have been sent long ago`] : []),
    ];
    return { ok: told.length === 0, detail: told.join('; ') || 'everybody was told' };
  }

  process({ name, data: { id, attempts } }: Pick<Job<MailJob>, 'name' | 'data'>): Promise<boolean> {
    if (name !== jobName) throw new Error(`the queue of mails knows no job named ${name}`);
    return this.mailing.send(id, attempts);
  }
}

const mailsOf = (count: number): string => `${count} ${count === 1 ? 'mail' : 'mails'}`;
