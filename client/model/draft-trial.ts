/** What of the form of an agreement its figures follow from. Pure. */
import { draftTrialInputSchema } from '../../server/contract/draft-trial.ts';
import type { Fields } from './form-value.ts';

const names = Object.keys(draftTrialInputSchema.shape);

/** The fields of a form that a trial is about: another title makes no other figures. */
export const trialPart = (value: Fields): Fields =>
  Object.fromEntries(names.filter((name) => value[name] !== undefined).map((name) => [name, value[name]]));
