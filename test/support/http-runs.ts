import type { Outcome } from '../../probes/contract.ts';
import { httpProbe } from '../../probes/kinds/http.probe.ts';
import { runProbe, type RunOptions } from '../../probes/run-probe.ts';
import { createAddressGuard } from '../../probes/support/address-guard.ts';

/** Runs an http probe of this config once, as an agent does, with loopback allowed. */
export const runHttp = (input: unknown, options: Partial<RunOptions> = {}): Promise<Outcome> =>
  runProbe(httpProbe, httpProbe.config.parse(input), {
    timeoutMs: 5000,
    guard: createAddressGuard({ allowLoopback: true }),
    ...options,
  });

/** What the config schema says is wrong with an input, as `path: message`. */
export const httpConfigIssues = (input: unknown): string[] =>
  (httpProbe.config.safeParse(input).error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
