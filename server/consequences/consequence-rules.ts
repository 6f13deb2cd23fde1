/** Who may do what with an entry of the ledger, and why not: pure. */
import type { ConsequenceActName, ConsequenceChoices } from '../contract/consequences.ts';
import type { CorrectionDecider } from '../contract/corrections.ts';
import { Problem } from '../platform/problem.ts';
import type { StoredConsequence } from './consequences.repository.ts';

/** What stands around an entry when somebody wants to act on it. */
export interface Circumstances {
  /** The parties that the one who acts speaks for. */
  speaks: ReadonlySet<CorrectionDecider>;
  /** A correction waits that touches what it rests on. */
  isDisputed: boolean;
  nowMs: number;
}

/** An act of a person. */
export type PersonalAct = Exclude<ConsequenceActName, 'superseded'>;

type Entry = Pick<StoredConsequence, 'id' | 'kind' | 'state' | 'party' | 'answerDueMs' | 'amountCents' | 'bookedCents'>;

type Doer = CorrectionDecider | 'debtor' | 'creditor';

/** By whom each is done; null: by the party that an action is of. */
const doers: Readonly<Record<PersonalAct, readonly Doer[] | null>> = {
  accepted: ['debtor'],
  contested: ['debtor'],
  waived: ['creditor'],
  upheld: ['arbiter'],
  dismissed: ['arbiter'],
  booked: ['provider', 'customer'],
  planned: null,
  done: null,
};
const startingStates: Readonly<Record<PersonalAct, readonly StoredConsequence['state'][]>> = {
  accepted: ['proposed', 'contested'],
  contested: ['proposed'],
  waived: ['waiting', 'proposed', 'contested', 'accepted'],
  upheld: ['proposed', 'contested'],
  dismissed: ['proposed', 'contested'],
  booked: ['accepted'],
  planned: ['accepted'],
  done: ['accepted'],
};
const deciding: ReadonlySet<PersonalAct> = new Set(['accepted', 'upheld', 'dismissed']);

/** What was booked above what is owed goes back: the customer is the debtor of that. */
const isRepayment = ({ amountCents, bookedCents }: Entry): boolean =>
  amountCents !== null && bookedCents !== null && amountCents < bookedCents;

function doersOf(act: PersonalAct, entry: Entry): readonly CorrectionDecider[] {
  const [debtor, creditor] = isRepayment(entry)
    ? (['customer', 'provider'] as const)
    : (['provider', 'customer'] as const);
  const named = { debtor, creditor, provider: 'provider', customer: 'customer', arbiter: 'arbiter' } as const;
  return doers[act]?.map((doer) => named[doer]) ?? (entry.party === null ? [] : [entry.party]);
}

/** For which party somebody does something with an entry. @throws Problem forbidden, conflict where not */
export function actingParty(act: PersonalAct, entry: Entry, around: Circumstances): CorrectionDecider {
  const fault = faultOf(act, entry, around);
  if (fault) throw fault;
  return doersOf(act, entry).find((one) => around.speaks.has(one))!;
}

/** What the one who asks may do. */
export function choicesOf(entry: Entry, around: Circumstances): ConsequenceChoices {
  const may = (act: PersonalAct): boolean => faultOf(act, entry, around) === null;
  return {
    accept: may('accepted'),
    contest: may('contested'),
    waive: may('waived'),
    decide: may('upheld'),
    book: may('booked'),
    plan: may('planned'),
    finish: may('done'),
  };
}

/** Who is to act on an entry next, and on what; null where nobody has to. */
export function owedNext(
  entry: Entry & Pick<StoredConsequence, 'proposedMs' | 'dueOn' | 'acts'>,
  { hasArbiter, isDisputed, nowMs }: { hasArbiter: boolean; isDisputed: boolean; nowMs: number },
): { kind: 'consequence' | 'booking' | 'action'; party: CorrectionDecider; sinceMs: number } | null {
  const { kind, state, party, proposedMs, answerDueMs, acts } = entry;
  const [debtor] = doersOf('accepted', entry);
  const lastMs = acts.at(-1)?.atMs ?? proposedMs;
  if (state === 'accepted')
    return kind === 'credit'
      ? { kind: 'booking', party: debtor!, sinceMs: lastMs }
      : { kind: 'action', party: party!, sinceMs: lastMs };
  if (isDisputed || (state !== 'proposed' && state !== 'contested')) return null;
  const isLate = state === 'contested' || nowMs >= answerDueMs;
  return isLate && hasArbiter
    ? { kind: 'consequence', party: 'arbiter', sinceMs: state === 'contested' ? lastMs : answerDueMs }
    : { kind: 'consequence', party: debtor!, sinceMs: proposedMs };
}

/** What stands against an act; null where nothing does. */
function faultOf(act: PersonalAct, entry: Entry, { speaks, isDisputed, nowMs }: Circumstances): Problem | null {
  const { id, kind, state, answerDueMs } = entry;
  const who = doersOf(act, entry);
  if ((act === 'booked') !== (kind === 'credit') && ['booked', 'planned', 'done'].includes(act))
    return new Problem('conflict', act === 'booked' ? 'An action is done, not booked' : 'A credit is booked, not done');
  if (!who.some((party) => speaks.has(party)))
    return new Problem('forbidden', `Only members of the ${who.join(' or the ')} may do this`);
  if (!startingStates[act].includes(state))
    return new Problem(
      'conflict',
      `Consequence ${id} ${state === 'waiting' ? 'waits' : `is ${state}`}${stateHint[state] ?? ''}`,
    );
  if (isDisputed && deciding.has(act))
    return new Problem('conflict', 'A correction that touches it waits for an answer: that comes first');
  if (who[0] === 'arbiter' && state === 'proposed' && nowMs < answerDueMs) {
    const due = new Date(answerDueMs).toISOString();
    return new Problem('conflict', `Until ${due} it is for the parties alone to answer; then the arbiter may decide`);
  }
  return null;
}

const stateHint: Readonly<Partial<Record<StoredConsequence['state'], string>>> = {
  waiting: ' for what it rests on to be settled',
  proposed: ' and not accepted yet',
  superseded: ': a newer revision of the report stands in its place',
};
