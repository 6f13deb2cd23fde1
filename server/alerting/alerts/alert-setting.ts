/** How urgent something is, and how long it has to last: as its rule says, unless people have said otherwise. Pure. */
import { alertRuleOf, alertUrgencies, type AlertUrgency } from '../../domain/alert-rules.ts';
import type { StoredSetting } from './alert-settings.repository.ts';
import type { StoredLabels } from './stored-alert.ts';

const rank = (urgency: AlertUrgency | 'off'): number =>
  urgency === 'off' ? alertUrgencies.length : alertUrgencies.indexOf(urgency);

/** What is said of the service counts before what is said of agreements; of several agreements the most urgent. */
export function urgencyOf(
  rule: string,
  { service, agreements }: StoredLabels,
  settings: readonly StoredSetting[],
): { urgency: AlertUrgency | 'off'; holdMs: number } {
  const own = settings.filter((one) => one.rule === rule);
  const ofService = own.find(({ scope, key }) => scope === 'service' && key === service);
  const ofAgreements = own
    .filter(({ scope, key }) => scope === 'agreement' && agreements.includes(key))
    .toSorted((a, b) => rank(a.urgency) - rank(b.urgency));
  return ofService ?? ofAgreements[0] ?? { urgency: alertRuleOf(rule).urgency, holdMs: 0 };
}
