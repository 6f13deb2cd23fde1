/** Frozen reports in words: the same on screen, on paper and in files. */
import { lengthText } from '../domain/length-text.ts';
import type { ExplanationPiece, ObjectiveResult } from './compliance.ts';
import { titleOfKey } from './objective-words.ts';
import type { ReportContent } from './reports.ts';

/** The title of an objective; one that has none is called by its key. */
export const resultTitle = ({ key, title }: Pick<ObjectiveResult, 'key' | 'title'>): string =>
  title === '' || title === key ? titleOfKey(key) : title;

/** What people count in is told before the share of the target that it comes to. */
const countedIn: ReadonlySet<ObjectiveResult['type']> = new Set(['metric', 'outage']);

/** What was reached: `99.86 %`, `110 leads`, `29 min 48 s`. */
export function reachedWords({
  type,
  attained,
  reached,
}: Pick<ObjectiveResult, 'type' | 'attained' | 'reached'>): string {
  const own = countedIn.has(type) ? reached : null;
  return own ?? attained?.text ?? reached ?? 'nothing measured';
}

/** `3 min of 43 min used`, `15 min over 43 min`, `2 missed, 3 allowed`; null where nothing is counted down. */
export function usedWords({ budget, verdict }: Pick<ObjectiveResult, 'budget' | 'verdict'>): string | null {
  if (verdict === 'no-data') return null;
  const { seconds, leftSeconds, events, leftEvents } = budget;
  if (seconds !== null && leftSeconds !== null) {
    const whole = lengthText(seconds * 1_000);
    if (leftSeconds < 0) return `${lengthText(Math.ceil(-leftSeconds * 1_000))} over ${whole}`;
    return `${lengthText(Math.ceil((seconds - leftSeconds) * 1_000))} of ${whole} used`;
  }
  if (events !== null && leftEvents !== null) return `${events - leftEvents} missed, ${events} allowed`;
  return null;
}

/** A stretch of time that changed the figure of a promise. */
export interface NotedPiece extends ExplanationPiece {
  /** Title of the promise, with the version where several held. */
  promise: string;
}

/** What was lost, left out or not known, promise by promise in order of time: all that is not plainly good. */
export function notedPieces({ parts }: Pick<ReportContent, 'parts'>): NotedPiece[] {
  return parts.flatMap(({ version, objectives }) =>
    objectives.flatMap(({ result, lines }) => {
      const promise = parts.length > 1 ? `${resultTitle(result)} (version ${version})` : resultTitle(result);
      return lines
        .flat()
        .filter(({ class: kind, bad }) => bad || (kind !== 'up' && kind !== 'unmonitored'))
        .toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
        .map((piece): NotedPiece => ({ ...piece, promise }));
    }),
  );
}
