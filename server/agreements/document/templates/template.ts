/** What templates are made of. */
import type { z } from 'zod';
import type { AgreementTemplate } from '../../../contract/agreement-document.ts';
import { agreementInputSchema } from '../../../contract/agreements.ts';

/** Keys that stand for what every organisation calls otherwise; whoever starts from a template replaces them. */
export const places = {
  provider: 'provider-team',
  customer: 'customer-team',
  service: 'the-service',
  arbiter: 'arbiter-team',
} as const;

type Draft = Omit<z.input<typeof agreementInputSchema>, 'provider' | 'customer' | 'effective' | 'timeZone'>;

/** A template from its differences to what all of them have. */
export const template = (key: string, name: string, summary: string, draft: Draft): AgreementTemplate => ({
  key,
  name,
  summary,
  agreement: agreementInputSchema.parse({
    provider: places.provider,
    customer: places.customer,
    effective: { from: '2026-01-01' },
    timeZone: 'UTC',
    ...draft,
  }),
});

/** How it ends, unless a template has something better. */
export const termination =
  'Either party may end this agreement in writing with three months’ notice to the end of a quarter.';
