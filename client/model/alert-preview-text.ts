/** What would happen if something fired, in words. Pure. */
import type { AlertPreview, AlertTelling } from '../../server/contract/alert-preview.ts';
import type { AlertRoute } from '../../server/contract/alerts.ts';
import { alertRules, type AlertRuleName } from '../../server/domain/alert-rules.ts';
import { matchWords, muteWords } from './alert-text.ts';

type Match = AlertRoute['match'];
type Miss = AlertPreview['routes'][number]['misses'][number];

const valueText = (field: string, value: string | number): string =>
  field === 'rule' ? (alertRules[value as AlertRuleName]?.title ?? String(value)) : String(value);

/** `service wan or lan, tier 1`; `every alert` where nothing is named. */
export const matchText = (match: Match): string => matchWords(match, valueText).join(', ') || 'every alert';

/** `wants tier 1, and it is 3` */
export function missText({ field, asked, has }: Miss): string {
  const is = has.length > 0 ? `it is ${has.map((value) => valueText(field, value)).join(', ')}` : 'it has none';
  return `wants ${field} ${asked.map((value) => valueText(field, value)).join(' or ')}, and ${is}`;
}

/** Why it waits, as a sentence without its stop. */
export const waitText = ({ by, note }: AlertPreview['waits'][number]): string =>
  note === null ? muteWords[by] : `${muteWords[by]}: ${note}`;

/** Whom it is told by. */
export function wayText({ way, routes }: Pick<AlertPreview, 'way' | 'routes'>): string {
  const taken = routes.find(({ isTaken }) => isTaken);
  if (taken) return `The route “${taken.name}” takes it`;
  return way?.by === 'team'
    ? `No route fits: the policy “${way.policy?.name}” of its team is followed`
    : 'No route fits, and its team has no policy: every channel is told';
}

/** The channels of a moment, each with the person that it reaches: `Phone (Ana), Operations`. */
export const channelsText = ({ channels }: Pick<AlertTelling, 'channels'>): string =>
  channels.map(({ name, person }) => (person === null ? name : `${name} (${person})`)).join(', ');
