import { ProbeFailure, type ProbeKind } from './contract.ts';
import { dnsProbe } from './kinds/dns.probe.ts';
import { heartbeatProbe } from './kinds/heartbeat.probe.ts';
import { httpProbe } from './kinds/http.probe.ts';
import { icmpProbe } from './kinds/icmp.probe.ts';
import { tcpProbe } from './kinds/tcp.probe.ts';
import { tlsProbe } from './kinds/tls.probe.ts';
import { configJsonSchema, secretsIn, type JsonSchema } from './support/config-schema.ts';
import { nearest } from './support/nearest.ts';
import type { SecretPath } from './support/sealed.ts';

/** Every kind of probe; a new one needs its line here and nothing else. */
export const probeKinds: readonly ProbeKind[] = [httpProbe, tcpProbe, tlsProbe, dnsProbe, icmpProbe, heartbeatProbe];

const kindByName = new Map(probeKinds.map((one) => [one.kind, one]));

/** The kind of a name. Throws a ProbeFailure of reason `config-invalid` that names the nearest kind and all there are. */
export function probeKind(name: string): ProbeKind {
  const found = kindByName.get(name);
  if (found) return found;
  const names = [...kindByName.keys()];
  const meant = nearest(name, names);
  const hint = meant ? `did you mean "${meant}"? ` : '';
  throw new ProbeFailure('config-invalid', `there is no probe kind "${name}": ${hint}Kinds are ${names.join(', ')}`);
}

export type { JsonSchema };

export interface KindSchema extends Pick<ProbeKind, 'kind' | 'title' | 'description' | 'mode' | 'defaults'> {
  /** JSON Schema (2020-12) of the config as people write it; secret fields have `writeOnly` and `x-secret`. */
  schema: JsonSchema;
}

/** The kinds as forms, editors and API documents need them. */
export const kindSchemas = (): KindSchema[] =>
  probeKinds.map(({ kind, title, description, mode, defaults }) => ({
    kind,
    title,
    description,
    mode,
    defaults,
    schema: schemaOf(kind),
  }));

const schemas = new Map<string, JsonSchema>();

function schemaOf(name: string): JsonSchema {
  let schema = schemas.get(name);
  if (schema === undefined) {
    schema = configJsonSchema(probeKind(name).config);
    schemas.set(name, schema);
  }
  return schema;
}

const secrets = new Map<string, readonly SecretPath[]>();

/** Where a kind's config holds secrets; `*` stands for the items of an array and the values of a record. */
export function secretPaths(name: string): readonly SecretPath[] {
  let paths = secrets.get(name);
  if (paths === undefined) secrets.set(name, (paths = secretsIn(schemaOf(name))));
  return paths;
}
