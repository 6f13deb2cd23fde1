/** Rows of the page that adds many services: each a line of the list, with the probe that was chosen for it. */
import type { categories, NewServicesInput } from '../../server/contract/catalog.ts';
import { keyOfName } from '../../server/contract/key-of-name.ts';
import type { ProbeRunInput } from '../../server/contract/probing.ts';
import type { Proposal, ProposedProbe } from '../../server/contract/proposals.ts';

export interface AddedService {
  /** The same for as long as the row is there. */
  readonly id: number;
  readonly text: string;
  readonly problem: string | null;
  readonly name: string;
  readonly key: string;
  /** The key follows the name until somebody writes one. */
  readonly isOwnKey: boolean;
  readonly probes: readonly ProposedProbe[];
  readonly choice: number;
  readonly isChosen: boolean;
  /** What is worth knowing before it is added. */
  readonly notes: readonly string[];
  /** What the server said is wrong, by field. */
  readonly faults: Readonly<Record<string, string>>;
}

/** What all of them share. */
export interface SharedFields {
  owner: string;
  location: string;
  category: (typeof categories)[number];
}

/** A proposal as a row; what is watched already or named before is left out at first. */
export function toRow(id: number, proposal: Proposal): AddedService {
  const { text, problem, name, key, takenKey, probes, watchedBy, sameAsLine } = proposal;
  const notes = [
    ...(watchedBy === null ? [] : [`Watched already, by ${watchedBy}.`]),
    ...(sameAsLine === null ? [] : [`The same as line ${sameAsLine}.`]),
    ...(takenKey === null ? [] : [`The key "${takenKey}" is taken.`]),
  ];
  const isChosen = problem === null && watchedBy === null && sameAsLine === null;
  return { id, text, problem, name, key, isOwnKey: false, probes, choice: 0, isChosen, notes, faults: {} };
}

/** The row after its name was changed. */
export const renamed = (row: AddedService, name: string): AddedService => ({
  ...row,
  name,
  key: row.isOwnKey ? row.key : keyOfName(name),
  faults: {},
});

export const probeOf = ({ probes, choice }: AddedService): ProposedProbe | undefined => probes[choice];

/** The rows that would be added as they stand. */
export const chosenRows = (rows: readonly AddedService[]): AddedService[] =>
  rows.filter(({ isChosen, problem }) => isChosen && problem === null);

/** A row's probe as it is tried. */
export function toRun(row: AddedService, location: string): ProbeRunInput[] {
  const probe = probeOf(row);
  return probe ? [{ kind: probe.kind, config: probe.config, timeoutMs: probe.timeoutMs, location }] : [];
}

/** Rows as the server takes them, in their order. */
export const toNewServices = (
  rows: readonly AddedService[],
  { owner, location, category }: SharedFields,
): NewServicesInput => ({
  services: rows.map((row) => {
    const { kind, config } = probeOf(row)!;
    return {
      key: row.key,
      name: row.name,
      owner,
      category,
      probes: { [kind]: { kind, config, locations: [location] } },
    };
  }),
});

/** The faults that the server found, at the rows they belong to; the path of one is `services.<index>.<field>`. */
export function withFaults(
  rows: readonly AddedService[],
  sent: readonly AddedService[],
  issues: readonly { path: string; message: string }[],
): AddedService[] {
  const faults = new Map<number, Record<string, string>>();
  for (const { path, message } of issues) {
    const [, index, field = 'row'] = /^services\.(\d+)(?:\.(\w+))?/.exec(path) ?? [];
    const row = index === undefined ? undefined : sent[Number(index)];
    if (row) faults.set(row.id, { [field]: message, ...faults.get(row.id) });
  }
  return rows.map((row) => ({ ...row, faults: faults.get(row.id) ?? {} }));
}
