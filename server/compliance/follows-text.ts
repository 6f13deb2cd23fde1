import type { AgreementInput, AgreementStatus } from '../contract/agreements.ts';
import { perPeriod } from '../contract/objective-words.ts';

/** What follows when an objective is missed, in a sentence; null where nothing was agreed. Only what is signed earns credits. */
export function followsText(
  { consequences, period }: Pick<AgreementInput, 'consequences' | 'period'>,
  objective: string,
  basis: AgreementStatus,
): string | null {
  const { base, credits, actions } = consequences;
  const tiers = basis === 'signed' && base ? credits.filter((tier) => tier.objective === objective) : [];
  const parts = [
    ...tiers.map(({ below, percent }) => `below ${below} % a credit of ${percent} %`),
    ...actions
      .filter((one) => one.objective === objective)
      .map(({ below, repeated, action }) => {
        const again = repeated ? `in ${repeated.misses} of ${repeated.of} periods` : '';
        const when = [below == null ? '' : `below ${below} %`, again].filter((words) => words !== '').join(' ');
        return when === '' ? action : `${when}: ${action}`;
      }),
  ];
  if (parts.length === 0) return null;
  const share =
    tiers.length > 0 ? ` Credits are shares of ${base!.amount} ${base!.currency} ${perPeriod(period)}.` : '';
  return `If it is missed: ${parts.join('; ')}.${share}`;
}
