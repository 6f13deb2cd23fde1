import { expect, it } from 'vitest';
import { safeReturnPath } from '../../../client/model/return-path.ts';

it.each([
  ['/services/payroll?span=7d', '/services/payroll?span=7d'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
  [undefined, '/'],
  [['/a'], '/'],
])('after sign-in %s leads to %s', (asked, path) => expect(safeReturnPath(asked)).toBe(path));
