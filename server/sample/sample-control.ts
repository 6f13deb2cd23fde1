import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Part } from './part.ts';
import { sampleHost } from './part.ts';
import { isPartName, type PartName, type SampleSettings } from './sample-settings.ts';

export type PartState = 'running' | 'stopped';
export type PartStates = Record<PartName, PartState>;

/** Switches parts off and on; a part that is in the wished state already is left alone. */
export class Switchboard {
  readonly #parts: Readonly<Record<PartName, Part>>;
  readonly #running = new Set<PartName>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(parts: Readonly<Record<PartName, Part>>) {
    this.#parts = parts;
  }

  get states(): PartStates {
    const names = Object.keys(this.#parts) as PartName[];
    return Object.fromEntries(
      names.map((name) => [name, this.#running.has(name) ? 'running' : 'stopped']),
    ) as PartStates;
  }

  /** One switch at a time, in the order they came. */
  set(name: PartName, wish: PartState): Promise<void> {
    const done = this.#queue.then(() => this.#apply(name, wish));
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #apply(name: PartName, wish: PartState): Promise<void> {
    if (this.states[name] === wish) return;
    if (wish === 'running') {
      await this.#parts[name].start();
      this.#running.add(name);
    } else {
      this.#running.delete(name);
      await this.#parts[name].stop();
    }
  }
}

/** Answers `GET /parts`, `POST /parts/http/stop` and `POST /parts/http/start` to whoever has the token. */
export function controlServer(switchboard: Switchboard, token: string): Server {
  return createServer((incoming, response) => {
    answer(incoming, switchboard, token).then(
      ([status, body]) => send(response, status, body),
      (error: unknown) => send(response, 500, { error: String(error) }),
    );
  });
}

async function answer(incoming: IncomingMessage, switchboard: Switchboard, token: string): Promise<[number, unknown]> {
  if (incoming.headers.authorization !== `Bearer ${token}`) return [401, { error: 'the token is missing or wrong' }];
  const [, name = '', act] = /^\/parts(?:\/(\w+)\/(stop|start))?$/.exec(incoming.url ?? '') ?? [];
  if (isPartName(name) && incoming.method === 'POST')
    await switchboard.set(name, act === 'stop' ? 'stopped' : 'running');
  else if (incoming.url !== '/parts') return [404, { error: 'not found' }];
  return [200, switchboard.states];
}

const send = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/** Asks the running sample for its states, switching one part before. @throws Error when no sample runs */
export async function callSample(
  { ports, token }: SampleSettings,
  change?: { part: PartName; wish: PartState },
): Promise<PartStates> {
  const path = change ? `/parts/${change.part}/${change.wish === 'stopped' ? 'stop' : 'start'}` : '/parts';
  const { status, text } = await call(ports.control, path, change ? 'POST' : 'GET', token);
  const body = JSON.parse(text) as PartStates | { error: string };
  if (status !== 200) throw new Error('error' in body ? body.error : text);
  return body as PartStates;
}

function call(port: number, path: string, method: string, token: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = {
      host: sampleHost,
      port,
      path,
      method,
      agent: false,
      headers: { authorization: `Bearer ${token}` },
    };
    const outgoing = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode!, text }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
