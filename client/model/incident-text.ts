/** Incidents in words and marks: their states, who has them, what was done with them. Pure. */
import {
  mdiAccountCheckOutline,
  mdiAlertOctagonOutline,
  mdiArchiveLockOutline,
  mdiCheckCircleOutline,
  mdiPause,
} from '@mdi/js';
import { actStates, type IncidentAct, type IncidentState } from '../../server/contract/incident-states.ts';
import type { Attribution, Incident, IncidentKind, IncidentPauseReason } from '../../server/contract/incidents.ts';
import type { IncidentTimeline } from '../../server/contract/incident-work.ts';
import { fieldTitle } from './field-title.ts';
import type { TileKind } from './tile-kind.ts';
import { valueText } from './value-text.ts';

export interface IncidentStateLook {
  readonly word: string;
  /** Path of a 24×24 icon whose outline differs from every other state's. */
  readonly icon: string;
  readonly colour: TileKind;
}

export const stateLooks: Readonly<Record<IncidentState, IncidentStateLook>> = {
  open: { word: 'Open', icon: mdiAlertOctagonOutline, colour: 'down' },
  acknowledged: { word: 'Acknowledged', icon: mdiAccountCheckOutline, colour: 'degraded' },
  pending: { word: 'Waits', icon: mdiPause, colour: 'unknown' },
  resolved: { word: 'Resolved', icon: mdiCheckCircleOutline, colour: 'up' },
  closed: { word: 'Closed', icon: mdiArchiveLockOutline, colour: 'unmonitored' },
};
export const kindWords: Readonly<Record<IncidentKind, string>> = {
  incident: 'Incident',
  request: 'Request',
  drill: 'Drill',
};
export const attributionWords: Readonly<Record<Attribution, string>> = {
  own: 'Our own',
  upstream: 'Upstream',
  customer: 'The customer',
  supplier: 'The supplier',
  'force-majeure': 'Force majeure',
};
/** What an incident waits for, behind `waits for`. */
export const pauseWords: Readonly<Record<IncidentPauseReason, string>> = {
  customer: 'the customer',
  supplier: 'the supplier',
  'change-window': 'a change window',
  appointment: 'an appointment',
  resolved: 'nothing: it had been resolved',
};

/** `1: many cannot work`, for impact and urgency. */
export const rankNotes = {
  impact: { '1': 'many cannot work', '2': 'some cannot work', '3': 'one person is hindered' },
  urgency: { '1': 'at once', '2': 'today', '3': 'when there is time' },
} as const;

export const isOver = ({ state }: Pick<Incident, 'state'>): boolean => state === 'resolved' || state === 'closed';

/** Whether an act can be done in a state. */
export const isActIn = (act: IncidentAct, state: IncidentState): boolean =>
  (actStates[act] as readonly IncidentState[]).includes(state);

/** Whether nobody has said yet that they look after it. */
export const mayAcknowledge = ({ state, acknowledgedAt }: Pick<Incident, 'state' | 'acknowledgedAt'>): boolean =>
  isActIn('acknowledge', state) && acknowledgedAt === null;

/** Who has it: a person, a team, both; empty where nobody has. */
export const holderText = ({ user, team }: Incident['assignee']): string =>
  [user?.displayName || user?.name, team?.name].filter(Boolean).join(', ');

/** The wait that lasts; null where it does not wait. */
export const openPause = ({ pauses, state }: Pick<Incident, 'pauses' | 'state'>): Incident['pauses'][number] | null =>
  state === 'pending' ? (pauses.at(-1) ?? null) : null;

type Entry = IncidentTimeline['entries'][number];

const actWords: Readonly<Record<string, string>> = {
  acknowledged: 'acknowledged it',
  responded: 'replied to whoever reported it',
  resumed: 'went on with it',
  resolved: 'resolved it',
  closed: 'closed it',
  reopened: 'opened it again',
  changed: 'changed what is known of it',
  noted: 'wrote',
  reported: 'reported it',
  disputed: 'said for the customer that it should not wait',
  'followed-up': 'changed what is to be done after it',
};
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** What was done, behind the name of who did it: `gave it to ana`. */
export function actText({ act, detail }: Pick<Entry, 'act' | 'detail'>): string {
  switch (act) {
    case 'opened':
      return 'splitFrom' in detail ? `split it from #${textOf(detail['splitFrom'])}` : 'opened it';
    case 'pended': {
      const reason = pauseWords[detail['reason'] as IncidentPauseReason] ?? textOf(detail['reason']);
      return `lets it wait for ${reason}`;
    }
    case 'assigned': {
      const to = [textOf(detail['user']), textOf(detail['team'])].filter(Boolean).join(', ');
      return to === '' ? 'took it from whoever had it' : `gave it to ${to}`;
    }
    case 'merged':
      return `let #${textOf(detail['into'])} go on in its place`;
    case 'joined':
      if ('incident' in detail) return `let it take in #${textOf(detail['incident'])}`;
      return detail['services'] === 1
        ? 'added a service that fails too'
        : `added ${textOf(detail['services'])} services that fail too`;
    case 'split':
      return `made #${textOf(detail['incident'])} of a part of it`;
    case 'resolved':
      return detail['isDeleted'] === true ? 'resolved it: its service was deleted' : actWords['resolved']!;
    case 'resumed':
      return detail['bySchedule'] === true ? 'went on with it, as was foreseen' : 'went on with it';
    default:
      return actWords[act] ?? act.replaceAll('-', ' ');
  }
}

/** Who did it, as a timeline names them. */
export const actorText = ({ kind, name }: Entry['by']): string => (kind === 'system' ? 'Troth' : name);

/** Who acknowledged an incident last, of entries of which the newest is first; empty where nobody did. */
export const acknowledgedBy = (entries: readonly Entry[]): string => {
  const last = entries.find(({ act }) => act === 'acknowledged');
  return last ? actorText(last.by) : '';
};

/** What follows from other fields, or is told by acts of its own. */
const untold = new Set(['state', 'pauses']);
const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields that a change of what is known made other, as they were and as they are; instants by `momentOf`. */
export function changedFields(
  { act, detail }: Pick<Entry, 'act' | 'detail'>,
  momentOf: (at: string) => string,
): { title: string; from: string; to: string }[] {
  const { from, to } = detail;
  if (act !== 'changed' || !isFields(from) || !isFields(to)) return [];
  const shown = (value: unknown): string => {
    if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return momentOf(value);
    const named = (one: unknown): unknown => (isFields(one) && typeof one['name'] === 'string' ? one['name'] : one);
    return valueText(Array.isArray(value) ? value.map(named) : value);
  };
  return Object.keys(to)
    .filter((name) => !untold.has(name))
    .map((name) => ({ title: fieldTitle(name), from: shown(from[name]), to: shown(to[name]) }));
}

/** What is to be said of terms that nobody signed. */
export const basisWords = { draft: 'not agreed yet: a draft', declared: 'declared, not signed', signed: '' } as const;
