import { Inject, Injectable } from '@nestjs/common';
import { minuteMs } from '../../domain/durations.ts';
import { ENVIRONMENT, type Environment } from '../../platform/config.ts';
import { type Health, HealthRegistry } from '../../platform/health-registry.ts';
import { LOGGER, type Logger } from '../../platform/logger.ts';

export const pingEveryMs = minuteMs;
/** What is outside may be slow, or away for a moment. */
const patienceMs = 10_000;
const toleratedMs = 3 * pingEveryMs;
const checkName = 'dead-man\u2019s switch';

/**
 * Pings an address outside of Troth while everything works. Whoever listens there raises the alarm when the pings stop: so
 * the failure of what should raise alarms is told as well.
 */
@Injectable()
export class DeadMansSwitchService {
  #answeredAt = performance.now();
  #wrong = '';

  constructor(
    readonly health: HealthRegistry,
    @Inject(ENVIRONMENT) readonly environment: Environment,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  /** Shows it among the checks of this server, which serves all the same without it. */
  register(): void {
    this.health.register(checkName, () => this.#status(), { required: false });
  }

  /** Pings unless something does not work; answers whether it was pinged and answered. */
  async ping(): Promise<boolean> {
    const wrong = await this.#whatIsWrong();
    this.#note(wrong ?? (await this.#send()));
    return this.#wrong === '';
  }

  /** Null where everything works: beside what this server needs, whatever it should do for others. */
  async #whatIsWrong(): Promise<string | null> {
    const failed = (await this.health.checks()).filter(({ name, ok }) => !ok && name !== checkName);
    return failed.length === 0
      ? null
      : `not pinged: ${failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ')}`;
  }

  /** Answers what went wrong, in words without the address: who knows it could ping in our place. */
  async #send(): Promise<string> {
    try {
      const { status } = await fetch(this.environment.TROTH_DEADMAN_URL!, {
        redirect: 'manual',
        signal: AbortSignal.timeout(patienceMs),
      });
      return status >= 200 && status < 300 ? '' : `answered ${status}`;
    } catch (error) {
      return (error as Error).name === 'TimeoutError'
        ? `no answer within ${patienceMs / 1_000} s`
        : 'cannot be reached';
    }
  }

  #note(wrong: string): void {
    if (wrong === '') this.#answeredAt = performance.now();
    if (wrong !== this.#wrong && wrong !== '') this.log.warn({ wrong }, 'the dead-man\u2019s switch was not reset');
    if (wrong === '' && this.#wrong !== '') this.log.info('the dead-man\u2019s switch is reset again');
    this.#wrong = wrong;
  }

  #status(): Health {
    const agoMs = performance.now() - this.#answeredAt;
    const ok = this.#wrong === '' || agoMs < toleratedMs;
    return { ok, detail: this.#wrong || 'pinged while everything works' };
  }
}
