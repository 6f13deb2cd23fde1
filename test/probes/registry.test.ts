import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOwnFault, ProbeFailure, reasons, verdicts, type Outcome, type ProbeKind } from '../../probes/contract.ts';
import { kindSchemas, probeKind, probeKinds, secretPaths, type JsonSchema } from '../../probes/registry.ts';
import { runMany, runProbe } from '../../probes/run-probe.ts';
import { mapPaths } from '../../probes/support/sealed.ts';
import { listening, type Target } from '../support/targets/listening.ts';
import { closedPort } from '../support/targets/tcp-target.ts';

interface Sample {
  /** An argument of `troth check`. */
  target: string;
  /** A config that leads to a port, as people write it; what is there has to speak before the probe is up. */
  towards: (host: string, port: number) => object;
  /** What a silent and a closed port of loopback give; left out where the kind knows no ports. */
  silent?: string;
  closed?: string;
}

/** A new kind needs an entry here: what follows holds for every kind. */
const samples: Record<string, Sample> = {
  http: {
    target: 'https://payroll.internal/login',
    towards: (host, port) => ({ url: `http://${host}:${port}/` }),
    silent: 'timeout',
    closed: 'connection-refused',
  },
  tcp: {
    target: 'db.internal:5432',
    towards: (host, port) => ({ host, port, conversation: [{ expect: { contains: '220' } }] }),
    silent: 'timeout',
    closed: 'connection-refused',
  },
  tls: {
    target: 'payroll.internal:8443',
    towards: (host, port) => ({ host, port }),
    silent: 'timeout',
    closed: 'connection-refused',
  },
  dns: {
    target: 'payroll.internal MX @10.0.0.53:5353',
    towards: (host, port) => ({ name: 'payroll.internal', server: `${host}:${port}` }),
    silent: 'timeout',
    closed: 'connection-refused',
  },
  icmp: { target: '10.0.0.1', towards: (host) => ({ host }) },
  heartbeat: { target: '5m', towards: () => ({}) },
};

const open = { check: () => {} };
const pulled = probeKinds.filter((kind) => kind.mode === 'pull');
const sampleOf = (kind: ProbeKind): Sample => {
  const sample = samples[kind.kind];
  if (!sample) throw new Error(`no sample for the kind ${kind.kind}`);
  return sample;
};
const configTowards = (kind: ProbeKind, host: string, port: number) =>
  kind.config.parse(sampleOf(kind).towards(host, port));

/** Verdict and reason are words of the contract that go together. */
function expectSound({ verdict, reason, latencyMs, detail, facts }: Outcome): void {
  expect(verdicts).toContain(verdict);
  expect(Object.keys(reasons)).toContain(reason);
  expect(isOwnFault(reason)).toBe(verdict === 'unknown');
  expect(reason === 'ok').toBe(verdict === 'up');
  if (latencyMs !== null) expect(latencyMs).toBeGreaterThan(0);
  expect((detail ?? '').length).toBeLessThanOrEqual(500);
  for (const fact of Object.values(facts ?? {})) expect(String(fact).length).toBeLessThanOrEqual(500);
}

describe('the registry', () => {
  it('holds each kind once', () => {
    const names = probeKinds.map((one) => one.kind);
    expect(names).toEqual(['http', 'tcp', 'tls', 'dns', 'icmp', 'heartbeat']);
    for (const name of names) expect(probeKind(name).kind).toBe(name);
  });

  it('suggests the nearest name for one that is mistyped', () => {
    const all = 'Kinds are http, tcp, tls, dns, icmp, heartbeat';
    expect(() => probeKind('htpt')).toThrow(`there is no probe kind "htpt": did you mean "http"? ${all}`);
    expect(() => probeKind('ping')).toThrow(`there is no probe kind "ping": ${all}`);
    expect(() => probeKind('__proto__')).toThrow(ProbeFailure);
  });

  it('knows where secrets are, through objects, lists and records', () => {
    expect(secretPaths('tcp')).toEqual([
      ['tls', 'key'],
      ['conversation', '*', 'sendSecret'],
    ]);
    expect(secretPaths('http')).toEqual(
      expect.arrayContaining([['secretHeaders', '*'], ['basic', 'password'], ['bearer'], ['tls', 'key']]),
    );
    expect(secretPaths('icmp')).toEqual([]);
    expect(secretPaths('tcp')).toBe(secretPaths('tcp'));
  });

  it('points at the secrets of a parsed config', () => {
    const config = probeKind('tcp').config.parse({
      host: 'cache.internal',
      port: 6379,
      conversation: [{ sendSecret: 'AUTH pass' }, { send: 'PING' }],
    });
    expect(mapPaths(config, secretPaths('tcp'), () => '***')).toMatchObject({
      host: 'cache.internal',
      conversation: [{ sendSecret: '***' }, { send: 'PING' }],
    });
  });
});

/** Every named field below a schema, with its path. */
function fieldsOf(schema: JsonSchema | boolean, path: string): [string, JsonSchema][] {
  if (typeof schema === 'boolean') return [];
  const { properties = {}, items, additionalProperties, anyOf = [], oneOf = [], allOf = [] } = schema;
  const inner = [items, additionalProperties, ...anyOf, ...oneOf, ...allOf].flat().filter((one) => one !== undefined);
  return [
    ...Object.entries(properties).flatMap(([name, field]): [string, JsonSchema][] => [
      [`${path}.${name}`, field as JsonSchema],
      ...fieldsOf(field, `${path}.${name}`),
    ]),
    ...inner.flatMap((one) => fieldsOf(one, path)),
  ];
}

describe.each(kindSchemas())('the schema of $kind', ({ kind, title, description, defaults, schema }) => {
  it('is one of an object, with words and defaults beside it', () => {
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    expect([title, description].filter((text) => text.length < 3)).toEqual([]);
    expect(defaults.timeoutMs).toBeLessThan(defaults.everyMs);
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });

  it('describes every field', () => {
    const fields = fieldsOf(schema, kind);
    expect(fields.length).toBeGreaterThan(0);
    expect(fields.filter(([, field]) => (field.description ?? '').length < 3).map(([path]) => path)).toEqual([]);
  });

  it('marks its secrets for readers, and says so in no other way', () => {
    const marked = (text: string) => text.split('"x-secret":true').length - 1;
    const text = JSON.stringify(schema);
    expect(marked(text)).toBe(secretPaths(kind).length);
    expect(text.split('"writeOnly":true').length - 1).toBe(marked(text));
    expect(text).not.toContain('"secret":true');
  });
});

describe.each(probeKinds.map((kind) => ({ name: kind.kind, kind })))('the kind $name', ({ kind }) => {
  it('reads a target, and reads back what it says of it', () => {
    for (const target of kind.examples) kind.config.parse(kind.fromTarget(target));
    expect(kind.examples.length > 0).toBe(kind.mode === 'pull');
    const config = kind.config.parse(kind.fromTarget(sampleOf(kind).target));
    expect(kind.config.parse(kind.fromTarget(kind.describe(config)))).toEqual(config);
  });

  it('parses what it has parsed to the same, as JSON too', () => {
    for (const input of [kind.fromTarget(sampleOf(kind).target), sampleOf(kind).towards('127.0.0.1', 80)]) {
      const config = kind.config.parse(input);
      expect(kind.config.parse(JSON.parse(JSON.stringify(config)))).toEqual(config);
    }
  });

  it('refuses a field that it does not know', () => {
    const input = { ...sampleOf(kind).towards('127.0.0.1', 80), tiemout: 1 };
    expect(kind.config.safeParse(input).error?.issues).toMatchObject([
      { code: 'unrecognized_keys', keys: ['tiemout'] },
    ]);
  });
});

describe('a run', () => {
  let silent: Target;
  let silentUdp: UdpSocket;
  let packets = 0;
  let closed: number;
  beforeAll(async () => {
    silent = await listening(createServer((socket) => socket.resume()));
    silentUdp = createSocket('udp4').bind(silent.port, '127.0.0.1');
    silentUdp.on('message', () => (packets += 1));
    await once(silentUdp, 'listening');
    closed = await closedPort();
  });
  afterAll(async () => {
    silentUdp.close();
    await silent.close();
  });

  const timeoutMs = 300;
  const spareMs = 150;

  describe.each(probeKinds.map((kind) => ({ name: kind.kind, kind })))('of $name', ({ kind }) => {
    const timed = async (port: number) => {
      const begun = performance.now();
      const outcome = await runProbe(kind, configTowards(kind, '127.0.0.1', port), { timeoutMs, guard: open });
      expect(performance.now() - begun).toBeLessThan(timeoutMs + spareMs);
      expectSound(outcome);
      return outcome;
    };

    it('ends in time where the target is silent', async () => {
      const outcome = await timed(silent.port);
      const { silent: reason } = sampleOf(kind);
      if (reason) expect(outcome).toMatchObject({ verdict: 'down', reason });
    });

    it('ends at once where nothing listens', async () => {
      const outcome = await timed(closed);
      const { closed: reason } = sampleOf(kind);
      if (reason) expect(outcome).toMatchObject({ verdict: 'down', reason });
    });

    it('gives one outcome for each of many configs', async () => {
      const configs = [closed, silent.port, closed].map((port) => configTowards(kind, '127.0.0.1', port));
      const outcomes = await runMany(kind, configs, { timeoutMs, guard: open });
      expect(outcomes).toHaveLength(3);
      outcomes.forEach(expectSound);
    });

    it('leaves nothing open when it is stopped', async () => {
      const before = openResources();
      const stop = new AbortController();
      const seen = () => silent.connections() + packets;
      const seenBefore = seen();
      const options = { timeoutMs: 60_000, guard: open, stop: stop.signal };
      const running = runProbe(kind, configTowards(kind, '127.0.0.1', silent.port), options);
      if (sampleOf(kind).silent) await expect.poll(seen, { interval: 5 }).toBeGreaterThan(seenBefore);
      stop.abort();
      const outcome = await running;
      expectSound(outcome);
      if (sampleOf(kind).silent) expect(outcome).toMatchObject({ verdict: 'unknown', reason: 'agent-stopped' });
      await expect.poll(openResources, { interval: 5 }).toEqual(before);
    });
  });

  it.each(pulled.map((kind) => ({ name: kind.kind, kind })))(
    'of $name sends nothing where the guard refuses',
    async ({ kind }) => {
      const seen = () => [silent.connections(), packets];
      const before = seen();
      const checked: string[] = [];
      const guard = {
        check: (address: string) => {
          checked.push(address);
          throw new ProbeFailure('address-refused', `${address} is not for probes`);
        },
      };
      for (const host of ['127.0.0.1', 'localhost']) {
        const outcome = await runProbe(kind, configTowards(kind, host, silent.port), { timeoutMs: 1_000, guard });
        expect(outcome).toMatchObject({ verdict: 'unknown', reason: 'address-refused' });
      }
      expect(checked.length).toBeGreaterThanOrEqual(2);
      expect(seen()).toEqual(before);
    },
  );
});

/** The handles of this process that a probe could leave behind, by name and count; the runner's own timers come and go. */
function openResources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) {
    if (/TCP|TLS|UDP|DNS|Process|Pipe|AddrInfo|Http/i.test(name)) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
