import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ApiClient } from '../cli/api-client.ts';
import { CommandError } from '../cli/command-error.ts';
import { readEnvironment, type Environment } from '../platform/config.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../platform/embedded-postgres.ts';
import type { Logger } from '../platform/logger.ts';
import { Keyring, readSecretKey } from '../platform/secrets.ts';
import { sampleHost } from '../sample/part.ts';
import { prepareSampleSettings, type SamplePorts } from '../sample/sample-settings.ts';
import { localUrl } from './banner.ts';
import type { ChildRecord } from './leftovers.ts';
import { defaultLocation, loadDemo } from './demo.ts';
import { trothArgs } from './own-program.ts';
import { bringUpStarter, findStarter, lookAround, type StarterOptions } from './starter.ts';
import { SupervisedChild } from './supervised-child.ts';

/** Longer than each needs by itself to end what it has begun. */
const patienceMs = { agent: 20_000, server: 20_000, sample: 2_000 };

export interface SupervisorOptions {
  environment: Environment;
  env: NodeJS.ProcessEnv;
  log: Logger;
  record: ChildRecord;
  /** Whether the demo organisation is loaded, unless it is there. */
  hasDemo?: boolean;
  /** Gets what the children print; left out, they print themselves. */
  onLine?: ((name: string, line: string) => void) | undefined;
}

export interface Running {
  url: string;
  setupLink: string | null;
  /** Endpoints on loopback that probes may reach because the sample stands there. */
  loopback: readonly string[];
}

/** The processes of one installation: database, server, agent and sample target, kept alive until it is stopped. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #children = new Map<keyof typeof patienceMs, SupervisedChild>();
  readonly #token: string;
  #postgres: Promise<EmbeddedPostgres> | undefined;
  #isStopping = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#token = options.environment.TROTH_ADMIN_TOKEN ?? randomBytes(32).toString('base64url');
  }

  /** Brings everything up. @throws Error after which `stop` has still to be called */
  async start(): Promise<Running> {
    const { environment, log } = this.#options;
    const { TROTH_DATA: dataFolder } = environment;
    // With a configuration of their own, people need no sample.
    const sample = environment.TROTH_CONFIG ? null : await prepareSampleSettings(dataFolder);
    if (!environment.DATABASE_URL) this.#postgres = startEmbeddedPostgres({ dataFolder, log });
    const loopback = sample ? endpointsOf(sample.settings.ports) : [];
    const env = this.#childEnvironment((await this.#postgres)?.url, loopback);
    const [{ url, setupLink }, surroundings] = await Promise.all([
      this.#startServer(env),
      sample ? lookAround(readEnvironment(env)) : {},
      this.#startAgent(env),
      sample && this.#launch('sample', ['sample', 'run'], { TROTH_DATA: dataFolder }),
    ]);
    const api = new ApiClient({ url: localUrl(url), token: this.#token, isOwnServer: true });
    if (environment.TROTH_CONFIG) await applyFile(api, environment.TROTH_CONFIG);
    const isWatched =
      sample !== null &&
      (await this.#connectSample({ api, surroundings, ports: sample.settings.ports, moved: sample.moved }));
    if (this.#options.hasDemo && sample === null) await loadDemo(api, null);
    return { url, setupLink, loopback: isWatched ? loopback : [] };
  }

  /** Ends everything in order: the agent hands over what it has, the server stores it, the database comes last. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const name of ['agent', 'server', 'sample'] as const) await this.#children.get(name)?.stop(patienceMs[name]);
    const postgres = await this.#postgres?.catch(() => undefined);
    await postgres?.stop();
  }

  /** Ends the children at once; what they had begun is lost, what is committed is not. */
  hurry(): void {
    for (const child of this.#children.values()) child.kill();
  }

  #childEnvironment(databaseUrl: string | undefined, loopback: readonly string[]): NodeJS.ProcessEnv {
    const { environment, env } = this.#options;
    const { TROTH_ALLOW_LOOPBACK: allowed, LOG_LEVEL } = environment;
    const ports = [...(allowed === 'false' ? [] : [allowed]), ...loopback].join(',');
    return {
      NODE_ENV: 'production',
      ...env,
      LOG_LEVEL,
      ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
      TROTH_ALLOW_LOOPBACK: allowed === 'true' || ports === '' ? allowed : ports,
    };
  }

  async #startServer(env: NodeJS.ProcessEnv): Promise<{ url: string; setupLink: string | null }> {
    const ready = await this.#launch('server', ['server'], { ...env, TROTH_ADMIN_TOKEN: this.#token });
    const { url, setupLink } = ready as unknown as { url: string; setupLink: string | null };
    // Started again, it has to be found where it was.
    this.#children.get('server')!.extendEnvironment({ PORT: new URL(url).port || this.#options.env['PORT'] });
    return { url, setupLink };
  }

  #startAgent(env: NodeJS.ProcessEnv) {
    const { TROTH_LOCATION: location = defaultLocation, TROTH_SECRET_KEY, TROTH_DATA } = this.#options.environment;
    const key = new Keyring(readSecretKey(TROTH_SECRET_KEY, TROTH_DATA)).location(location).toString('base64url');
    const {
      TROTH_SECRET_KEY: _secret,
      TROTH_ADMIN_TOKEN: _token,
      TROTH_SMTP_URL: _mail,
      TROTH_MAIL_FROM: _from,
      TROTH_DEADMAN_URL: _deadman,
      ...own
    } = env;
    return this.#launch('agent', ['agent'], { ...own, TROTH_LOCATION: location, TROTH_LOCATION_KEY: key });
  }

  /** Answers whether the sample is wanted; ends it where nothing watches it. */
  async #connectSample(starter: Pick<StarterOptions, 'api' | 'surroundings' | 'ports' | 'moved'>): Promise<boolean> {
    const { environment, log } = this.#options;
    const { TROTH_DATA: dataFolder, TROTH_LOCATION: location = defaultLocation } = environment;
    const options = { ...starter, dataFolder, log, location };
    const found = await bringUpStarter(options);
    const isLoaded =
      this.#options.hasDemo === true && (await loadDemo(starter.api, { location, ports: starter.ports }));
    // What stands for the services of the demo is the sample.
    const { isWatched, heartbeatUrl } = isLoaded ? await findStarter(options) : found;
    const sample = this.#children.get('sample')!;
    if (!isWatched) await sample.stop(patienceMs.sample);
    else if (heartbeatUrl) sample.tellAlways({ type: 'heartbeat', url: starter.api.here(heartbeatUrl) });
    return isWatched;
  }

  #launch(name: keyof typeof patienceMs, command: readonly string[], env: NodeJS.ProcessEnv) {
    if (this.#isStopping) throw new CommandError('Stopped while starting.');
    const { log, record, onLine } = this.#options;
    const onLaunch = (pid: number) => record.note(name, pid);
    const child = new SupervisedChild({ name, args: trothArgs(...command), env, log, onLine, onLaunch });
    this.#children.set(name, child);
    return child.start();
  }
}

const endpointsOf = ({ http, tcp, tls, dns }: SamplePorts): string[] =>
  [http, tcp, tls, dns].map((port) => `${sampleHost}:${port}`);

async function applyFile(api: ApiClient, file: string): Promise<void> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError(`TROTH_CONFIG: ${(error as Error).message}`, { cause: error });
  }
  try {
    await api.send('POST', '/api/v1/config/apply', text, 'application/yaml');
  } catch (error) {
    throw new CommandError(`TROTH_CONFIG: ${file} was not applied.\n${(error as Error).message}`, { cause: error });
  }
}
