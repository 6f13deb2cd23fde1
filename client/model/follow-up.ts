/** What is to be done after an incident: as it is written, and by when. Pure. */
import type { FollowUpInput } from '../../server/contract/incident-work.ts';
import type { FollowUp } from '../../server/contract/incidents.ts';

/** A follow-up as the input that would make it so. */
export const followUpInput = ({ what, owner, dueOn, doneAt }: FollowUp): FollowUpInput => ({
  what,
  ...(owner.user ? { user: owner.user.name } : {}),
  ...(owner.team ? { team: owner.team.key } : {}),
  ...(dueOn === null ? {} : { dueOn }),
  done: doneAt !== null,
});

/** `done`, `by 2026-12-01`, `was due 2026-10-01`; empty where no day is set. */
export function followUpDueText({ dueOn, doneAt }: FollowUp, today: string): string {
  if (doneAt !== null) return 'done';
  if (dueOn === null) return '';
  return dueOn < today ? `was due ${dueOn}` : `by ${dueOn}`;
}
