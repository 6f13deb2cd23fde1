import type { OnCallSections } from '../alerting/on-call/on-call-document.service.ts';
import { catalogSections, type CatalogDocument } from '../catalog/catalog-document.service.ts';
import { configApiVersion } from '../contract/config-file.ts';
import type { InputIssue } from '../contract/input-issues.ts';
import { quoted, suggestion } from '../contract/suggestion.ts';
import { Problem, type ProblemIssue } from '../platform/problem.ts';
import { keptKey, notSet, VariableSubstitution } from './variables.ts';
import { YamlSource, yamlLimits } from './yaml-source.ts';

/** Sections that the format has and this version cannot apply. */
const laterSections: ReadonlySet<string> = new Set(['alerting']);
const agreementsSection = 'agreements';
const frameworksSection = 'frameworks';
const onCallSections: (keyof OnCallSections)[] = ['onCallSchedules', 'escalationPolicies', 'alertRoutes'];
const issuesAtMost = 200;

/** One issue of a file, with its place. */
export type FileIssue = ProblemIssue & { line: number; column: number };

/** A config file that was read but not yet checked against what is stored. */
export class ConfigFile {
  readonly catalog: CatalogDocument;
  /** Sections as they were written, not checked yet. */
  readonly agreements: unknown;
  readonly frameworks: unknown;
  readonly onCall: OnCallSections;
  readonly #source: YamlSource;
  readonly #variables: VariableSubstitution;
  /** Why the document as a whole is no config file: then nothing else about it is worth a word. */
  readonly #unusable: InputIssue | undefined;
  readonly #own: readonly InputIssue[];

  /** @throws Problem too-large */
  constructor(text: string, env: NodeJS.ProcessEnv) {
    const bytes = Buffer.byteLength(text);
    if (bytes > yamlLimits.bytes) {
      throw new Problem(
        'too-large',
        `A config file may have ${mebibytes(yamlLimits.bytes)}; this one has ${mebibytes(bytes)}`,
      );
    }
    this.#source = new YamlSource(text);
    const { value } = this.#source;
    this.#variables = new VariableSubstitution(value, env);
    const sections = isRecord(value) ? value : {};
    this.#unusable = objectionTo(value);
    this.#own = topLevelIssues(sections);
    this.agreements = sections[agreementsSection];
    this.frameworks = sections[frameworksSection];
    this.onCall = Object.fromEntries(onCallSections.map((name) => [name, sections[name]])) as unknown as OnCallSections;
    this.catalog = Object.fromEntries(catalogSections.map((name) => [name, sections[name]]));
  }

  /** All faults of the file, those found in its catalog included, in order of place. */
  faults(catalogIssues: readonly InputIssue[]): FileIssue[] {
    const placed = this.#issues(catalogIssues).map((issue) => ({
      path: issue.path.join('.'),
      message: this.#unset(issue.path) ?? issue.message,
      ...this.#source.placeOf(issue.path, issue.isName),
    }));
    const syntax = this.#source.faults.map(({ path = [], ...fault }) => ({ path: path.join('.'), ...fault }));
    const all = [...syntax, ...placed].sort((a, b) => a.line - b.line || a.column - b.column);
    if (all.length <= issuesAtMost) return all;
    const last = all[issuesAtMost]!;
    return [
      ...all.slice(0, issuesAtMost),
      { ...last, path: '', message: `and ${all.length - issuesAtMost} more faults` },
    ];
  }

  #issues(catalogIssues: readonly InputIssue[]): readonly InputIssue[] {
    if (!this.#source.isReadable) return [];
    if (this.#unusable) return [this.#unusable];
    return [...this.#own, ...this.#variables.issues, ...catalogIssues];
  }

  /** A secret that an export left to a variable, where there is no stored one to keep. */
  #unset(path: readonly string[]): string | undefined {
    const variable = this.#variables.kept.get(keptKey(path));
    return variable === undefined ? undefined : notSet(variable);
  }
}

function objectionTo(value: unknown): InputIssue | undefined {
  if (!isRecord(value)) {
    const message = `a config file is a map of fields that begins with "apiVersion: ${configApiVersion}"`;
    return { path: [], message };
  }
  const { apiVersion } = value;
  if (apiVersion === configApiVersion) return undefined;
  return apiVersion === undefined
    ? { path: [], message: `"apiVersion: ${configApiVersion}" is required` }
    : { path: ['apiVersion'], message: `must be "${configApiVersion}"` };
}

function topLevelIssues(value: Record<string, unknown>): InputIssue[] {
  const known = ['apiVersion', ...catalogSections, frameworksSection, agreementsSection, ...onCallSections];
  const unknown = Object.keys(value).filter((name) => !known.includes(name));
  return unknown.map((name) => ({
    path: [name],
    message: laterSections.has(name)
      ? `"${name}" is not supported by this version`
      : `${quoted(name)} is not a known field${suggestion(name, known)}`,
    isName: true,
  }));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mebibytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;
