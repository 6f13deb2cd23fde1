import { defineProbe, isOwnFault, ProbeFailure, type Outcome, type RunContext } from '../contract.ts';
import { probeFailure } from '../support/reason.ts';
import { httpConfigSchema, type HttpConfig } from './http-config.ts';
import { checkAnswer } from './http-expect.ts';
import { fetchAnswer, type Progress } from './http-fetch.ts';

export const httpProbe = defineProbe<HttpConfig>({
  kind: 'http',
  title: 'HTTP',
  description:
    'Fetches a URL on a fresh connection, follows redirects, and judges status, headers, body, certificate and time.',
  mode: 'pull',
  defaults: { everyMs: 30_000, timeoutMs: 10_000 },
  config: httpConfigSchema,
  describe: ({ method, url }) => (method === 'GET' ? shownUrl(url) : `${method} ${shownUrl(url)}`),
  examples: ['https://payroll.example.org/login', 'payroll.example.org'],
  fromTarget: (target) => ({ url: /^[a-z][a-z\d+.-]*:\/\//i.test(target) ? target : `http://${target}` }),
  run,
});

async function run(config: HttpConfig, context: RunContext): Promise<Outcome> {
  const begun = performance.now();
  const progress: Progress = { timings: {}, facts: {} };
  let latencyMs: number | null = null;
  try {
    const answer = await fetchAnswer(config, context, progress);
    latencyMs = performance.now() - begun;
    await checkAnswer(config, answer);
    return good(config, latencyMs, progress);
  } catch (error) {
    const { reason, message } = context.signal.aborted ? cutOff(error, progress, context) : probeFailure(error);
    return { verdict: isOwnFault(reason) ? 'unknown' : 'down', reason, latencyMs, ...progress, detail: message };
  }
}

/** The outcome of an answer that holds what it should: in time, with a certificate that stays valid, or not. */
function good({ expect }: HttpConfig, latencyMs: number, progress: Progress): Outcome {
  if (expect.latencyMs !== undefined && latencyMs > expect.latencyMs) {
    throw new ProbeFailure('too-slow', `expected at most ${expect.latencyMs} ms, took ${Math.ceil(latencyMs)} ms`);
  }
  const daysLeft = progress.facts['certificateDaysLeft'];
  if (
    expect.certificateDaysLeft === undefined ||
    typeof daysLeft !== 'number' ||
    daysLeft >= expect.certificateDaysLeft
  ) {
    return { verdict: 'up', reason: 'ok', latencyMs, ...progress };
  }
  const detail = `the certificate is valid for ${daysLeft} more days, fewer than ${expect.certificateDaysLeft}`;
  return { verdict: 'degraded', reason: 'certificate-expiring', latencyMs, ...progress, detail };
}

/** What a run was waiting for when its time was over; the torn down connection may report something else. */
function cutOff(error: unknown, { facts }: Progress, { timeoutMs }: RunContext): ProbeFailure {
  const failure = probeFailure(error);
  const { statusCode } = facts;
  if (statusCode !== undefined) {
    return new ProbeFailure('timeout', `status ${statusCode} came, but not all of the answer within ${timeoutMs} ms`);
  }
  const isTelling = failure.reason === 'timeout' || isOwnFault(failure.reason);
  return isTelling ? failure : new ProbeFailure('timeout', `no answer within ${timeoutMs} ms`);
}

const secretName = /token|key|secret|passw|pwd|auth|sig|credential|session|code|jwt/i;
/** Long, and of letters and digits without words in it, as tokens are. */
const secretValue = /^(?=.*\d)(?=.*[A-Za-z])[\w+/=.~-]{20,}$/;

/** A URL without fragment, and without what looks like a secret in its query. */
function shownUrl(text: string): string {
  const url = new URL(text);
  url.hash = '';
  if (url.search === '') return url.href;
  const parts = url.search
    .slice(1)
    .split('&')
    .map((part) => {
      const [name = '', value = ''] = part.split('=', 2);
      return secretName.test(name) || secretValue.test(value) ? `${name}=…` : part;
    });
  return `${url.href.slice(0, -url.search.length)}?${parts.join('&')}`;
}
