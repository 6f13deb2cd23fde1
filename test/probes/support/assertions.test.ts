import { describe, expect, it } from 'vitest';
import {
  jsonExpectationSchema,
  jsonShortfall,
  textExpectationSchema,
  textShortfall,
} from '../../../probes/support/assertions.ts';
import type { JsonValue } from '../../../probes/support/json-path.ts';

const json = (input: unknown, document: JsonValue) => jsonShortfall(jsonExpectationSchema.parse(input), document);
const problemOf = (input: unknown) => jsonExpectationSchema.safeParse(input).error?.issues[0]?.message;

describe('expectations of a text', () => {
  it.each([
    [{ contains: 'Sign in' }, 'Please Sign in here', null],
    [{ contains: 'Sign in' }, 'Out\n of\torder', 'expected "Sign in", got "Out of order"'],
    [{ contains: 'Sign in' }, '', 'expected "Sign in", got nothing'],
    [{ notContains: 'Fatal' }, 'Fatal error', 'holds "Fatal"'],
    [{ notContains: 'Fatal' }, 'all is well', null],
    [{ matches: 'v\\d+\\.\\d+' }, 'server v12.3', null],
    [{ matches: '^v\\d+$' }, 'server v12.3', 'expected to match /^v\\d+$/, got "server v12.3"'],
    [{ matches: '(?i)SIGN IN' }, 'please sign in', null],
    [{ matches: '^ü.€$' }, 'ü😀€', null],
    [{ contains: 'a', notContains: 'b', matches: 'c' }, 'a c', null],
    [{}, 'anything', null],
  ])('%j of %j: %s', (expected, text, shortfall) => {
    expect(textShortfall(textExpectationSchema.parse(expected), text)).toBe(shortfall);
  });

  it.each(['(?=a)', '(a)\\1', '[', '(x{1000}){1000}'])('refuses the pattern %s, which RE2 does not know', (matches) => {
    const { error } = textExpectationSchema.safeParse({ matches });
    expect(error?.issues[0]?.message).toContain('not a usable pattern');
  });

  it('takes time in proportion to the text where a backtracking engine takes for ever', () => {
    const text = `${'a'.repeat(100_000)}!`;
    expect(textShortfall({ matches: '^(a+)+$' }, text)).toContain('expected to match');
  });

  it('goes on matching after more patterns than it remembers', () => {
    for (let n = 0; n < 1100; n++) expect(textShortfall({ matches: `^n${n}$` }, `n${n}`)).toBeNull();
    expect(textShortfall({ matches: '^n0$' }, 'n0')).toBeNull();
  });
});

describe('expectations of a JSON document', () => {
  const document = {
    state: 'ok',
    queue: { length: 12, oldest: null },
    nodes: [{ up: true }, { up: false }],
    tags: ['a', 5],
  };

  it.each([
    [{ path: '$.state', value: 'ok' }, null],
    [{ path: '$.state', op: 'equals', value: 'bad' }, 'expected $.state = "bad", got "ok"'],
    [{ path: '$.queue.length', value: '12' }, 'expected $.queue.length = "12", got 12'],
    [{ path: '$.queue.oldest', value: null }, null],
    [{ path: '$.state', op: 'notEquals', value: 'ok' }, 'expected $.state ≠ "ok", got "ok"'],
    [{ path: '$.queue.length', op: 'lessThan', value: 12 }, 'expected $.queue.length < 12, got 12'],
    [{ path: '$.queue.length', op: 'atMost', value: 12 }, null],
    [{ path: '$.queue.length', op: 'greaterThan', value: 12 }, 'expected $.queue.length > 12, got 12'],
    [{ path: '$.queue.length', op: 'atLeast', value: 12 }, null],
    [{ path: '$.state', op: 'atLeast', value: 0 }, 'expected $.state ≥ 0, got "ok"'],
    [{ path: '$.state', op: 'contains', value: 'k' }, null],
    [{ path: '$.tags', op: 'contains', value: 5 }, null],
    [{ path: '$.tags', op: 'contains', value: 6 }, 'expected $.tags to contain 6, got an array of 2'],
    [{ path: '$.queue', op: 'contains', value: 'length' }, 'expected $.queue to contain "length", got an object'],
    [{ path: '$.queue', op: 'exists' }, null],
    [{ path: '$.nothing', op: 'exists' }, 'nothing at $.nothing'],
    [{ path: '$.nothing', op: 'exists', value: false }, null],
    [{ path: '$.state', op: 'exists', value: false }, 'expected nothing at $.state, got "ok"'],
    [{ path: '$.nothing', op: 'notEquals', value: 1 }, 'nothing at $.nothing'],
    [{ path: '$.nodes[*].up', value: true }, 'expected $.nodes[*].up = true, got false'],
    [{ path: '$.nodes[?@.up == false]', op: 'exists' }, null],
    [{ path: '$..length', value: 12 }, null],
  ])('%j: %s', (expected, shortfall) => {
    expect(json(expected, document)).toBe(shortfall);
  });

  it.each([
    [{ path: 'state', op: 'exists' }, 'not a JSON path'],
    [{ path: '$..*..*', op: 'exists' }, 'only one ..'],
    [{ path: '$[?match(@.a, "(a+)+$")]', op: 'exists' }, 'match() and search()'],
    [{ path: '$[?search(@.a, $.pattern)]', op: 'exists' }, 'match() and search()'],
    [{ path: '$[?count($[*]) > 1]', op: 'exists' }, 'inside a filter'],
    [{ path: `$${'[*,*]'.repeat(30)}`, op: 'exists' }, 'too many alternatives'],
    [{ path: '$.a' }, 'equals needs a value'],
    [{ path: '$.a', op: 'lessThan', value: '5' }, 'lessThan needs a number'],
    [{ path: '$.a', op: 'exists', value: 1 }, 'exists needs a boolean'],
  ])('refuses %j', (input, message) => {
    expect(problemOf(input)).toContain(message);
  });

  it('survives a document that is nested to the limit of a body', () => {
    const deep = JSON.parse('['.repeat(500_000) + ']'.repeat(500_000)) as JsonValue;
    expect(json({ path: '$..a', op: 'exists', value: false }, deep)).toBeNull();
    expect(json({ path: '$[0]', value: 1 }, deep)).toBe('expected $[0] = 1, got an array of 1');
  });
});
