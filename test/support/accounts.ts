import type { Role } from '../../server/contract/access.ts';
import type { TestServer } from './server.ts';

/** The password of every account of the tests. */
export const password = 'correct horse battery';

/** Signs in; the cookie to send along. */
export async function signIn(server: TestServer, name: string, secret = password): Promise<string> {
  const reply = await server.request('POST', '/api/v1/session', { name, password: secret }, { token: null });
  if (reply.status !== 201) throw new Error(`sign-in answered ${reply.status}: ${JSON.stringify(reply.body)}`);
  return reply.headers.get('set-cookie')!.split(';')[0]!;
}

/** Makes an account, without signing it in. */
export async function makeAccount(server: TestServer, name: string, role: Role, teams: string[] = []): Promise<void> {
  const reply = await server.request('PUT', `/api/v1/users/${name}`, { displayName: name, role, teams, password });
  if (reply.status !== 200) throw new Error(`making ${name} answered ${reply.status}: ${JSON.stringify(reply.body)}`);
}

/** Makes an account and signs it in; the cookie to send along. */
export async function account(server: TestServer, name: string, role: Role, teams: string[] = []): Promise<string> {
  await makeAccount(server, name, role, teams);
  return signIn(server, name);
}
