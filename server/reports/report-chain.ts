/** The chain of an agreement's reports: each carries the hash of the one before it. */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ReportChain, ReportContent } from '../contract/reports.ts';
import type { StoredReport } from './reports.repository.ts';

/** SHA-256 in hexadecimal over the previous hash, a line feed, and the content as canonical JSON. */
export const reportHash = (content: string, previousHash: string | null): string =>
  createHash('sha256')
    .update(`${previousHash ?? ''}\n${content}`)
    .digest('hex');

type Link = Pick<
  StoredReport,
  'sequence' | 'period' | 'fromMs' | 'toMs' | 'revision' | 'gist' | 'previousHash' | 'hash' | 'content'
>;

/** Checks a chain link by link. */
export class ChainCheck {
  #checked = 0;
  #head: string | null = null;
  #broken: ReportChain['broken'] = null;

  /** Takes the next report of the chain; after the first that does not hold, nothing more is looked at. */
  add(link: Link): void {
    if (this.#broken) return;
    const why = this.#fault(link);
    if (why !== null) this.#broken = { period: link.period, revision: link.revision, why };
    else {
      this.#checked += 1;
      this.#head = link.hash;
    }
  }

  get result(): ReportChain {
    return { holds: this.#broken === null, checked: this.#checked, head: this.#head, broken: this.#broken };
  }

  #fault(link: Link): string | null {
    if (link.sequence !== this.#checked + 1) return 'a report before it is gone';
    if (link.previousHash !== this.#head) return 'it does not follow the report before it';
    if (link.hash !== reportHash(link.content, link.previousHash)) return 'its content is not what was frozen';
    return isLabelledRight(link) ? null : 'the list says something else than its content';
  }
}

/** Whether what stands beside the content says what the content does. */
function isLabelledRight({ content, period, fromMs, toMs, revision, gist }: Link): boolean {
  const told = JSON.parse(content) as ReportContent;
  return (
    told.period.label === period &&
    Date.parse(told.period.from) === fromMs &&
    Date.parse(told.period.to) === toMs &&
    told.revision === revision &&
    isDeepStrictEqual(told.gist, gist)
  );
}
