/** Corrections in words. */
import type {
  AgreementCorrection,
  CorrectionClass,
  CorrectionGround,
  CorrectionNote,
  CorrectionState,
} from '../../server/contract/corrections.ts';
import { instantText } from './time-text.ts';

/** What time may count as, in the order in which it is offered. */
export const classChoices: Readonly<Record<CorrectionClass, string>> = {
  excluded: 'Not at all: leave it out',
  up: 'Up',
  degraded: 'Degraded',
  down: 'Down',
  unknown: 'Unknown',
  measured: 'As it was measured: take earlier corrections back',
};

export const groundTexts: Readonly<Record<CorrectionGround, string>> = {
  maintenance: 'Maintenance that was announced otherwise',
  customer: 'Caused by the customer',
  supplier: 'Caused by an outside supplier',
  'force-majeure': 'Force majeure',
  measurement: 'The measurement was wrong',
  agreed: 'Agreed between the parties',
};

export const stateTexts: Readonly<Record<CorrectionState, string>> = {
  proposed: 'Waits for an answer',
  approved: 'Approved',
  rejected: 'Rejected',
  withdrawn: 'Withdrawn',
};

type Claim = Pick<AgreementCorrection, 'as' | 'ground'>;

/** `leave it out (caused by the customer)`, `count it as up`. */
export function claimText({ as, ground }: Claim): string {
  if (as === 'measured') return 'count it as measured again';
  if (as !== 'excluded') return `count it as ${as}`;
  const why = ground ? groundTexts[ground] : '';
  return why ? `leave it out (${why.charAt(0).toLowerCase()}${why.slice(1)})` : 'leave it out';
}

/** What stands beside a stretch of time: who wants it otherwise, or who let it be so. */
export const noteText = (note: CorrectionNote): string =>
  note.state === 'proposed'
    ? `Disputed by ${note.by}: ${note.reason} – to ${claimText(note)}`
    : `Approved by ${note.by}: ${note.reason} – to ${claimText(note)}`;

type Open = Pick<AgreementCorrection, 'answerBy' | 'answerDueAt' | 'arbiter'>;

/** Who must answer, and until when; then who may instead. */
export function waitText(
  { answerBy, answerDueAt, arbiter }: Open,
  nameOf: (team: string) => string,
  zone: string,
  nowMs: number,
): string {
  const other = nameOf(answerBy);
  if (nowMs < Date.parse(answerDueAt)) {
    const then = arbiter ? `; after that ${nameOf(arbiter)} may decide as well` : '';
    return `${other} is to answer before ${instantText(answerDueAt, zone)}${then}.`;
  }
  const late = `${other} has not answered within ten working days`;
  return arbiter
    ? `${late}: ${nameOf(arbiter)} may decide now.`
    : `${late}, and the agreement names no arbiter who could decide instead.`;
}

type Decided = Pick<AgreementCorrection, 'state' | 'decision' | 'arbiter'>;

/** `Approved by customer for Human Resources on 2026-11-26 …`; empty while nobody decided. */
export function decisionText({ state, decision }: Decided, teamOf: (party: string) => string, zone: string): string {
  if (!decision) return '';
  return `${stateTexts[state]} by ${decision.by} for ${teamOf(decision.party)}, ${instantText(decision.at, zone)}.`;
}
