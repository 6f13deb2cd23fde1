import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { httpProbe } from '../../../probes/kinds/http.probe.ts';
import { httpConfigIssues } from '../../support/http-runs.ts';

describe('the config of an http probe', () => {
  const url = 'http://a.test/';
  it.each([
    [{ url: 'file:///etc/passwd' }, 'url: has to begin with http:// or https://'],
    [{ url: 'javascript:alert(1)' }, 'url: has to begin with http:// or https://'],
    [{ url: 'http://300.1.1.1:80' }, 'url: is not a URL'],
    [{ url: 'a.test' }, 'url: has to begin with http:// or https://'],
    [{ url: 'http://' }, 'url: is not a URL'],
    [{ url: 'http://a.test:99999/' }, 'url: is not a URL'],
    [{ url: 'http://me:word@a.test/' }, 'url: must not hold a user name or password: put them into basic'],
    [{ url: 'http://a.test/\r\nX: y' }, 'url: must not hold spaces or control characters: write them as %20'],
    [{ url, headers: { 'bad name': 'x' } }, 'headers.bad name: is not a header name'],
    [{ url, headers: { 'x-a': 'b\r\nInjected: yes' } }, 'headers.x-a: must not hold line ends'],
    [{ url, secretHeaders: { 'x-a': 'b\nInjected: yes' } }, 'secretHeaders.x-a: must not hold line ends'],
    [{ url, headers: { 'Content-Length': '5' } }, 'headers.Content-Length: is set by the probe itself'],
    [{ url, headers: { 'x-a': '1' }, secretHeaders: { 'X-A': '2' } }, 'secretHeaders: names a header twice'],
    [{ url, bearer: 'a b' }, 'bearer: must not hold spaces'],
    [{ url, basic: { username: 'a:b', password: '' } }, 'basic.username: must not hold a colon'],
    [{ url, basic: { username: 'a', password: 'b' }, bearer: 'c' }, 'bearer: cannot be used beside basic'],
    [{ url, bearer: 'c', headers: { Authorization: 'd' } }, 'bearer: cannot be used beside an authorization header'],
    [{ url, method: 'TRACE' }, 'method: '],
    [{ url, method: 'HEAD', expect: { body: { contains: 'x' } } }, 'expect: an answer to HEAD has no body'],
    [{ url, expect: { status: ['20'] } }, 'expect.status.0: '],
    [{ url, expect: { body: { matches: '(' } } }, 'expect.body.matches: not a usable pattern'],
    [{ url, tls: { ca: 'nonsense' } }, 'tls.ca: has to be one or more certificates'],
    [{ url, tls: { key: 'nonsense' } }, 'tls.key: has to be a private key'],
    [{ url, surplus: 1 }, ': Unrecognized key'],
  ])('refuses %j', (input, issue) => {
    const issues = httpConfigIssues(input);
    expect(issues.some((one) => one.startsWith(issue))).toBe(true);
  });

  it('has a description for every field, and marks every secret', () => {
    const schema = z.toJSONSchema(httpProbe.config, { io: 'input' }) as { properties: Record<string, unknown> };
    const fields = Object.values(schema.properties) as { description?: string }[];
    expect(fields.every((field) => (field.description ?? '').length > 5)).toBe(true);
    expect(schema.properties).toMatchObject({
      bearer: { secret: true },
      secretHeaders: { additionalProperties: { secret: true } },
      basic: { properties: { password: { secret: true } } },
      tls: { properties: { key: { secret: true } } },
    });
  });

  it('stays the same when it is parsed again', () => {
    const once = httpProbe.config.parse({ url, expect: { status: ['2xx', 404], json: [{ path: '$.a', value: 1 }] } });
    expect(httpProbe.config.parse(once)).toEqual(once);
  });

  it.each([
    [{ url: 'https://payroll.internal/login' }, 'https://payroll.internal/login'],
    [{ url: 'http://a.test', method: 'POST', body: 'secret' }, 'POST http://a.test/'],
    [{ url: 'http://a.test/?page=2&api_key=abc#x' }, 'http://a.test/?page=2&api_key=…'],
    [{ url: 'http://a.test/?s=0f8fad5bd9cb469fa165&q=plain-words' }, 'http://a.test/?s=…&q=plain-words'],
    [{ url: 'http://a.test/', bearer: 'topsecret', secretHeaders: { a: 'topsecret' } }, 'http://a.test/'],
    // The URL Standard fills up short addresses: what they stand for is shown.
    [{ url: 'http://1.2.3' }, 'http://1.2.0.3/'],
  ])('is described without secrets: %j', (input, text) => {
    expect(httpProbe.describe(httpProbe.config.parse(input))).toBe(text);
  });

  it.each([
    ['payroll.internal/login', 'http://payroll.internal/login'],
    ['localhost:8080', 'http://localhost:8080'],
    ['https://a.test', 'https://a.test'],
    ['file:///etc/passwd', 'file:///etc/passwd'],
  ])('is made from the target %s', (text, expected) => {
    expect(httpProbe.fromTarget(text)).toEqual({ url: expected });
  });
});
