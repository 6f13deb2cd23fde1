/** From the lines of a pasted list to proposed probes. Pure. */
import type { ProbeKind } from '../../probes/contract.ts';
import { probeKinds } from '../../probes/registry.ts';
import { parseInput } from '../contract/input-issues.ts';
import { freeKey, keyOfName } from '../contract/key-of-name.ts';
import type { Proposal, ProposedProbe } from '../contract/proposals.ts';
import { choicesFor, type ProbeChoice } from './probe-choice.ts';
import { readTargetLine, type TargetLine } from './target-line.ts';

/** What is there already: keys of services, and probes by `identityOf`. */
export interface Known {
  serviceKeys: ReadonlySet<string>;
  probes: ReadonlyMap<string, string>;
}

export interface ReadLine {
  line: number;
  text: string;
  read: TargetLine;
}

const kinds = new Map(probeKinds.map((kind) => [kind.kind, kind]));

/** Two probes of one identity look at the same. */
export const identityOf = (kind: string, target: string): string => `${kind} ${target.toLowerCase()}`;

/** The lines that say something. */
export const readLines = (lines: readonly string[]): ReadLine[] =>
  lines.flatMap((raw, index) => {
    const text = raw.trim();
    return text === '' || text.startsWith('#') ? [] : [{ line: index + 1, text, read: readTargetLine(text) }];
  });

/** Hosts that are named without a port: those for which it matters whether a location can ping. */
export const bareHosts = (lines: readonly ReadLine[]): string[] =>
  lines.flatMap(({ read }) => ('target' in read && read.target.form === 'host' ? [read.target.host] : []));

/** A proposal for every line; keys are free, and told apart from one another. */
export function proposalsFor(lines: readonly ReadLine[], canPing: boolean | null, known: Known): Proposal[] {
  const taken = new Set(known.serviceKeys);
  const before = new Map<string, number>();
  return lines.map(({ line, text, read }) => {
    const nothing = { probes: [], takenKey: null, watchedBy: null, sameAsLine: null };
    if ('problem' in read) return { line, text, problem: read.problem, name: '', key: '', ...nothing };
    const offered = choicesFor(read.target, canPing).map(toProposed);
    // What is wrong with the best is wrong with the line.
    if (typeof offered[0] === 'string') {
      return { line, text, problem: offered[0], name: read.name, key: '', ...nothing };
    }
    const probes = offered.filter((one) => typeof one !== 'string');
    const own = keyOfName(read.name);
    const key = freeKey(own, (candidate) => taken.has(candidate));
    taken.add(key);
    const identity = identityOf(probes[0]!.kind, probes[0]!.target);
    const sameAsLine = before.get(identity) ?? null;
    if (sameAsLine === null) before.set(identity, line);
    return {
      ...{ line, text, problem: null, name: read.name, key, probes, sameAsLine },
      takenKey: key === own ? null : own,
      watchedBy: known.probes.get(identity) ?? null,
    };
  });
}

/** The choice as its kind understands it; what is wrong with it where the kind does not. */
function toProposed({ kind: name, config, because }: ProbeChoice): ProposedProbe | string {
  const kind = kinds.get(name) as ProbeKind;
  const { value, issues } = parseInput(kind.config, config);
  if (value === undefined) return issues[0]!.message;
  const { title, defaults } = kind;
  return { kind: name, title, target: kind.describe(value), because, config, timeoutMs: defaults.timeoutMs };
}
