/** Entries of the ledger as they are told. */
import type { Consequence } from '../contract/consequences.ts';
import { dateAt } from '../domain/local-time.ts';
import { amountText } from '../domain/money.ts';
import { choicesOf, type Circumstances } from './consequence-rules.ts';
import type { StoredConsequence } from './consequences.repository.ts';

type Team = Consequence['provider'];

/** The agreement of an entry, by its names. */
export interface ViewedAgreement {
  title: string;
  timeZone: string;
  provider: Team;
  customer: Team;
  arbiter: Team | null;
}

const iso = (atMs: number): string => new Date(atMs).toISOString();

export function consequenceView(
  entry: StoredConsequence,
  agreement: ViewedAgreement,
  around: Circumstances,
): Consequence {
  const { id, period, revision, kind, state, isOpen, version, why, supersedes, supersededBy, objective } = entry;
  const { title, ...parties } = agreement;
  const credit = creditOf(entry);
  return {
    ...{ id, agreement: { key: entry.agreement, title }, ...parties, period, revision, kind },
    objective: objective === null ? null : { key: objective, title: entry.objectiveTitle ?? objective },
    ...{ version, state, isOpen, why, supersedes, supersededBy, credit },
    what: credit ? `Credit of ${credit.amount} ${credit.currency}` : entry.what,
    action: actionOf(entry, agreement.timeZone, around.nowMs),
    proposedAt: iso(entry.proposedMs),
    answerDueAt: iso(entry.answerDueMs),
    isDisputed: around.isDisputed,
    acts: entry.acts.map(({ atMs, ...act }) => ({ ...act, at: iso(atMs) })),
    may: choicesOf(entry, around),
  };
}

function creditOf(entry: StoredConsequence): Consequence['credit'] {
  const { amountCents, bookedCents, currency, percent, below, costFrom, costTo, acts } = entry;
  if (amountCents === null) return null;
  const booked = BigInt(bookedCents!);
  return {
    amount: amountText(BigInt(amountCents)),
    ...{ currency: currency!, percent: percent!, below: below! },
    bookedBefore: amountText(booked),
    transfer: amountText(BigInt(amountCents) - booked),
    costCentres: costFrom === null || costTo === null ? null : { from: costFrom, to: costTo },
    journal: acts.find(({ act }) => act === 'booked')?.journal ?? null,
  };
}

function actionOf(entry: StoredConsequence, zone: string, nowMs: number): Consequence['action'] {
  const { kind, party, owner, dueOn, isOpen, acts } = entry;
  if (kind !== 'action') return null;
  return {
    ...{ party: party!, owner, dueOn: dueOn! },
    isOverdue: isOpen && dateAt(nowMs, zone).toString() > dueOn!,
    note: acts.find(({ act }) => act === 'done')?.reason ?? null,
  };
}
