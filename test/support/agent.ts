import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, type AgentOptions } from '../../probes/agent.ts';
import { createAddressGuard } from '../../probes/support/address-guard.ts';
import { KEYRING, type Keyring } from '../../server/platform/secrets.ts';
import type { TestServer } from './server.ts';

const quiet = () => undefined;

/** An agent of a location of a test server, on the same queues; not started yet. */
export const makeAgent = (server: TestServer, location: string, options: Partial<AgentOptions> = {}): Agent =>
  new Agent({
    location,
    locationKey: server.app.get<Keyring>(KEYRING).location(location),
    store: { databaseUrl: server.databaseUrl },
    spoolFolder: mkdtempSync(join(tmpdir(), 'troth-spool-')),
    guard: createAddressGuard({ allowLoopback: true }),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    version: 'test',
    ...options,
  });
