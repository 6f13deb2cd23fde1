/** What the clauses that people write are called on screens. */
import type { AgreementInput } from './agreements.ts';

export const clauseTitles: Readonly<Record<keyof AgreementInput['texts'], string>> = {
  purpose: 'Purpose',
  leftOut: 'Not covered',
  definitions: 'Definitions',
  maintenance: 'Rules for maintenance',
  reporting: 'How to report',
  duties: 'Duties of the customer',
  workload: 'Limits of the workload',
  exceptions: 'Exceptions',
  continuity: 'Continuity and security recovery',
  charges: 'Charges',
  termination: 'Renewal and termination',
};
