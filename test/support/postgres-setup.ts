import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import type { Cluster } from './postgres-cluster.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where `freshDatabase` asks for databases. */
    databasesUrl: string;
  }
}

/** One PostgreSQL for the whole run, started when the first test file asks for a database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let cluster: Promise<Cluster> | undefined;
  const answers = createServer((request, response) => {
    const name = request.url!.slice(1);
    // Files ask seldom: a connection that is kept would be closed while the next one sends its request.
    response.setHeader('Connection', 'close');
    const done = (cluster ??= startCluster()).then((one) => {
      if (request.method === 'DELETE') return one.drop(name);
      return name === 'empty' ? one.createEmpty() : one.create();
    });
    done.then(
      (url) => response.end(url),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.stack : String(error)),
    );
  });
  await new Promise<void>((resolve) => answers.listen(0, '127.0.0.1', resolve));
  project.provide('databasesUrl', `http://127.0.0.1:${(answers.address() as AddressInfo).port}/`);
  return async () => {
    answers.close();
    await cluster?.then((one) => one.stop());
  };
}

/** Imported late: most runs of a single test file need no database. */
const startCluster = async (): Promise<Cluster> => (await import('./postgres-cluster.ts')).Cluster.start();
