import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OwnPromises } from '../../../server/contract/own-promises.ts';
import { account } from '../../support/accounts.ts';
import { put } from '../../support/measured.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { signedAgreement, signers } from '../../support/signed-agreement.ts';

let server: TestServer;
const now = new Date();
const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)).toISOString();
const agreement = (change: Record<string, unknown> = {}) => ({
  ...{ kind: 'SLA', title: 'Payroll for HR', provider: 'hr-it', customer: 'hr', timeZone: 'UTC' },
  effective: { from: '2026-01-01' },
  objectives: {
    uptime: { type: 'availability', services: ['payroll'], target: '99.9' },
    leads: { type: 'metric', metric: 'leads', atLeast: '10' },
  },
  consequences: {
    base: { amount: '10000.00', currency: 'EUR' },
    credits: [{ objective: 'uptime', below: '99.9', percent: '5' }],
    actions: [{ objective: 'leads', action: 'Talk about it' }],
  },
  ...change,
});
const promisesOf = async (cookie: string): Promise<OwnPromises> => {
  const { status, body } = await server.request('GET', '/api/v1/promises', undefined, { cookie });
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  for (const [key, name] of Object.entries({ 'hr-it': 'HR IT', hr: 'Human Resources', net: 'Network' }))
    await put(server, `teams/${key}`, { name });
  await put(server, 'services/payroll', { name: 'Payroll', owner: 'hr-it' });
  await signedAgreement(server, 'payroll', agreement(), await signers(server, 'hr-it', 'hr'));
  await put(server, 'agreements/a-draft', agreement({ title: 'A draft' }));
  await put(server, 'agreements/of-others', agreement({ customer: 'net' }));
  const intervals = [{ state: 'up', from: first, to: new Date(Date.now() - 60_000).toISOString() }];
  await server.request('POST', '/api/v1/services/payroll/timeline', { intervals });
});
afterAll(() => server?.close());

describe('the first page of a customer', () => {
  it('tells each promise in the sentence of the figure, and what follows, of their own agreements alone', async () => {
    const told = await promisesOf(await account(server, 'vera', 'viewer', ['hr']));
    expect(told.map(({ agreement: { key }, basis, provider }) => [key, basis, provider.name]).toSorted()).toEqual([
      ['a-draft', 'draft', 'HR IT'],
      ['payroll', 'signed', 'HR IT'],
    ]);
    const { promises } = told.find(({ agreement: { key } }) => key === 'payroll')!;
    const compliance = (await server.request('GET', '/api/v1/agreements/payroll/compliance')).body;
    const [uptime, leads] = ['uptime', 'leads'].map((key) => promises.find((one) => one.key === key)!);
    expect(uptime!.sentence).toMatch(/^On track: 100 %; promised: 99\.9 %; .* of .* may still be missed\.$/);
    expect(leads!.sentence).toBe(compliance.objectives.find(({ key }: { key: string }) => key === 'leads').sentence);
    expect(uptime!.follows).toBe(
      'If it is missed: below 99.9 % a credit of 5 %. Credits are shares of 10000.00 EUR a month.',
    );
    expect(leads!.follows).toBe('If it is missed: Talk about it.');
  });

  it('says that a figure is disputed while a correction waits for an answer', async () => {
    const vera = await account(server, 'vero', 'viewer', ['hr']);
    const disputed = async () => {
      const told = await promisesOf(vera);
      const { promises } = told.find(({ agreement: { key } }) => key === 'payroll')!;
      return promises.map(({ key, disputed: isDisputed }) => `${key} ${isDisputed}`);
    };
    expect(await disputed()).toEqual(['uptime false', 'leads false']);
    const from = new Date(Date.parse(first) + 60_000).toISOString();
    const correction = {
      ...{ service: 'payroll', objective: 'uptime', from, to: new Date(Date.parse(from) + 60_000).toISOString() },
      ...{ as: 'down', reason: 'Nobody could sign in', party: 'customer' },
    };
    const { status, body } = await server.request('POST', '/api/v1/agreements/payroll/corrections', correction);
    expect(status, JSON.stringify(body)).toBe(201);
    expect(await disputed()).toEqual(['uptime true', 'leads false']);
  });

  it('promises no credit where nothing is signed', async () => {
    const told = await promisesOf(await account(server, 'vic', 'viewer', ['hr']));
    const draft = told.find(({ agreement: { key } }) => key === 'a-draft')!;
    expect(draft.promises.map(({ key, follows }) => [key, follows])).toContainEqual(['uptime', null]);
  });

  it('is empty for who is no customer', async () => {
    expect(await promisesOf(await account(server, 'ivan', 'viewer', ['hr-it']))).toEqual([]);
    expect(await promisesOf(await account(server, 'nobody', 'viewer', []))).toEqual([]);
  });
});
