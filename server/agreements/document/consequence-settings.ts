/** What an agreement sets about consequences, in words. */
import { objectiveTitle } from '../../contract/objective-words.ts';
import { teamName, type Source } from './document-context.ts';
import { setting, type Setting } from './setting.ts';

export function consequenceSettings(source: Source): Setting[] {
  const { base, cap, costCentres, credits, actions } = source.agreement.consequences;
  const percent = (share: string | null | undefined): string => (share == null ? 'none' : `${share} %`);
  return [
    ...actions.map(({ objective, below, repeated, action }) => {
      const when = [
        below == null ? 'missed' : `below ${below} %`,
        ...(repeated ? [`in ${repeated.misses} of ${repeated.of} periods`] : []),
      ].join(' ');
      return setting(`action.${objective}.${when}`, `Action for ${titleOf(source, objective)} ${when}`, action);
    }),
    ...credits.map(({ objective, below, percent: share }) =>
      setting(
        `credit.${objective}.${below}`,
        `Credit for ${titleOf(source, objective)} below ${below} %`,
        `${share} %`,
      ),
    ),
    setting('base', 'Base of credits', base ? `${base.amount} ${base.currency}` : ''),
    setting('cap.period', 'Most credits of a period', percent(cap.period)),
    setting('cap.year', 'Most credits of a year', percent(cap.year)),
    setting('costCentres', 'Cost centres', costCentres ? `from ${costCentres.from} to ${costCentres.to}` : ''),
    setting('arbiter', 'Arbiter', source.agreement.arbiter ? teamName(source, source.agreement.arbiter) : ''),
  ];
}

function titleOf({ agreement }: Source, key: string): string {
  const objective = agreement.objectives[key];
  return objective ? objectiveTitle(key, objective) : key;
}
