/** Alerts in words and marks. Pure. */
import {
  mdiAccountCheckOutline,
  mdiBellAlertOutline,
  mdiBellOffOutline,
  mdiBellRingOutline,
  mdiCheckCircleOutline,
  mdiTicketOutline,
} from '@mdi/js';
import type { Alert, AlertState, Mute, Silence } from '../../server/contract/alerts.ts';
import { urgencyNotes } from '../../server/domain/alert-rules.ts';
import type { TileKind } from './tile-kind.ts';

interface Look {
  readonly word: string;
  readonly icon: string;
  readonly colour: TileKind;
}

export const alertLooks: Readonly<Record<AlertState, Look>> = {
  firing: { word: 'Firing', icon: mdiBellAlertOutline, colour: 'down' },
  acknowledged: { word: 'Taken', icon: mdiAccountCheckOutline, colour: 'degraded' },
  resolved: { word: 'Resolved', icon: mdiCheckCircleOutline, colour: 'up' },
};

export const urgencyLooks: Readonly<Record<Alert['urgency'], Look>> = {
  page: { word: 'Page', icon: mdiBellRingOutline, colour: 'down' },
  notify: { word: 'Notify', icon: mdiBellAlertOutline, colour: 'degraded' },
  ticket: { word: 'Ticket', icon: mdiTicketOutline, colour: 'unmonitored' },
};

/** How urgent something can be said to be, with what that means. */
export const urgencyOrOffLooks: Readonly<Record<Alert['urgency'] | 'off', Look & { readonly note: string }>> = {
  page: { ...urgencyLooks.page, note: urgencyNotes.page },
  notify: { ...urgencyLooks.notify, note: urgencyNotes.notify },
  ticket: { ...urgencyLooks.ticket, note: urgencyNotes.ticket },
  off: { word: 'Off', icon: mdiBellOffOutline, colour: 'unmonitored', note: 'It does not fire' },
};

export const muteWords: Readonly<Record<Mute, string>> = {
  hold: 'Waits whether it lasts',
  upstream: 'Waits whether it is explained by what it rests on',
  group: 'Waits a moment for others about the same',
  silence: 'Silenced',
  maintenance: 'In maintenance',
  'quiet-hours': 'Waits for the next service hours',
  flapping: 'Goes up and down too often to be told each time',
  inhibited: 'Told by the alert of what it rests on',
  'no-channel': 'There is no channel to tell it through',
};

/** Why nobody is told, or null where somebody is. */
export const muteText = ({ muted }: Pick<Alert, 'muted'>): string | null =>
  muted === null ? null : muteWords[muted.by];

/** Who has it: by name, or whoever took it; null where nobody has. */
export const alertHolder = ({ assignee, acknowledgedBy }: Pick<Alert, 'assignee' | 'acknowledgedBy'>): string | null =>
  assignee.user ?? assignee.team ?? acknowledgedBy;

/** Choices of how long a silence holds. */
export const silenceLengths = {
  '30m': '30 minutes',
  '1h': 'one hour',
  '4h': '4 hours',
  '8h': '8 hours',
  '24h': 'a day',
  '7d': 'a week',
} as const;

/** What a matcher names, a text each: `service wan or lan`. */
export const matchWords = (
  match: Silence['match'],
  textOf: (field: string, value: string | number) => string = (_, value) => String(value),
): string[] =>
  Object.entries(match).flatMap(([field, values]) =>
    values.length > 0 ? `${field} ${values.map((value) => textOf(field, value)).join(' or ')}` : [],
  );

/** What a silence is over: `service wan, team net`, or one alert alone. */
export const silenceText = ({ match, fingerprint }: Pick<Silence, 'match' | 'fingerprint'>): string =>
  [...(fingerprint === null ? [] : [`the alert ${fingerprint}`]), ...matchWords(match)].join(', ');
