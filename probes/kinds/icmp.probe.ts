import { z } from 'zod';
import { defineProbe, isOwnFault, type Outcome, type RunContext } from '../contract.ts';
import { withDeadline } from '../support/deadline.ts';
import { allowedOf, resolveHost } from '../support/dial.ts';
import { hostField } from '../support/endpoint.ts';
import { probeFailure } from '../support/reason.ts';
import type { Echoes } from './icmp-output.ts';
import { echo } from './icmp-programs.ts';

const expectation = z.strictObject({
  lossPercentAtMost: z.number().min(0).max(99).default(0).describe('The share of packets that may be lost, in percent'),
  averageMsAtMost: z
    .number()
    .positive()
    .optional()
    .describe('The longest average round trip that is good, in milliseconds'),
});

const config = z.strictObject({
  host: hostField().describe('The host name or IP address to ping'),
  packets: z.int().min(1).max(20).default(3).describe('How many packets are sent in one run'),
  family: z
    .literal(['any', 4, 6])
    .default('any')
    .describe('The IP version: 4, 6, or any for the one the system prefers'),
  expect: expectation.prefault({}).describe('What counts as good'),
});
export type IcmpConfig = z.infer<typeof config>;

/** Of the time a run has: how much may go into resolving names, and when the last packet must be back. */
const shareForNames = 0.4;
const shareForAll = 0.9;

export const icmpProbe = defineProbe<IcmpConfig>({
  kind: 'icmp',
  title: 'Ping',
  description: 'Sends ICMP echo requests and judges loss and round trip. Needs fping (or ping) beside the agent.',
  mode: 'pull',
  defaults: { everyMs: 30_000, timeoutMs: 5_000 },
  config,
  describe: ({ host }) => host,
  examples: ['payroll.example.org', '10.0.0.5'],
  fromTarget: (target) => ({ host: target.trim() }),
  run: async (one, context) => (await runMany([one], context))[0]!,
  runMany,
});

async function runMany(configs: readonly IcmpConfig[], context: RunContext): Promise<Outcome[]> {
  const endsAt = performance.now() + context.timeoutMs * shareForAll;
  const places = await withDeadline(context, context.timeoutMs * shareForNames, (early) =>
    Promise.all(configs.map((one) => locate(one, early))),
  );
  const targets = configs.map((one, index) => ({ config: one, place: places[index]! }));
  const counts = [...new Set(configs.map((one) => one.packets))];
  const rounds = counts.map(async (packets): Promise<[number, Map<string, Echoes>]> => {
    const places = targets.filter((one) => one.config.packets === packets).map((one) => one.place);
    const addresses = [...new Set(places.filter((place) => typeof place === 'string'))];
    if (addresses.length === 0) return [packets, new Map()];
    return [packets, await echo({ addresses, packets, withinMs: endsAt - performance.now(), signal: context.signal })];
  });
  const echoes = new Map(await Promise.all(rounds));
  return targets.map(({ config: one, place }) =>
    typeof place === 'string' ? judge(one, place, echoes.get(one.packets)!.get(place)!) : place,
  );
}

/** The address to ping, or the outcome where there is none. */
async function locate({ host, family }: IcmpConfig, context: RunContext): Promise<string | Outcome> {
  try {
    return allowedOf(await resolveHost(host, family, context), 0, context)[0]!;
  } catch (error) {
    const { reason, message } = probeFailure(error);
    return { verdict: isOwnFault(reason) ? 'unknown' : 'down', reason, latencyMs: null, detail: message };
  }
}

/** What the echoes of one address mean. */
export function judge({ expect }: IcmpConfig, address: string, { sent, timesMs, complaint }: Echoes): Outcome {
  const lost = sent - timesMs.length;
  const said = complaint ? ` (${complaint})` : '';
  if (timesMs.length === 0) {
    const detail =
      sent === 0 ? `${address} cannot be reached${said}` : `none of ${sent} packets came back from ${address}${said}`;
    const facts = { address, lossPercent: 100 };
    return { verdict: 'down', reason: complaint ? 'unreachable' : 'timeout', latencyMs: null, detail, facts };
  }
  const averageMs = rounded(timesMs.reduce((sum, one) => sum + one, 0) / timesMs.length);
  const lossPercent = (lost * 100) / sent;
  const facts = { address, lossPercent: rounded(lossPercent), averageMs, worstMs: Math.max(...timesMs) };
  const measured = { latencyMs: averageMs, facts };
  if (lossPercent > expect.lossPercentAtMost) {
    const detail = `${lost} of ${sent} packets to ${address} were lost${said}; at most ${expect.lossPercentAtMost} % may be`;
    return { verdict: 'down', reason: 'packet-loss', detail, ...measured };
  }
  if (expect.averageMsAtMost !== undefined && averageMs > expect.averageMsAtMost) {
    const detail = `${averageMs} ms on average to ${address}; at most ${expect.averageMsAtMost} ms is good`;
    return { verdict: 'down', reason: 'too-slow', detail, ...measured };
  }
  return { verdict: 'up', reason: 'ok', ...measured };
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
