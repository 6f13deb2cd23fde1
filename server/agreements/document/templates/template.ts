/** What templates are made of. */
import type { z } from 'zod';
import { agreementPlaces, type AgreementTemplate } from '../../../contract/agreement-document.ts';
import { agreementInputSchema, type AgreementInput } from '../../../contract/agreements.ts';

const parties = {
  provider: { contacts: ['Service desk: phone, e-mail'], escalation: ['Team lead: name, phone', 'Head: name, phone'] },
  customer: { contacts: ['Key user: name, phone'], escalation: ['Head: name, phone'] },
};

type Written = z.input<typeof agreementInputSchema>;
type Draft = Omit<Written, 'provider' | 'customer' | 'effective' | 'timeZone'>;

/** A template as it is offered, and what it says in full. */
export interface WrittenTemplate extends Omit<AgreementTemplate, 'agreement'> {
  readonly written: Written;
  readonly agreement: AgreementInput;
}

/** A template from its differences to what all of them have. */
export function template(key: string, name: string, summary: string, draft: Draft): WrittenTemplate {
  const written: Written = {
    provider: agreementPlaces.provider,
    customer: agreementPlaces.customer,
    effective: { from: '2026-01-01' },
    timeZone: 'UTC',
    parties,
    ...draft,
  };
  const asks = [...placesIn(written), 'effective.from', 'timeZone'];
  return { key, name, summary, written, agreement: agreementInputSchema.parse(written), asks };
}

/** Paths at which a place stands, alone, in a list or as the service of a probe. */
function placesIn(value: unknown, path = ''): string[] {
  const isPlace = (text: unknown): boolean =>
    Object.values(agreementPlaces).some((place) => text === place || String(text).startsWith(`${place}.`));
  if (Array.isArray(value)) return value.some(isPlace) ? [path] : [];
  if (typeof value !== 'object' || value === null) return isPlace(value) ? [path] : [];
  return Object.entries(value).flatMap(([name, below]) => placesIn(below, path === '' ? name : `${path}.${name}`));
}

/** How it ends, unless a template has something better. */
export const termination =
  'Either party may end this agreement in writing with three months’ notice to the end of a quarter.';
