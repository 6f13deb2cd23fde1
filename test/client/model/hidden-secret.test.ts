import { expect, it } from 'vitest';
import { holdsHiddenSecret } from '../../../client/model/hidden-secret.ts';

it('finds a hidden secret however deep it lies', () => {
  expect(holdsHiddenSecret({ url: 'http://a', auth: { basic: [{ password: '********' }] } })).toBe(true);
  expect(holdsHiddenSecret({ headers: { authorization: 'Bearer ********' } })).toBe(true);
  expect(holdsHiddenSecret({ url: 'http://a', port: 80, follow: null })).toBe(false);
});
