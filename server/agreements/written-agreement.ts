/** Agreements as people write them, and as they are read. */
import { durationText } from '../../probes/support/duration.ts';
import { agreementInputSchema, type AgreementInput } from '../contract/agreements.ts';
import type { Fields } from '../domain/differences.ts';

/** Fields that hold a duration, wherever they stand. */
const durations: ReadonlySet<string> = new Set([
  'minimumOutage',
  'maintenanceNotice',
  'maintenanceAllowance',
  'tail',
  'threshold',
  'longest',
  'meanRestore',
  'meanBetween',
  'within',
  'maxAge',
  'notice',
]);

/** What was read, in the words of the config file: durations as `4h`, without what is not given. */
export function writtenAgreement(agreement: AgreementInput): Fields {
  return written(agreement) as Fields;
}

function written(value: unknown, name = ''): unknown {
  if (typeof value === 'number' && durations.has(name)) return durationText(value);
  if (Array.isArray(value)) return value.map((one) => written(one));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return Object.fromEntries(fields.map(([key, field]) => [key, written(field, key)]));
}

/** What is stored was checked when it was written; what the schema has got since then is as it is by default. */
export const readAgreement = (stored: unknown): AgreementInput => agreementInputSchema.parse(stored);
