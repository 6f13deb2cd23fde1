/** What is open between teams, summed up: pure. */
import type { ConsequenceTotals } from '../contract/consequences.ts';
import { amountText } from '../domain/money.ts';
import { dateAt } from '../domain/local-time.ts';
import type { ViewedAgreement } from './consequence-view.ts';
import type { OpenTotal } from './consequences.repository.ts';

interface Sums {
  provider: ViewedAgreement['provider'];
  customer: ViewedAgreement['customer'];
  credits: Map<string, { owed: bigint; proposed: bigint }>;
  actions: number;
  overdue: number;
}

/** One for each pair of teams, in order of their agreements. */
export function ledgerTotals(
  rows: readonly OpenTotal[],
  viewed: ReadonlyMap<string, ViewedAgreement>,
  nowMs: number,
): ConsequenceTotals {
  const pairs = new Map<string, Sums>();
  for (const row of rows) {
    const agreement = viewed.get(row.agreement);
    if (!agreement) continue;
    const { provider, customer, timeZone } = agreement;
    const pair = `${provider.key} ${customer.key}`;
    const sums = pairs.get(pair) ?? { provider, customer, credits: new Map(), actions: 0, overdue: 0 };
    pairs.set(pair, sums);
    if (row.currency === null) {
      const today = dateAt(nowMs, timeZone).toString();
      sums.actions += row.count;
      if (row.state === 'accepted') sums.overdue += row.dueOn.filter((day) => day < today).length;
      continue;
    }
    const { owed, proposed } = sums.credits.get(row.currency) ?? { owed: 0n, proposed: 0n };
    const cents = BigInt(row.cents);
    const isOwed = row.state === 'accepted';
    sums.credits.set(row.currency, { owed: owed + (isOwed ? cents : 0n), proposed: proposed + (isOwed ? 0n : cents) });
  }
  return [...pairs.values()].map(({ credits, ...rest }) => ({
    ...rest,
    credits: [...credits].map(([currency, { owed, proposed }]) => ({
      ...{ currency, owed: amountText(owed), proposed: amountText(proposed) },
    })),
  }));
}
