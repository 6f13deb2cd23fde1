/** Agreements in words. */
import type { LifeState } from '../../server/contract/agreement-life.ts';
import type { AgreementStatus, AgreementSummary } from '../../server/contract/agreements.ts';
import type { ObjectiveResult } from '../../server/contract/compliance.ts';
import { titleOfKey } from '../../server/contract/objective-words.ts';

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
