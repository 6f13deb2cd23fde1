import { ProbeFailure, type Reason } from '../contract.ts';
import { excerpt, jsonShortfall, textShortfall } from '../support/assertions.ts';
import type { JsonValue } from '../support/json-path.ts';
import type { HttpAnswer } from './http-answer.ts';
import { bodyText } from './http-body.ts';
import type { HttpConfig } from './http-config.ts';

/** Throws a ProbeFailure that says what of an answer is not as expected. */
export async function checkAnswer(config: HttpConfig, answer: HttpAnswer): Promise<void> {
  const { status, headers, body, json } = config.expect;
  if (!isStatusExpected(answer.status, status, config.redirects.follow)) {
    const wanted = status?.join(', ') ?? (config.redirects.follow === 0 ? '2xx or 3xx' : '2xx');
    throw new ProbeFailure('status-unexpected', `expected ${wanted}, got ${answer.statusLine}`);
  }
  for (const [name, expected] of Object.entries(headers ?? {})) {
    failWith('header-unexpected', headerShortfall(name, expected, answer.header(name.toLowerCase())));
  }
  if (!body && !json?.length) return;
  const text = await bodyText(answer);
  if (body) failWith('body-unexpected', textShortfall(body, text));
  if (!json?.length) return;
  const document = parsed(text);
  for (const expected of json) failWith('json-unexpected', jsonShortfall(expected, document));
}

function failWith(reason: Reason, shortfall: string | null): void {
  if (shortfall !== null) throw new ProbeFailure(reason, shortfall);
}

type StatusList = HttpConfig['expect']['status'];

function isStatusExpected(actual: number, wanted: StatusList, follow: number): boolean {
  if (wanted === undefined) return actual >= 200 && actual < (follow === 0 ? 400 : 300);
  return wanted.some((one) => {
    if (typeof one === 'number') return one === actual;
    if (/xx$/i.test(one)) return Number(one[0]) === Math.floor(actual / 100);
    const [lowest, highest = lowest] = one.split('-').map(Number);
    return actual >= lowest! && actual <= highest!;
  });
}

type HeaderExpectation = NonNullable<HttpConfig['expect']['headers']>[string];

function headerShortfall(name: string, expected: HeaderExpectation, value: string | undefined): string | null {
  const { equals, ...text } = expected;
  if (value === undefined) {
    const isAbsenceGood = equals === undefined && text.contains === undefined && text.matches === undefined;
    return isAbsenceGood && text.notContains !== undefined ? null : `no header ${name}`;
  }
  if (equals !== undefined && value !== equals) return `expected ${name} ${excerpt(equals)}, got ${excerpt(value)}`;
  const shortfall = textShortfall(text, value);
  return shortfall === null ? null : `${name}: ${shortfall}`;
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new ProbeFailure('json-unexpected', `expected JSON, got ${excerpt(text)}`);
  }
}
