import { Injectable } from '@nestjs/common';
import { Counter, Histogram } from 'prom-client';
import { Metrics } from '../../platform/metrics.ts';

/** What Prometheus reads of deliveries. */
@Injectable()
export class DeliveryMetrics {
  readonly #attempts: Counter<'kind' | 'outcome'>;
  readonly #seconds: Histogram<'kind'>;

  constructor({ registry }: Metrics) {
    this.#attempts = new Counter({
      name: 'troth_deliveries_total',
      help: 'Attempts to tell a channel something, by its kind and what came of them: delivered, retried, failed',
      labelNames: ['kind', 'outcome'] as const,
      registers: [registry],
    });
    this.#seconds = new Histogram({
      name: 'troth_delivery_seconds',
      help: 'Time from the transaction that had something to tell to the answer of the receiver',
      labelNames: ['kind'] as const,
      buckets: [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800],
      registers: [registry],
    });
  }

  delivered(kind: string, ageMs: number): void {
    this.#attempts.inc({ kind, outcome: 'delivered' });
    this.#seconds.observe({ kind }, ageMs / 1_000);
  }

  refused(kind: string, outcome: 'retried' | 'failed'): void {
    this.#attempts.inc({ kind, outcome });
  }
}
