import { isDeepStrictEqual } from 'node:util';
import type { ProbeKind } from '../../probes/contract.ts';
import { kindSchemas, probeKinds } from '../../probes/registry.ts';
import { durationText } from '../../probes/support/duration.ts';
import type { JsonSchema } from '../contract/schema-fields.ts';

export const findKind = (name: string): ProbeKind | undefined => probeKinds.find(({ kind }) => kind === name);

export const configSchema = (kind: string): JsonSchema =>
  (kindSchemas().find((one) => one.kind === kind)?.schema ?? {}) as JsonSchema;

type Config = Readonly<Record<string, unknown>>;

/** A parsed config in the words of its schema: what was written as `grace: 1m` is stored as `graceMs: 60000`. */
export function writtenConfig(kind: string, config: Config): Config {
  const { properties = {} } = configSchema(kind);
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => {
      const written = name.endsWith('Ms') && !(name in properties) ? name.slice(0, -2) : name;
      return written !== name && written in properties ? [written, durationText(value as number)] : [name, value];
    }),
  );
}

/** A config as people would write it: without what the kind fills in by itself, in the order of its schema. */
export function conciseConfig(kind: string, config: Config): Config {
  const schema = findKind(kind)?.config;
  const parse = (candidate: Config): unknown => {
    const { data } = schema?.safeParse(candidate) ?? {};
    return data === undefined ? undefined : JSON.parse(JSON.stringify(data));
  };
  const isSame = (candidate: Config): boolean => isDeepStrictEqual(parse(candidate), config);
  return isSame(config) ? without(parse(config) as Config, isSame) : config;
}

/** Leaves out every field that can be left out, outer fields first. */
function without(config: Config, isSame: (candidate: Config) => boolean): Config {
  let kept = config;
  for (const [name, value] of Object.entries(config)) {
    const { [name]: _, ...rest } = kept;
    if (isSame(rest)) kept = rest;
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const outer = kept;
      kept = { ...outer, [name]: without(value as Config, (inner) => isSame({ ...outer, [name]: inner })) };
    }
  }
  return kept;
}
