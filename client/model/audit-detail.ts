/** Entries of the audit trail in words: what was done, to what, and what it was before. */
import type { AuditEntry } from '../../server/contract/access.ts';
import { csvText } from '../../server/domain/csv-text.ts';
import { valueText } from './value-text.ts';

/** One line of what an entry tells: a change has both sides, a mere statement has none before. */
export interface DetailLine {
  path: string;
  from: string | null;
  to: string;
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isChange = (value: unknown): value is { path: string; from: unknown; to: unknown } =>
  isFields(value) && typeof value['path'] === 'string' && 'from' in value && 'to' in value;

/** The detail of an entry, line by line; settings that hold nothing are left out. */
export function detailLines(detail: unknown): DetailLine[] {
  if (detail === null || detail === undefined) return [];
  if (!isFields(detail)) return [{ path: '', from: null, to: valueText(detail) }];
  return Object.entries(detail).flatMap(([name, value]) => {
    if (name === 'fields' && Array.isArray(value) && value.every(isChange)) {
      return value.map(({ path, from, to }) => ({ path, from: valueText(from), to: valueText(to) }));
    }
    return flat(name, value);
  });
}

function flat(path: string, value: unknown): DetailLine[] {
  if (isFields(value)) return Object.entries(value).flatMap(([name, item]) => flat(`${path}.${name}`, item));
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return [];
  return [{ path, from: null, to: valueText(value) }];
}

/** `service.changed` as `service changed`. */
export const actionText = (action: string): string => action.replaceAll('.', ' ').replaceAll('-', ' ');

/** Where the subject of an entry is found on screen; null where it has no page. */
export function subjectPath({ kind, key }: AuditEntry['subject']): string | null {
  switch (kind) {
    case 'service':
      return `/services/${encodeURIComponent(key)}`;
    case 'probe':
      return `/services/${encodeURIComponent(key.split('.')[0]!)}?probe=${encodeURIComponent(key)}`;
    case 'agreement':
      return `/agreements/${encodeURIComponent(key)}`;
    case 'incident':
    case 'channel':
      return `/${kind}s/${encodeURIComponent(key)}`;
    case 'config':
      return '/import';
    case 'team':
    case 'location':
    case 'user':
    case 'token':
    case 'board':
      return `/${kind}s`;
    default:
      return null;
  }
}

/** Entries as a table for a spreadsheet. */
export const auditCsv = (entries: readonly AuditEntry[]): string =>
  csvText(
    ['time', 'actor kind', 'actor', 'action', 'subject kind', 'subject', 'address', 'detail'],
    entries.map(({ at, actor, action, subject, address, detail }) => [
      at,
      actor.kind,
      actor.name,
      action,
      subject.kind,
      subject.key,
      address ?? '',
      detail === null || detail === undefined ? '' : JSON.stringify(detail),
    ]),
  );
