import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Queues } from '../../probes/queues.ts';
import { SteadyClock } from '../../probes/support/clock.ts';
import { ENVIRONMENT, type Environment } from './config.ts';
import { Database, SCHEMA, type Schema } from './database.ts';
import { EventBus } from './events.ts';
import { HealthController } from './health.controller.ts';
import { HealthRegistry } from './health-registry.ts';
import { LOGGER, type Logger } from './logger.ts';
import { Mailer } from './mailer.ts';
import { Metrics } from './metrics.ts';
import { MetricsController } from './metrics.controller.ts';
import { Keyring, KEYRING, readSecretKey } from './secrets.ts';

async function openDatabase(environment: Environment, schema: Schema, log: Logger): Promise<Database> {
  const database = new Database(environment, schema, log);
  await database.open();
  return database;
}

/** Queues may live in the database, so that they come after it. */
async function openQueues(environment: Environment, log: Logger, database: Database): Promise<Queues> {
  const store = { redisUrl: environment.REDIS_URL, databaseUrl: environment.DATABASE_URL };
  const queues = new Queues(store, (err) => log.warn({ err }, 'the queue had an error'));
  try {
    await queues.migrate();
    return queues;
  } catch (error) {
    await queues.close();
    await database.close();
    throw error;
  }
}

const providers = [
  EventBus,
  HealthRegistry,
  Metrics,
  Mailer,
  { provide: SteadyClock, useFactory: () => new SteadyClock() },
  { provide: Database, useFactory: openDatabase, inject: [ENVIRONMENT, SCHEMA, LOGGER] },
  { provide: Queues, useFactory: openQueues, inject: [ENVIRONMENT, LOGGER, Database] },
  {
    provide: KEYRING,
    useFactory: ({ TROTH_SECRET_KEY, TROTH_DATA }: Environment) =>
      new Keyring(readSecretKey(TROTH_SECRET_KEY, TROTH_DATA)),
    inject: [ENVIRONMENT],
  },
];

/** What all features stand on. Global because it is configured: Nest would take a plain import for another module. */
@Module({ controllers: [HealthController, MetricsController] })
export class PlatformModule implements OnApplicationShutdown {
  static forRoot(environment: Environment, schema: Schema, log: Logger): DynamicModule {
    const given = [
      { provide: ENVIRONMENT, useValue: environment },
      { provide: SCHEMA, useValue: schema },
      { provide: LOGGER, useValue: log },
    ];
    return {
      module: PlatformModule,
      global: true,
      providers: [...given, ...providers],
      exports: [...given, ...providers].map((provider) => ('provide' in provider ? provider.provide : provider)),
    };
  }

  readonly #database: Database;
  readonly #queues: Queues;

  constructor(database: Database, queues: Queues, health: HealthRegistry) {
    this.#database = database;
    this.#queues = queues;
    health.register('database', async () => {
      await database.query('select 1');
      return { ok: true, detail: 'answers' };
    });
    health.register('queue', async () => {
      const ok = await queues.isReachable();
      return { ok, detail: ok ? 'answers' : 'does not answer' };
    });
  }

  /** Runs after the hooks of every feature: running jobs end first, since they need the database. */
  async onApplicationShutdown(): Promise<void> {
    await this.#queues.close();
    await this.#database.close();
  }
}
