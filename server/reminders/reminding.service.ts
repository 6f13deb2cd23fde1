import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { ConsequencesService } from '../consequences/consequences.service.ts';
import { MailsService, type MailWriter } from '../mails/mails.service.ts';
import { ENVIRONMENT, publicAddress, type Environment } from '../platform/config.ts';
import { Database } from '../platform/database.ts';
import { EventBus } from '../platform/events.ts';
import { Mailer } from '../platform/mailer.ts';
import { OwedStepsService } from './owed-steps.service.ts';
import { stageOf, type OwedStep } from './owed-step.ts';
import { reminderMail } from './reminder-mail.ts';
import { RemindersRepository } from './reminders.repository.ts';
import { RemindersService } from './reminders.service.ts';

declare module '../platform/events.ts' {
  interface TransactionEvents {
    /** Parties are reminded of what they owe; published inside the transaction that keeps it. */
    'steps.reminded': { steps: readonly OwedStep[] };
  }
}

/** Reminds parties of what they owe, each step once at each of the stated times, and never once it is done. */
@Injectable()
export class RemindingService implements OnModuleInit, MailWriter {
  constructor(
    readonly owed: OwedStepsService,
    readonly settings: RemindersService,
    readonly reminders: RemindersRepository,
    readonly mails: MailsService,
    readonly consequences: ConsequencesService,
    readonly database: Database,
    readonly mailer: Mailer,
    readonly events: EventBus,
    readonly clock: SteadyClock,
    @Inject(ENVIRONMENT) readonly environment: Environment,
  ) {}

  onModuleInit(): void {
    this.mails.register('reminder', this);
  }

  /** Reminds of everything whose time has come; answers of how many. Run twice, or on two servers, it is the same. */
  remindDue(): Promise<number> {
    return this.database.transaction(async () => {
      await this.reminders.holdAlone();
      const rules = await this.settings.rules();
      const nowMs = this.clock.now();
      const due = (await this.owed.list()).flatMap((step) => {
        const stage = stageOf(step, rules, nowMs);
        return stage === null ? [] : [{ ...step, stage }];
      });
      if (due.length === 0) return 0;
      const added = await this.reminders.add(due);
      const bySteps = new Map(due.map((step) => [`${step.agreementId} ${step.step}`, step]));
      const told = added.map(({ id, agreementId, step }) => ({ id, ...bySteps.get(`${agreementId} ${step}`)! }));
      if (this.mailer.isConfigured)
        await this.reminders.mail(
          told.flatMap(({ id: reminderId, party, addresses }) =>
            addresses.map((address) => ({ reminderId, party, address })),
          ),
        );
      await this.events.publish('steps.reminded', { steps: told });
      for (const key of new Set(told.map(({ agreement }) => agreement.key))) await this.consequences.announce(key);
      return added.length;
    });
  }

  /** Null once it is done. */
  async write(reminderId: number, mailId: number) {
    const { agreement, step } = await this.reminders.find(reminderId);
    const owed = (await this.owed.list([agreement])).find((one) => one.step === step);
    if (!owed) return null;
    const link = new URL(owed.path, publicAddress(this.environment)).href;
    return { ...reminderMail(owed, link), id: `reminder-${reminderId}-${mailId}`, attachments: [] };
  }

  /** Open pages show what became of it. */
  async noted(reminderId: number): Promise<void> {
    const { agreement } = await this.reminders.find(reminderId);
    await this.consequences.announce(agreement);
  }
}
