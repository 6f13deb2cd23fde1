import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/access.service.ts';
import { sides, type Side } from '../contract/agreement-life.ts';
import type { AgreementInput } from '../contract/agreements.ts';
import { invalidField, Problem } from '../platform/problem.ts';
import { currentActor } from '../platform/request-context.ts';
import { AgreementLifeRepository, type Person, type StoredSignature } from './agreement-life.repository.ts';
import { emptySeats, isSigned, namesOf, ownSeats, proposesFor, seatsOf, type OwnSeat, type Standing } from './seats.ts';

/** Who may do what in the life of an agreement: members of the teams, named signatories, their delegates. */
@Injectable()
export class AgreementPartiesService {
  constructor(
    readonly access: AccessService,
    readonly life: AgreementLifeRepository,
  ) {}

  /** Who acts, as it is kept on record. */
  person(): Person {
    const { user, name } = this.access.actingPerson();
    return { user, name };
  }

  /** What the one who acts is to the parties of a text on a day. */
  async standing(agreementId: number, terms: AgreementInput, today: string): Promise<Standing> {
    const { permissions } = currentActor();
    const { user, isAccount } = this.access.actingPerson();
    const isOf = (side: Side): boolean => this.access.mayChange(terms[side]);
    const seats = isAccount ? ownSeats(seatsOf(terms), await this.life.delegates(agreementId), user, today) : [];
    return {
      writes: permissions.has('catalog:write') ? sides.filter(isOf) : [],
      isAdmin: permissions.has('access:manage'),
      // Who has left the team signs for it no more, though still named.
      seats: seats.filter(({ party }) => isOf(party)),
    };
  }

  /** For which party one proposes. @throws Problem forbidden, invalid-input */
  proposer(standing: Standing, wanted: Side | null | undefined): Side {
    const { writes } = standing;
    if (wanted != null) {
      if (writes.includes(wanted)) return wanted;
      throw new Problem('forbidden', `Only members of the ${wanted}'s team and admins may propose for it`);
    }
    if (writes.length === 0) throw new Problem('forbidden', 'Only its parties and admins may propose this agreement');
    const [own, another] = proposesFor(standing);
    if (own && !another) return own;
    throw invalidField('party', 'must be given: you may act for both parties');
  }

  /** The place in which one signs. @throws Problem forbidden, conflict */
  signingSeat(terms: AgreementInput, standing: Standing, signatures: readonly StoredSignature[]): OwnSeat {
    const free = standing.seats.filter((seat) => !isSigned(seat, signatures));
    if (standing.seats.length > 0 && free.length === 0) throw new Problem('conflict', 'You have signed this version');
    const { user } = this.access.actingPerson();
    const mine = signatures.find(({ by }) => by.user === user);
    const seat = free.find(({ party }) => mine === undefined || mine.party === party);
    if (seat) return seat;
    if (free.length > 0)
      throw new Problem('conflict', `You have signed for the ${mine!.party}: somebody else signs for the other party`);
    const missing = emptySeats(seatsOf(terms), signatures);
    throw new Problem('forbidden', `Only ${namesOf(missing)}, or who signs in their place, may sign this version`);
  }

  /** For which parties one may attach a signed paper. */
  attachesFor({ isAdmin, seats }: Standing): Side[] {
    return sides.filter((side) => isAdmin || seats.some(({ party }) => party === side));
  }
}
