/** One change of many services: what it makes of each, and why it may be refused. */
import { mostTags } from '../contract/catalog.ts';
import type { ServiceChange } from '../contract/service-bulk.ts';
import { Problem, type ProblemCode, type ProblemIssue } from '../platform/problem.ts';
import type { ServiceDraft, StoredService } from './definitions.ts';

/** The service as it shall be. */
export function bulkChanged(service: StoredService, change: ServiceChange): ServiceDraft {
  const { key, name, description, category, owner, tier, tags, paused, atLeast, dependsOn, managedBy } = service;
  const draft = { key, name, description, category, owner, tier, tags, paused, atLeast, dependsOn, managedBy };
  switch (change.type) {
    case 'pause':
      return { ...draft, paused: true };
    case 'resume':
      return { ...draft, paused: false };
    case 'add-tag':
      return tags.includes(change.tag) ? draft : { ...draft, tags: [...tags, change.tag] };
    case 'remove-tag':
      return { ...draft, tags: tags.filter((tag) => tag !== change.tag) };
  }
}

/**
 * Why the change cannot be made, null where it can: the first sort of refusal, with an issue at `keys.<n>` for every
 * service that it is about.
 */
export function bulkFaults(
  keys: readonly string[],
  change: ServiceChange,
  services: ReadonlyMap<string, StoredService>,
  mayChange: (owner: string) => boolean,
): Problem | null {
  const refuse = (
    code: ProblemCode,
    lead: string,
    messageOf: (key: string, service: StoredService | undefined) => string | null,
  ): Problem | null => {
    const issues = keys.flatMap((key, index): ProblemIssue[] => {
      const message = messageOf(key, services.get(key));
      return message === null ? [] : [{ path: `keys.${index}`, message }];
    });
    return issues.length === 0 ? null : new Problem(code, `${lead}: ${named(issues, keys)}`, { issues });
  };
  return (
    refuse('invalid-input', 'There are no such services', (key, service) =>
      service ? null : `there is no service "${key}"`,
    ) ??
    refuse('forbidden', 'They are of teams that are not yours', (key, service) =>
      mayChange(service!.owner) ? null : `only team "${service!.owner}" and admins may change "${key}"`,
    ) ??
    refuse('managed-by-file', 'The config file manages them, change them there', (key, service) =>
      service!.managedBy === 'file' ? `the config file manages "${key}"` : null,
    ) ??
    refuse('invalid-input', `They have ${mostTags} tags, which is the most`, (key, service) =>
      bulkChanged(service!, change).tags.length > mostTags ? `"${key}" can take no further tag` : null,
    )
  );
}

const namedAtMost = 5;
function named(issues: readonly ProblemIssue[], keys: readonly string[]): string {
  const all = issues.map(({ path }) => keys[Number(path.slice('keys.'.length))]);
  const rest = all.length - namedAtMost;
  return all.slice(0, namedAtMost).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
