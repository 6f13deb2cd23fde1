import { probeKinds, secretPaths } from '../../probes/registry.ts';
import { hiddenSecret } from '../contract/catalog.ts';
import type { InputIssue } from '../contract/input-issues.ts';
import { environmentSchema } from '../platform/config.ts';

type Container = Record<string, unknown>;
type Path = readonly string[];

/** A place in a probe's config whose value is never shown. */
interface SecretPlace {
  /** `payroll.login` */
  probe: string;
  /** Path inside of the config. */
  path: Path;
}

const word = (text: string): string =>
  text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]/g, '_')
    .toUpperCase();

/** The variable that stands for a secret in an export: `SECRET_PAYROLL__LOGIN__BASIC_PASSWORD`. */
export const placeholderName = ({ probe, path }: SecretPlace): string =>
  `SECRET_${[...probe.split('.').map(word), path.map(word).join('_')].join('__')}`;

/** A text as it has to be written in a file so that it is read as it is. */
export const escapeVariables = (text: string): string => text.replaceAll('${', '$$${');

const pattern = /\$\$\{|\$\{([^}]*)\}/g;
const isVariableName = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name);
/** What configures the server, its database client or its runtime is nobody's secret to send away. */
const isOwn = (name: string): boolean =>
  name in environmentSchema.shape || /^(?:TROTH_|PG[A-Z]|NODE_|npm_)/i.test(name);

/**
 * Replaces `${NAME}` by environment variables, in place. They may stand where values stay secret, and in headers, which
 * become secret by it: nobody can read the server's environment through a file. `$${` is a plain `${` everywhere.
 */
export class VariableSubstitution {
  readonly issues: InputIssue[] = [];
  /**
   * Variables that are not set but named as an export names just that secret, by path: the stored secret is kept there.
   */
  readonly kept = new Map<string, string>();
  readonly #document: unknown;
  readonly #env: NodeJS.ProcessEnv;
  readonly #moves: (() => void)[] = [];

  constructor(document: unknown, env: NodeJS.ProcessEnv) {
    this.#document = document;
    this.#env = env;
    this.#walk(document, []);
    for (const move of this.#moves) move();
  }

  #walk(value: unknown, path: Path): void {
    if (!isContainer(value)) return;
    for (const [name, item] of Object.entries(value)) {
      if (typeof item !== 'string') this.#walk(item, [...path, name]);
      else if (item.includes('${')) value[name] = this.#substituted(item, [...path, name]);
    }
  }

  #substituted(text: string, path: Path): string {
    const place = secretPlace(this.#document, path);
    let isSecret = false;
    const result = text.replaceAll(pattern, (match, name?: string) => {
      if (name === undefined) return '${';
      isSecret = true;
      return this.#valueOf(name, match === text, place, path) ?? match;
    });
    if (isSecret && path[5] === 'headers') this.#moves.push(() => makeSecret(this.#document, path));
    return result;
  }

  #valueOf(name: string, isAlone: boolean, place: SecretPlace | undefined, path: Path): string | undefined {
    const objection = objectionTo(name, place, secretsOf(this.#document, path));
    if (objection !== undefined) this.issues.push({ path, message: objection });
    const value = this.#env[name];
    if (objection !== undefined || value !== undefined) return value;
    if (place && isAlone && name === placeholderName(place)) {
      this.kept.set(keptKey(path), name);
      return hiddenSecret;
    }
    this.issues.push({ path, message: notSet(name) });
    return undefined;
  }
}

export const keptKey = (path: Path): string => path.join('\n');
export const notSet = (name: string): string => `the environment variable ${name} is not set`;

function objectionTo(name: string, place: SecretPlace | undefined, secrets: readonly string[]): string | undefined {
  const plain = 'write $${ for a plain ${';
  if (!isVariableName(name)) return `"\${${name}}" names no environment variable; ${plain}`;
  if (!place) {
    const where = secrets.length > 0 ? `: here ${secrets.join(', ')}` : ' of a probe';
    return `\${${name}} may stand only where values stay secret${where}; ${plain}`;
  }
  return isOwn(name) ? `\${${name}} is Troth's own and cannot be used in a config file` : undefined;
}

/** Where a path of the file leads to a secret of a probe, or to a header that can become one. */
function secretPlace(document: unknown, path: Path): SecretPlace | undefined {
  const [, service, , probe, , ...inner] = path;
  const patterns = configPatterns(document, path);
  const isSecret = patterns.some(
    (one) => one.length === inner.length && one.every((part, index) => part === '*' || part === inner[index]),
  );
  return isSecret ? { probe: `${service}.${probe}`, path: inner } : undefined;
}

const secretsOf = (document: unknown, path: Path): string[] =>
  configPatterns(document, path).map((one) => `config.${one.join('.')}`);

/** Patterns of the paths in a probe's config where variables may stand; none where the path leads to no config. */
function configPatterns(document: unknown, path: Path): Path[] {
  if (path[0] !== 'services' || path[2] !== 'probes' || path[4] !== 'config') return [];
  const kind = field(valueAt(document, path.slice(0, 4)), 'kind');
  if (!probeKinds.some((one) => one.kind === kind)) return [];
  const patterns = secretPaths(kind as string);
  return patterns.some(([head]) => head === 'secretHeaders') ? [...patterns, ['headers', '*']] : [...patterns];
}

/** Moves a header to those whose values are secret. */
function makeSecret(document: unknown, path: Path): void {
  const config = valueAt(document, path.slice(0, 5)) as Container;
  const headers = config['headers'] as Container;
  const name = path[6]!;
  const secretHeaders = (config['secretHeaders'] ??= {});
  if (!isContainer(secretHeaders) || name in secretHeaders) return;
  secretHeaders[name] = headers[name];
  delete headers[name];
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;
const field = (value: unknown, name: string): unknown => (isContainer(value) ? value[name] : undefined);
const valueAt = (value: unknown, path: Path): unknown => path.reduce(field, value);
