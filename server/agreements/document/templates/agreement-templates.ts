/** Agreements to start from, complete but for names. */
import { applicationTemplate } from './application-template.ts';
import { helpDeskTemplate } from './help-desk-template.ts';
import { marketingSalesTemplate } from './marketing-sales-template.ts';
import { networkTemplate } from './network-template.ts';
import { securityTemplate } from './security-template.ts';
import type { WrittenTemplate } from './template.ts';

export const agreementTemplates: readonly WrittenTemplate[] = [
  applicationTemplate,
  networkTemplate,
  helpDeskTemplate,
  securityTemplate,
  marketingSalesTemplate,
];
