/** Places for signatures, and who may sit in them: pure. */
import { listWords } from '../contract/list-words.ts';
import { sides, type Side } from '../contract/agreement-life.ts';
import type { AgreementInput } from '../contract/agreements.ts';

/** A person who is named to sign for a party. */
export interface Seat {
  party: Side;
  name: string;
  email: string;
  role: string;
  /** Name of the account, in lower case. */
  account: string;
}

/** A place that one may sign in. */
export interface OwnSeat extends Seat {
  isDelegate: boolean;
}

export interface Standing {
  /** Whether it may write for a party: members of its team, and admins for both. */
  readonly writes: readonly Side[];
  readonly isAdmin: boolean;
  /** One's own first, then those that one is a delegate of. */
  readonly seats: readonly OwnSeat[];
}

interface Delegation {
  party: Side;
  email: string;
  user: string;
  from: string;
  to: string;
}

export const seatsOf = ({ parties }: Pick<AgreementInput, 'parties'>): Seat[] =>
  sides.flatMap((party) =>
    parties[party].signatories.map(({ name, email, role, user }) => ({
      ...{ party, name, email, role },
      account: (user ?? email).toLowerCase(),
    })),
  );

/** The places of an account on a day. */
export function ownSeats(
  seats: readonly Seat[],
  delegations: readonly Delegation[],
  account: string,
  today: string,
): OwnSeat[] {
  const name = account.toLowerCase();
  const isDelegateOf = (seat: Seat): boolean =>
    delegations.some(
      ({ party, email, user, from, to }) =>
        party === seat.party && email === seat.email && user.toLowerCase() === name && from <= today && today < to,
    );
  return [
    ...seats.filter((seat) => seat.account === name).map((seat) => ({ ...seat, isDelegate: false })),
    ...seats
      .filter((seat) => seat.account !== name && isDelegateOf(seat))
      .map((seat) => ({ ...seat, isDelegate: true })),
  ];
}

/** Whether one may speak for a party: return what the other proposed, withdraw, end. */
export const actsFor = ({ writes, seats }: Standing, side: Side): boolean =>
  writes.includes(side) || seats.some(({ party }) => party === side);

/** For which parties one may propose: of two the one whose signatory one is, else it must be said. */
export function proposesFor({ writes, seats }: Standing): Side[] {
  const own = writes.filter((side) => seats.some(({ party }) => party === side));
  return own.length === 1 ? own : [...writes];
}

interface Signed {
  party: Side;
  email: string;
}

export const isSigned = (seat: Seat, signatures: readonly Signed[]): boolean =>
  signatures.some(({ party, email }) => party === seat.party && email === seat.email);

/** The places that nobody has signed in. */
export const emptySeats = (seats: readonly Seat[], signatures: readonly Signed[]): Seat[] =>
  seats.filter((seat) => !isSigned(seat, signatures));

export const otherSide = (side: Side): Side => (side === 'provider' ? 'customer' : 'provider');

/** `Anna Berg and Ole Vik` */
export const namesOf = (seats: readonly Seat[]): string => listWords(seats.map(({ name }) => name));
