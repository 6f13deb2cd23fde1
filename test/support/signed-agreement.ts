import { account } from './accounts.ts';
import type { TestServer } from './server.ts';

/** Accounts that sign for the parties, by name of the side: the cookies to send along. */
export interface Signers {
  provider: string;
  customer: string;
}

/** Makes an account for each party, which speaks and signs for its team. */
export async function signers(server: TestServer, provider: string, customer: string): Promise<Signers> {
  return {
    provider: await account(server, 'paula', 'owner', [provider]),
    customer: await account(server, 'carla', 'owner', [customer]),
  };
}

const people = {
  provider: { signatories: [{ name: 'Paula Berg', email: 'paula@example.org', user: 'paula' }] },
  customer: { signatories: [{ name: 'Carla Lund', email: 'carla@example.org', user: 'carla' }] },
};

/**
 * Makes an agreement that both parties have signed, as if that had been on the day it begins, so that its history has had
 * its day to follow.
 */
export async function signedAgreement(
  server: TestServer,
  key: string,
  document: { effective: { from: string; to?: string } } & Record<string, unknown>,
  { provider, customer }: Signers,
): Promise<void> {
  const send = async (method: string, path: string, body: unknown, cookie: string) => {
    const reply = await server.request(method, `/api/v1/agreements/${key}${path}`, body, { cookie });
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  await send('PUT', '', { ...document, parties: people }, provider);
  const { versions } = await send('POST', '/propose', {}, provider);
  const { number: version, hash } = versions[0];
  await send('POST', '/sign', { version, hash }, provider);
  await send('POST', '/sign', { version, hash }, customer);
  await server.database.transaction(async () => {
    await server.database.query('alter table agreement_versions disable trigger user');
    await server.database.query(
      `update agreement_versions v set created_at = $2 from agreements a where a.id = v.agreement_id and a.key = $1`,
      [key, document.effective.from],
    );
    await server.database.query('alter table agreement_versions enable trigger user');
  });
}
