import { Injectable } from '@nestjs/common';
import { agreementTemplates } from '../agreements/documents.service.ts';
import { FrameworksService } from '../agreements/frameworks.service.ts';
import { CorrectionsService } from '../compliance/corrections.service.ts';
import type { CorrectionInput } from '../contract/corrections.ts';
import { minuteMs } from '../domain/durations.ts';
import { ConfigFileService } from '../interchange/config-file.service.ts';
import { EarlyClosingService } from '../reports/early-closing.service.ts';
import { ReportClosingService } from '../reports/report-closing.service.ts';
import {
  archiveAgreement,
  customersAgreement,
  demoFrameworks,
  goalsAgreement,
  helpDeskAgreement,
  intranetAgreement,
  laterPayrollAgreement,
  networkAgreement,
  nextNetworkAgreement,
  nextPayrollAgreement,
  payrollAgreement,
  securityAgreement,
  type FromTemplate,
} from './demo-agreements.ts';
import type { DemoTrouble } from './demo-outages.ts';
import { asTeam, DemoSigningService } from './demo-signing.service.ts';
import type { DemoTime } from './demo-time.ts';
import { DemoRepository } from './demo.repository.ts';

/** Keys of the agreements, those first that others rest on. */
export const demoAgreementKeys = [
  'demo-network-ola',
  'demo-payroll',
  'demo-help-desk',
  'demo-security',
  'demo-goals',
  'demo-customers',
  'demo-archive',
  'demo-intranet',
] as const;
type DemoAgreementKey = (typeof demoAgreementKeys)[number];
/** Those that held in periods that are over. */
export const reportedKeys = demoAgreementKeys.slice(0, 5);

/** Its last month has ended and waits for the customer to agree that everything is in. */
const unfrozenKey: DemoAgreementKey = 'demo-help-desk';

const template: FromTemplate = (key, more) => ({
  ...agreementTemplates.find((one) => one.key === key)!.agreement,
  ...more,
});

/** Agreements of the demo in every state of life, their reports, and what the parties contest. */
@Injectable()
export class DemoPromisesService {
  constructor(
    readonly signing: DemoSigningService,
    readonly frameworks: FrameworksService,
    readonly files: ConfigFileService,
    readonly closing: ReportClosingService,
    readonly early: EarlyClosingService,
    readonly corrections: CorrectionsService,
    readonly demo: DemoRepository,
  ) {}

  async makeFrameworks(): Promise<void> {
    for (const [key, framework] of Object.entries(demoFrameworks)) await this.frameworks.put(key, framework, {});
  }

  async make(key: DemoAgreementKey, time: DemoTime): Promise<void> {
    await this.#makers[key](time);
  }

  /** Freezes the reports of one agreement; of that of the help desk all but the last, which is left to be tried. */
  async freeze(key: string, time: DemoTime): Promise<void> {
    if (key !== unfrozenKey) return void (await this.closing.closeSettled(key));
    await this.closing.closeSettled(key, time.at(time.month(0), '00:00'));
    const upcoming = await this.early.upcoming(key);
    if (upcoming?.hasEnded) await asTeam('demo-platform', () => this.early.close(key, upcoming.period, 'provider'));
  }

  /** One is approved and revises a report, one rejected, one open; another was the fault of the measurement. */
  async contest(trouble: ReadonlyMap<string, readonly DemoTrouble[]>, time: DemoTime): Promise<void> {
    const payroll = (fromMs: number) => spanAt(trouble.get('demo-payroll') ?? [], fromMs);
    const upgrade = payroll(time.at(time.workday(2, 6), '08:05'));
    if (upgrade) {
      const fromMs = Math.max(upgrade.fromMs, time.at(time.workday(2, 6), '08:00'));
      const span = { fromMs, toMs: Math.min(upgrade.toMs, fromMs + 20 * minuteMs) };
      const reason = 'Both agreed on the phone that the upgrade of the databases goes on until 08:20.';
      await this.#answer('approved', { service: 'demo-payroll', ...asked(span, 'maintenance', reason) }, 'It was so.');
    }
    const long = payroll(time.at(time.workday(4, 18), '08:50'));
    if (long) {
      const reason = 'The customer had started a run for all employees at once.';
      const answer = 'A run for all is what payroll is for. It was announced as well.';
      await this.#answer('rejected', { service: 'demo-payroll', ...asked(long, 'customer', reason) }, answer);
    }
    // What is answered is counted before the last is asked: what is open lets everything wait that it touches.
    await this.closing.reviseDoubtful();
    const recent = payroll(time.at(time.workday(1, 15), '13:35'));
    if (recent) {
      const reason = 'The maker of the database driver has confirmed the fault; see the ticket.';
      await this.#answer(null, { service: 'demo-payroll', ...asked(recent, 'supplier', reason) }, '');
    }
  }

  /** How each comes to where it is in its life. */
  readonly #makers: Readonly<Record<DemoAgreementKey, (time: DemoTime) => Promise<void>>> = {
    'demo-network-ola': async (time) => {
      const network = networkAgreement(template, time);
      await this.signing.sign('demo-network-ola', network);
      await this.signing.propose('demo-network-ola', nextNetworkAgreement(network, time));
    },
    'demo-payroll': async (time) => {
      const payroll = payrollAgreement(template, time);
      const later = laterPayrollAgreement(payroll, time);
      await this.signing.sign('demo-payroll', payroll);
      await this.signing.sign('demo-payroll', later);
      await this.signing.sign('demo-payroll', nextPayrollAgreement(later, time));
    },
    'demo-help-desk': (time) => this.signing.sign('demo-help-desk', helpDeskAgreement(template, time)),
    'demo-security': (time) => this.signing.sign('demo-security', securityAgreement(template, time)),
    'demo-goals': async (time) => {
      await this.signing.sign('demo-goals', goalsAgreement(template, time));
      const reason = 'The goals were those of a year; the new ones are being talked about.';
      await this.signing.end('demo-goals', 'demo-sales', time.month(1).toString(), reason);
    },
    'demo-customers': (time) =>
      this.signing.return('demo-customers', customersAgreement(template, time), [
        { clause: 'objectives.availability', text: 'We trade until 16:00 in New York: 99.9 % is too little then.' },
        { clause: 'duties', text: 'Four weeks ahead is not possible for campaigns; two are.' },
      ]),
    'demo-archive': (time) => this.signing.draft('demo-archive', archiveAgreement(template, time)),
    'demo-intranet': async (time) => {
      // JSON is YAML: what a file declares comes by way of a file.
      const file = { apiVersion: 'troth/v1', agreements: { 'demo-intranet': intranetAgreement(time) } };
      await this.files.apply(JSON.stringify(file), { prune: false });
      await this.demo.release('agreement', ['demo-intranet']);
    },
  };

  /** Proposed by the provider of payroll; null: nobody has answered. */
  async #answer(outcome: 'approved' | 'rejected' | null, input: CorrectionInput, answer: string): Promise<void> {
    const { id } = await asTeam('demo-applications', () => this.corrections.propose('demo-payroll', input));
    if (outcome === null) return;
    await asTeam('demo-hr', () => this.corrections.decide('demo-payroll', id, outcome, answer));
  }
}

interface Stretch {
  fromMs: number;
  toMs: number;
}

/** The outage that lasts at an instant. */
const spanAt = (trouble: readonly DemoTrouble[], atMs: number): Stretch | undefined =>
  trouble.find(({ state, fromMs, toMs }) => state === 'down' && fromMs <= atMs && toMs > atMs);

const asked = ({ fromMs, toMs }: Stretch, ground: 'maintenance' | 'customer' | 'supplier', reason: string) => ({
  ...{ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() },
  ...{ as: 'excluded' as const, ground, reason },
});
