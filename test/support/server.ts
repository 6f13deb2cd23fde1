import type { INestApplication } from '@nestjs/common';
import { readEnvironment } from '../../server/platform/config.ts';
import { Database } from '../../server/platform/database.ts';
import { createServer, type ServerOptions } from '../../server/main.ts';
import { freshDatabase } from './postgres.ts';

export interface Reply {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests say what they expect of it
  body: any;
  headers: Headers;
}

export interface RequestOptions {
  /** A bearer token; left out, the admin's; null for none. */
  token?: string | null;
  /** Sent instead of a token. */
  cookie?: string;
  headers?: Record<string, string>;
}

export interface TestServer {
  url: string;
  app: INestApplication;
  database: Database;
  databaseUrl: string;
  adminToken: string;
  /** Sends JSON, or a text body as it is (YAML unless a header says otherwise). */
  request(method: string, path: string, body?: unknown, options?: RequestOptions): Promise<Reply>;
  close(): Promise<void>;
}

export const adminToken = 'admin-token-of-the-tests-0123456789';

/** A server of its own on a database of its own, or on `DATABASE_URL` of another one. */
export async function startTestServer(
  env: Record<string, string> = {},
  options: ServerOptions = {},
): Promise<TestServer> {
  const databaseUrl = env['DATABASE_URL'] ?? (await freshDatabase());
  const environment = readEnvironment({
    PORT: '0',
    DATABASE_URL: databaseUrl,
    TROTH_ADMIN_TOKEN: adminToken,
    TROTH_SECRET_KEY: 'secret-key-of-the-tests-0123456789',
    LOG_LEVEL: 'error',
    ...env,
  });
  const { url, app, close } = await createServer(environment, options);
  return { url, app, close, databaseUrl, adminToken, database: app.get(Database), request: requester(url) };
}

function requester(url: string): TestServer['request'] {
  return async (method, path, body, { token = adminToken, cookie, headers = {} } = {}) => {
    const isText = typeof body === 'string';
    const response = await fetch(new URL(path, url), {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': isText ? 'application/yaml' : 'application/json' }),
        ...(cookie === undefined ? (token === null ? {} : { Authorization: `Bearer ${token}` }) : { Cookie: cookie }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
  };
}
