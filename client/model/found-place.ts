/** Where what was found is shown. */
import {
  mdiAccountGroupOutline,
  mdiCalendarClock,
  mdiAccountClockOutline,
  mdiBullseyeArrow,
  mdiCounter,
  mdiHandshakeOutline,
  mdiStairsUp,
  mdiHeartPulse,
  mdiMapMarkerOutline,
  mdiServer,
  mdiTextBoxMultipleOutline,
  mdiViewGridOutline,
  mdiWrenchClock,
} from '@mdi/js';
import type { RouteLocationRaw } from 'vue-router';
import type { Found } from '../../server/contract/search.ts';
import type { NavigationGroup } from './navigation.ts';

/** A line of the search: a thing or a page. */
export interface Finding {
  readonly id: string;
  readonly icon: string;
  readonly name: string;
  readonly hint: string;
  readonly to: RouteLocationRaw;
  /** Of a service: its state stands instead of the icon. */
  readonly service: string | null;
}

const icons: Record<Found['kind'], string> = {
  service: mdiServer,
  probe: mdiHeartPulse,
  team: mdiAccountGroupOutline,
  location: mdiMapMarkerOutline,
  board: mdiViewGridOutline,
  agreement: mdiHandshakeOutline,
  objective: mdiBullseyeArrow,
  maintenance: mdiWrenchClock,
  calendar: mdiCalendarClock,
  framework: mdiTextBoxMultipleOutline,
  metric: mdiCounter,
  'on-call-schedule': mdiAccountClockOutline,
  'escalation-policy': mdiStairsUp,
};

const places: Record<Found['kind'], (key: string) => RouteLocationRaw> = {
  service: (key) => ({ name: 'service', params: { key } }),
  probe: (key) => ({ name: 'service', params: { key: key.split('.')[0]! }, query: { probe: key } }),
  team: (key) => ({ path: '/services', query: { team: key } }),
  location: (key) => ({ path: '/agents', hash: `#${key}` }),
  board: (key) => ({ name: 'wall', params: { board: key } }),
  agreement: (key) => ({ name: 'agreement', params: { key } }),
  objective: (key) => {
    const [agreement, objective] = key.split('/');
    return { name: 'explanation', params: { key: agreement!, objective: objective! } };
  },
  maintenance: (key) => ({ name: 'maintenance', params: { key } }),
  calendar: (key) => ({ name: 'calendar', params: { key } }),
  framework: (key) => ({ name: 'framework', params: { key } }),
  metric: (key) => ({ name: 'metric', params: { key } }),
  'on-call-schedule': (key) => ({ name: 'on-call-schedule', params: { key } }),
  'escalation-policy': (key) => ({ name: 'escalation-policy', params: { key } }),
};

export const findingOf = (found: Found): Finding => ({
  id: `${found.kind}-${found.key.replace(/[./]/, '-')}`,
  icon: icons[found.kind],
  name: found.name,
  hint: [found.kind.replaceAll('-', ' ').replace('on call', 'on-call'), found.hint].filter(Boolean).join(' · '),
  to: places[found.kind](found.key),
  service: found.kind === 'service' ? found.key : null,
});

/** The pages whose titles hold the text; all of them for an empty one. */
export function pagesFound(groups: readonly NavigationGroup[], text: string): Finding[] {
  return groups.flatMap(({ title: group, items }) =>
    items
      .filter(({ title }) => title.toLowerCase().includes(text.trim().toLowerCase()))
      .map(({ title, path, icon }) => ({
        id: `page-${title.toLowerCase().replaceAll(' ', '-')}`,
        icon,
        name: title,
        hint: `page · ${group}`,
        to: path,
        service: null,
      })),
  );
}
