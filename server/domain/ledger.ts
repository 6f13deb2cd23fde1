/** The ledger of consequences: what a newly frozen report changes in it. Amounts are integers of the smallest unit. */

/** Where a consequence stands: `waiting` for what it rests on to be settled, `accepted` but not booked or done yet. */
export const ledgerStates = [
  'waiting',
  'proposed',
  'contested',
  'accepted',
  'booked',
  'done',
  'waived',
  'dismissed',
  'superseded',
] as const;
export type LedgerState = (typeof ledgerStates)[number];

/** What decides whether two entries in the same place say the same. */
export interface LedgerOutcome {
  /** Of the period: an objective's credit or action under a version of the agreement. */
  readonly place: string;
  /** What it rests on is not settled yet. */
  readonly isWaiting: boolean;
  /** Null for an action. */
  readonly amount: bigint | null;
  readonly currency: string | null;
  /** The tier of a credit, in percent. */
  readonly percent: string | null;
  /** From what it follows, in words. */
  readonly why: string;
}

export interface LedgerEntry extends LedgerOutcome {
  readonly id: number;
  readonly state: LedgerState;
  /** What was booked for the same before; of an entry that is booked itself, what it carried on. */
  readonly booked: bigint;
}

/** An entry to be added. */
export interface LedgerAddition<Wanted extends LedgerOutcome> {
  readonly wanted: Wanted;
  readonly supersedes: number | null;
  /** That had ended already: it follows again. */
  readonly isOver: boolean;
  /** What was booked for the same before. */
  readonly booked: bigint;
}

export interface LedgerChanges<Wanted extends LedgerOutcome> {
  readonly added: readonly LedgerAddition<Wanted>[];
  /** Ids of entries that nothing is owed for any more. */
  readonly ended: readonly number[];
}

const finishedStates: ReadonlySet<LedgerState> = new Set(['booked', 'done', 'waived', 'dismissed']);
/** Somebody decided that nothing is owed: that stays. */
const decidedStates: ReadonlySet<LedgerState> = new Set(['waived', 'dismissed']);
/** Nobody has answered: whoever does is to read why it is owed as it is known now. */
const unansweredStates: ReadonlySet<LedgerState> = new Set(['waiting', 'proposed']);
const settledStates: ReadonlySet<LedgerState> = new Set(['accepted', ...finishedStates]);

/** Whether somebody waived or dismissed an entry. */
export const isDecided = ({ state }: Pick<LedgerEntry, 'state'>): boolean => decidedStates.has(state);

/** What stands in the books for an entry: its own amount once that is booked. */
export const bookedOf = ({ state, amount, booked }: LedgerEntry): bigint => (state === 'booked' ? amount! : booked);

/**
 * What a report changes among the newest entries of its period's places: what says the same stays with all that was
 * done; what says otherwise is superseded, unless it was waived or dismissed and no more is asked; what is gone ends, and where something was booked for it, nothing is owed
 * instead, so that it can be booked back. `nothing` makes the entry that says so.
 */
export function ledgerChanges<Wanted extends LedgerOutcome>(
  newest: readonly LedgerEntry[],
  wanted: readonly Wanted[],
  nothing: (entry: LedgerEntry) => Wanted,
): LedgerChanges<Wanted> {
  const byPlace = new Map(newest.map((entry) => [entry.place, entry]));
  const places = new Set(wanted.map(({ place }) => place));
  const added: LedgerAddition<Wanted>[] = [];
  const ended: number[] = [];
  for (const one of wanted) {
    const before = byPlace.get(one.place);
    if (!before) added.push({ wanted: one, supersedes: null, isOver: false, booked: 0n });
    else if (!staysFor(before, one)) added.push(inPlaceOf(before, one));
  }
  for (const entry of newest) {
    if (places.has(entry.place) || entry.state === 'superseded') continue;
    if (entry.amount !== null && bookedOf(entry) > 0n) {
      if (entry.amount > 0n) added.push(inPlaceOf(entry, nothing(entry)));
    } else if (!finishedStates.has(entry.state)) ended.push(entry.id);
  }
  return { added, ended };
}

const inPlaceOf = <Wanted>(entry: LedgerEntry, wanted: Wanted) => ({
  ...{ wanted, supersedes: entry.id, isOver: entry.state === 'superseded', booked: bookedOf(entry) },
});

/** Whether an entry goes on standing for what a report says in its place. */
function staysFor(entry: LedgerEntry, wanted: LedgerOutcome): boolean {
  if (entry.state === 'superseded') return false;
  // What was settled is not unsettled by a question: the answer to that will tell.
  const isSettled = settledStates.has(entry.state);
  if (isSettled && wanted.isWaiting) return true;
  return (
    // What was waived while it waited stays so when that has come to an end.
    (isSettled || entry.isWaiting === wanted.isWaiting) &&
    (entry.amount === wanted.amount || (isDecided(entry) && isPartOf(entry, wanted))) &&
    entry.currency === wanted.currency &&
    entry.percent === wanted.percent &&
    (entry.why === wanted.why || !unansweredStates.has(entry.state))
  );
}

/** Whether no more would be transferred than by an entry, and the same way, as where a cap takes of a credit. */
function isPartOf(entry: LedgerEntry, wanted: LedgerOutcome): boolean {
  if (entry.amount === null || wanted.amount === null) return false;
  const [decided, asked] = [entry.amount - entry.booked, wanted.amount - entry.booked];
  return decided > 0n ? asked >= 0n && asked <= decided : asked <= 0n && asked >= decided;
}

/** A credit that stands in the year of an agreement. */
export interface YearCredit {
  readonly id: number;
  /** When its period begins: earlier periods come first. */
  readonly fromMs: number;
  readonly amount: bigint;
  /** What the credits of the year come to at most by the terms of its period; null: any. */
  readonly yearCap: bigint | null;
}

/**
 * Credits that no longer fit into the caps of their year, in order of time, with what is left of each: what an earlier
 * period came to take comes off the later ones, off the last of a period first.
 */
export function overYearCap(credits: readonly YearCredit[]): { id: number; amount: bigint }[] {
  let given = 0n;
  return credits
    .toSorted((a, b) => a.fromMs - b.fromMs || a.id - b.id)
    .flatMap(({ id, amount, yearCap }) => {
      const left = yearCap === null ? amount : yearCap > given ? yearCap - given : 0n;
      const kept = amount < left ? amount : left;
      given += kept;
      return kept === amount ? [] : [{ id, amount: kept }];
    });
}
