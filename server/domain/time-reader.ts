/** Times as other systems write them: ISO 8601 with an offset, or the wall clock of a zone that is known. */
import { instantsOf } from './local-time.ts';

const pattern = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d\d:?\d\d)?$/i;

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** Epoch ms, cut off; `no zone` where a zone is missing, null for what no clock shows. */
export function readTime(text: string, zone: string | undefined): number | 'no zone' | null {
  const parts = pattern.exec(text);
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0)) as number[];
  const isShown =
    month! >= 1 &&
    month! <= 12 &&
    day! >= 1 &&
    day! <= daysIn(year!, month!) &&
    hour! < 24 &&
    minute! < 60 &&
    second! < 60;
  if (!isShown) return null;
  const milliseconds = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  const localMs = Date.UTC(year!, month! - 1, day!, hour, minute, second, milliseconds);
  const offset = parts[8];
  if (offset === undefined) return zone === undefined ? 'no zone' : instantsOf([localMs], zone)[0]!;
  // A day without a time has no offset of its own.
  return parts[4] === undefined ? null : localMs - offsetMs(offset);
}

function offsetMs(offset: string): number {
  if (/z/i.test(offset)) return 0;
  const digits = offset.replace(/[+:-]/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (offset.startsWith('-') ? -1 : 1) * minutes * 60_000;
}
