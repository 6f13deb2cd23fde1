/** Agreements in words. */
import type { LifeState } from '../../server/contract/agreement-life.ts';
import type { AgreementStatus, AgreementSummary } from '../../server/contract/agreements.ts';
import type { ObjectiveResult } from '../../server/contract/compliance.ts';
import { titleOfKey } from '../../server/contract/objective-words.ts';
import { lengthText } from './time-text.ts';

/** What figures rest on, as the state of an agreement. */
export const basisStates: Readonly<Record<AgreementStatus, LifeState>> = {
  draft: 'draft',
  declared: 'declared',
  signed: 'active',
};

export const kindTexts: Readonly<Record<AgreementSummary['kind'], string>> = {
  SLA: 'Service level agreement: between a provider and its customer',
  OLA: 'Operational level agreement: between teams that support a service',
  UC: 'Underpinning contract: with an outside supplier',
};

/** A burn rate as the server says it: `2.4×`, and what it means. */
export const burnText = (burn: string): string => `${burn.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')}×`;

/** Whether a burn rate uses the budget up before the period ends. */
export const isFastBurn = (burn: string): boolean => Number(burn) > 1;

/** The title of an objective; one that has none is called by its key. */
export const objectiveName = ({ key, title }: Pick<ObjectiveResult, 'key' | 'title'>): string =>
  title === '' || title === key ? titleOfKey(key) : title;

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
    texts.push(`${of}${listOf(shares)}${withoutText(withoutUpstream)}.`);
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

const listOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
