/** How urgent something is, and how long it has to last: as its rule says, unless people have said otherwise. Pure. */
import { alertRuleOf, alertUrgencies, type AlertUrgency } from '../../domain/alert-rules.ts';
import type { StoredSetting } from './alert-settings.repository.ts';
import type { StoredLabels } from './stored-alert.ts';

export interface Setting {
  readonly urgency: AlertUrgency | 'off';
  readonly holdMs: number;
  /** Where people have said so; null where nobody has. */
  readonly set: StoredSetting | null;
}

const rank = (urgency: AlertUrgency | 'off'): number =>
  urgency === 'off' ? alertUrgencies.length : alertUrgencies.indexOf(urgency);

/** What is said of the service counts before what is said of agreements; of several agreements the most urgent. */
export function urgencyOf(
  rule: string,
  { service, agreements }: StoredLabels,
  settings: readonly StoredSetting[],
): Setting {
  const own = settings.filter((one) => one.rule === rule);
  const ofService = own.find(({ scope, key }) => scope === 'service' && key === service);
  const ofAgreements = own
    .filter(({ scope, key }) => scope === 'agreement' && agreements.includes(key))
    .toSorted((a, b) => rank(a.urgency) - rank(b.urgency));
  const set = ofService ?? ofAgreements[0] ?? null;
  return { urgency: set?.urgency ?? alertRuleOf(rule).urgency, holdMs: set?.holdMs ?? 0, set };
}
