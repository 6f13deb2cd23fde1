import { describe, expect, it } from 'vitest';
import { banner, localUrl } from '../../../server/start/banner.ts';

const link = 'http://127.0.0.1:8484/setup#token';

describe('the banner', () => {
  it('is a box of even width that says where to go on', () => {
    const lines = banner({ url: 'http://127.0.0.1:8484', setupLink: link, hasSample: true }).split('\n');
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines.join('\n')).toContain(`First sign-in    ${link}`);
    expect(lines.join('\n')).toContain('npx troth sample stop http');
    expect(lines.join('\n')).toContain('start with HOST=0.0.0.0');
  });

  it('names the addresses for other machines when it listens on all interfaces', () => {
    const text = banner({
      url: 'http://0.0.0.0:8484',
      setupLink: null,
      hasSample: false,
      addresses: ['192.0.2.7', '198.51.100.7'],
    });
    expect(text).toContain('Dashboard        http://127.0.0.1:8484');
    expect(text).toContain('Other machines   http://192.0.2.7:8484 http://198.51.100.7:8484');
    expect(text).toContain('Sign-in          with your account');
    expect(text).not.toContain('sample');
  });

  it('repeats the address when it listens on one that others reach', () => {
    expect(banner({ url: 'https://192.0.2.7:8484', setupLink: null, hasSample: false })).toContain(
      'Other machines   https://192.0.2.7:8484',
    );
  });
});

describe('the address on this machine', () => {
  it.each([
    ['http://0.0.0.0:80', 'http://127.0.0.1:80'],
    ['http://[::]:8484', 'http://[::1]:8484'],
    ['https://192.0.2.7:8484', 'https://192.0.2.7:8484'],
  ])('of %s is %s', (url, local) => {
    expect(localUrl(url)).toBe(local);
  });
});
