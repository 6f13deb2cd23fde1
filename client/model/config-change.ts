/** What a config file would change, grouped and in words. */
import { mdiFileLinkOutline, mdiMinus, mdiPencilOutline, mdiPlus } from '@mdi/js';
import type { ConfigChange } from '../../server/contract/config-file.ts';
import { countOf } from './size-text.ts';

export type ChangeAction = ConfigChange['action'];

/** In the order in which they are shown: what goes comes first, since it cannot be overlooked there. */
export const changeGroups: readonly { action: ChangeAction; title: string; done: string; icon: string }[] = [
  { action: 'delete', title: 'Removed', done: 'removed', icon: mdiMinus },
  { action: 'create', title: 'Added', done: 'added', icon: mdiPlus },
  { action: 'update', title: 'Changed', done: 'changed', icon: mdiPencilOutline },
  { action: 'adopt', title: 'Taken over by the file', done: 'taken over by the file', icon: mdiFileLinkOutline },
];

/** Counts in words: `2 added, 1 removed`; that nothing differs where that is so. */
export function changesText(changes: readonly ConfigChange[]): string {
  const parts = changeGroups.flatMap(({ action, done }) => {
    const count = changes.filter((change) => change.action === action).length;
    return count > 0 ? [`${count} ${done}`] : [];
  });
  return parts.join(', ') || 'Nothing';
}

/** What removals mean, by kind of thing, worst first. */
export function removalWarnings(changes: readonly ConfigChange[]): string[] {
  const gone = (kind: ConfigChange['kind']): ConfigChange[] =>
    changes.filter((change) => change.action === 'delete' && change.kind === kind);
  const services = new Set(gone('service').map(({ key }) => key));
  // Probes of a service that goes are told with it.
  const probes = gone('probe').filter(({ key }) => !services.has(key.split('.')[0]!));
  const warnings: [number, string][] = [
    [
      services.size,
      `${countOf(services.size, 'service')} with all probes: nothing of ${them(services.size)} is measured any more, and ${they(services.size)} disappear${services.size === 1 ? 's' : ''} from every board. A service of the same key that is made later begins a history of its own.`,
    ],
    [
      probes.length,
      `${countOf(probes.length, 'probe')} of services that stay: what ${they(probes.length)} saw no longer counts for the state of the service from now on.`,
    ],
    [
      gone('location').length,
      `${countOf(gone('location').length, 'location')}: agents that run there have nothing to do any more.`,
    ],
    [
      gone('team').length,
      `${countOf(gone('team').length, 'team')}: accounts that belong to ${them(gone('team').length)} lose what ${they(gone('team').length)} allowed.`,
    ],
  ];
  return warnings.filter(([count]) => count > 0).map(([, text]) => text);
}

const them = (count: number): string => (count === 1 ? 'it' : 'them');
const they = (count: number): string => (count === 1 ? 'it' : 'they');
