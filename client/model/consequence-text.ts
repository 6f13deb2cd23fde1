/** What follows from missed promises, in words. */
import {
  mdiAlertDecagramOutline,
  mdiBookCheckOutline,
  mdiCheckCircle,
  mdiClipboardTextClockOutline,
  mdiGavel,
  mdiHandHeartOutline,
  mdiHelpRhombusOutline,
  mdiHistory,
  mdiTimerSand,
} from '@mdi/js';
import type {
  Consequence,
  ConsequenceAct,
  ConsequenceState,
  ConsequenceTotals,
} from '../../server/contract/consequences.ts';
import { consequenceStateWords } from '../../server/contract/consequences.ts';
import { periodTitle } from '../../server/contract/period-title.ts';
import { countOf } from './size-text.ts';
import type { TileKind } from './tile-kind.ts';
import { instantText } from './time-text.ts';

export interface StateLook {
  /** Of its own shape. */
  readonly icon: string;
  /** The state whose colours it has. */
  readonly colour: TileKind;
}

export const stateLooks: Readonly<Record<ConsequenceState, StateLook>> = {
  waiting: { icon: mdiTimerSand, colour: 'unknown' },
  proposed: { icon: mdiHelpRhombusOutline, colour: 'degraded' },
  contested: { icon: mdiAlertDecagramOutline, colour: 'suspect' },
  accepted: { icon: mdiClipboardTextClockOutline, colour: 'degraded' },
  booked: { icon: mdiBookCheckOutline, colour: 'up' },
  done: { icon: mdiCheckCircle, colour: 'up' },
  waived: { icon: mdiHandHeartOutline, colour: 'unmonitored' },
  dismissed: { icon: mdiGavel, colour: 'unmonitored' },
  superseded: { icon: mdiHistory, colour: 'unmonitored' },
};

/** Accepted is not the end: a credit is to be booked, an action to be done. */
export function stateText({ state, kind, action }: Pick<Consequence, 'state' | 'kind' | 'action'>): string {
  if (state !== 'accepted') return consequenceStateWords[state];
  if (action?.isOverdue) return 'Overdue';
  return kind === 'credit' ? 'To be booked' : 'To be done';
}

/** `10 000.00 EUR`, in groups of three by narrow spaces that do not break. */
export const moneyText = (amount: string, currency: string): string =>
  `${amount.replace(/\B(?=(\d{3})+(?!\d)(?=.*\.))/g, '\u202f')}\u00a0${currency}`;

type Place = Pick<Consequence, 'agreement' | 'period' | 'revision' | 'objective'>;

/** What it follows from: `report of October 2026`. */
export const sourceText = ({ period, revision }: Pick<Place, 'period' | 'revision'>): string =>
  `${revision === null ? 'review' : 'report'} of ${periodTitle(period)}`;

/** Which it is among others of the same amount: `Payroll for HR · report of October 2026 · Availability`. */
export const placeText = (entry: Place): string =>
  [entry.agreement.title, sourceText(entry), ...(entry.objective ? [entry.objective.title] : [])].join(' · ');

/** More was booked than is owed: the difference goes back, from the customer to the provider. */
export const isRepayment = ({ credit }: Pick<Consequence, 'credit'>): boolean =>
  credit?.transfer.startsWith('-') ?? false;

/** What became of an entry that gave way, and by what: `told anew in entry 63, by the report of October 2026, revision 2`. */
function gaveWayText({ supersededBy, acts }: Pick<Consequence, 'supersededBy' | 'acts'>): string {
  const became = supersededBy === null ? 'no longer owed' : `told anew in entry ${supersededBy}`;
  const by = acts.findLast(({ act }) => act === 'superseded')?.reason;
  return by ? `${became}, by ${by.charAt(0).toLowerCase()}${by.slice(1)}` : became;
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** What goes back, in a sentence. */
function repaymentText(entry: Consequence, back: string): string {
  const { state, provider, customer, arbiter } = entry;
  const words: Record<ConsequenceState, string> = {
    waiting: `${customer.name} would owe ${provider.name} ${back} back.`,
    proposed: `By the agreement ${customer.name} owes ${provider.name} ${back} back.`,
    contested: `${customer.name} contests that it owes ${provider.name} ${back} back.`,
    accepted: `${customer.name} owes ${provider.name} ${back} back.`,
    booked: `${customer.name} has paid ${provider.name} ${back} back.`,
    done: '',
    waived: `${provider.name} waived ${back} that ${customer.name} owed back.`,
    dismissed: `${arbiter?.name ?? 'The arbiter'} decided that ${customer.name} does not owe ${back} back.`,
    superseded: `Repayment of ${back}: ${gaveWayText(entry)}.`,
  };
  return words[state];
}

/** Who owes whom what, in a sentence. */
export function owedText(entry: Consequence): string {
  const { state, credit, action, provider, customer, arbiter, what } = entry;
  const owed = credit ? moneyText(credit.amount, credit.currency) : '';
  if (credit && isRepayment(entry)) return repaymentText(entry, moneyText(credit.transfer.slice(1), credit.currency));
  if (credit) {
    const words: Record<ConsequenceState, string> = {
      waiting: `${provider.name} would owe ${customer.name} ${owed}.`,
      proposed: `By the agreement ${provider.name} owes ${customer.name} ${owed}.`,
      contested: `${provider.name} contests that it owes ${customer.name} ${owed}.`,
      accepted: `${provider.name} owes ${customer.name} ${owed}.`,
      booked: `${provider.name} has credited ${customer.name} ${owed}.`,
      done: '',
      waived: `${customer.name} waived ${owed} that ${provider.name} owed.`,
      dismissed: `${arbiter?.name ?? 'The arbiter'} decided that ${provider.name} does not owe ${owed}.`,
      superseded: `Credit of ${owed}: ${gaveWayText(entry)}.`,
    };
    return words[state];
  }
  const doer = action?.party === 'customer' ? customer.name : provider.name;
  const asker = action?.party === 'customer' ? provider.name : customer.name;
  if (state === 'done') return `${doer} has done for ${asker}: ${what}`;
  if (state === 'waived') return `${customer.name} waived: ${what}`;
  if (state === 'dismissed') return `${arbiter?.name ?? 'The arbiter'} decided that ${doer} does not owe: ${what}`;
  if (state === 'superseded') return `${capital(gaveWayText(entry))}: ${what}`;
  return `${doer} owes ${asker}: ${what}`;
}

/** Who must act now, and until when; empty where nobody must. */
export function nextText(entry: Consequence, nowMs: number): string {
  const { state, credit, action, provider, customer, arbiter, answerDueAt, timeZone, isDisputed, isOpen } = entry;
  const [debtor, creditor] = isRepayment(entry) ? [customer, provider] : [provider, customer];
  if (isOpen && isDisputed && state !== 'accepted')
    return 'A correction that touches it waits for an answer: that comes first.';
  if (state === 'waiting') return `It waits until that is settled; ${creditor.name} may waive it.`;
  if (state === 'proposed') {
    const due = instantText(answerDueAt, timeZone);
    const late = nowMs >= Date.parse(answerDueAt);
    if (!arbiter) return `${debtor.name} is to accept or contest it before ${due}.`;
    if (late) return `${debtor.name} has not answered in time: ${arbiter.name} may decide now.`;
    return `${debtor.name} is to accept or contest it before ${due}; after that ${arbiter.name} may decide.`;
  }
  if (state === 'contested')
    return arbiter
      ? `${arbiter.name} decides, unless a correction settles it before.`
      : `A correction settles it, or ${creditor.name} waives it: the agreement names no arbiter.`;
  if (state !== 'accepted') return '';
  if (credit) return bookingText(credit);
  if (!action) return '';
  const doer = action.owner || (action.party === 'customer' ? customer.name : provider.name);
  return `${doer} is to do it by ${action.dueOn}.`;
}

function bookingText(credit: NonNullable<Consequence['credit']>): string {
  const { transfer, currency, costCentres } = credit;
  const isBack = transfer.startsWith('-');
  const [from, to] = isBack ? [costCentres?.to, costCentres?.from] : [costCentres?.from, costCentres?.to];
  const way = from && to ? ` from cost centre ${from} to ${to}` : '';
  return `${moneyText(transfer.replace('-', ''), currency)} ${isBack ? 'are to go back' : 'are to be booked'}${way}.`;
}

/** `50 000.00 EUR owed, 150 000.00 EUR proposed; 3 actions open, 1 of them overdue`. */
export function totalsText({ credits, actions, overdue }: ConsequenceTotals[number]): string {
  const money = credits.flatMap(({ currency, owed, proposed }) => [
    ...(owed === '0.00'
      ? []
      : [
          owed.startsWith('-')
            ? `${moneyText(owed.slice(1), currency)} to go back`
            : `${moneyText(owed, currency)} owed`,
        ]),
    ...(proposed === '0.00'
      ? []
      : [
          proposed.startsWith('-')
            ? `${moneyText(proposed.slice(1), currency)} proposed to go back`
            : `${moneyText(proposed, currency)} proposed`,
        ]),
  ]);
  const late = overdue === 0 ? '' : `, ${overdue} of them overdue`;
  const done = actions === 0 ? [] : [`${countOf(actions, 'action')} open${late}`];
  return [...(money.length > 0 ? [money.join(', ')] : []), ...done].join('; ');
}

const actWords: Readonly<Record<ConsequenceAct['act'], string>> = {
  accepted: 'Accepted',
  contested: 'Contested',
  waived: 'Waived',
  upheld: 'Upheld by the arbiter',
  dismissed: 'Dismissed by the arbiter',
  booked: 'Booked',
  planned: 'Planned anew',
  done: 'Done',
  superseded: 'Superseded',
};

/** `Accepted by paula for HR IT, 2026-11-26 10:00:00 UTC`. */
export function actText({ act, party, by, at, journal }: ConsequenceAct, entry: Consequence): string {
  const whom = party === null ? '' : ` for ${entry[party]?.name ?? `the ${party}`}`;
  const under = journal === null ? '' : ` under ${journal}`;
  const who = party === null ? '' : ` by ${by}${whom}`;
  return `${actWords[act]}${under}${who}, ${instantText(at, entry.timeZone)}`;
}

/** The ledger as files, narrowed as the list is. */
export function ledgerFiles(filter: Readonly<Record<string, string | undefined>>): { title: string; href: string }[] {
  const given = Object.entries(filter).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const query = given.length > 0 ? `?${new URLSearchParams(given)}` : '';
  return [
    { title: 'CSV', href: `/api/v1/consequences/export.csv${query}` },
    { title: 'Spreadsheet', href: `/api/v1/consequences/export.xlsx${query}` },
  ];
}
