/** What of the lost time falls to services below, in words: the same on screen, on paper and in files. */
import { lengthText } from '../domain/length-text.ts';
import type { ObjectiveResult } from './compliance.ts';
import { listWords } from './list-words.ts';

type Upstream = Pick<ObjectiveResult, 'seconds' | 'upstream' | 'withoutUpstream'>;

/** `Of the 14 min lost, 4 min fell to Core network; without that the target would be kept, at 99.9 %.` */
export function upstreamTexts(
  { seconds, upstream, withoutUpstream }: Upstream,
  nameOf: (service: string) => string,
): string[] {
  const length = (ofSeconds: number): string => lengthText(ofSeconds * 1_000);
  const counted = upstream.filter(({ excused }) => !excused);
  const excused = upstream.filter((share) => share.excused);
  const shares = counted.map(
    (share, at) => `${length(share.seconds)} ${at === 0 ? 'fell ' : ''}to ${nameOf(share.service)}`,
  );
  const texts: string[] = [];
  if (shares.length > 0) {
    const of = seconds ? `Of the ${length(seconds.bad)} lost, ` : '';
    texts.push(`${of}${listWords(shares)}${withoutText(withoutUpstream)}.`);
  }
  for (const share of excused)
    texts.push(`${length(share.seconds)} that fell to ${nameOf(share.service)} are excused, and not counted.`);
  return texts;
}

function withoutText(without: ObjectiveResult['withoutUpstream']): string {
  if (!without) return '';
  const figure = without.attained ? `, at ${without.attained.text}` : '';
  return without.met
    ? `; without that the target would be kept${figure}`
    : `; even without that the target would be missed${figure}`;
}
