/** Services of the demo, those first that others rest on. */
import { demoTag, type DemoLoad } from '../contract/demo.ts';
import type { DemoTeam } from './demo-people.ts';

type Category = 'network' | 'application' | 'security' | 'support' | 'process';

export interface DemoService {
  key: string;
  name: string;
  description: string;
  category: Category;
  owner: DemoTeam;
  tier: number;
  dependsOn: readonly string[];
  /** False for those that no probe can see: their incidents and numbers tell of them. */
  isWatched: boolean;
}

/** No probe can see these. */
const unseen: ReadonlySet<string> = new Set(['help-desk', 'security-response', 'onboarding', 'leads']);

const service = (
  key: string,
  name: string,
  owner: DemoTeam,
  category: Category,
  tier: number,
  dependsOn: readonly string[],
  description: string,
): DemoService => ({
  ...{ key: `demo-${key}`, name, owner, category, tier, description },
  dependsOn: dependsOn.map((one) => `demo-${one}`),
  isWatched: !unseen.has(key),
});

const network = (key: string, name: string, tier: number, dependsOn: readonly string[], description: string) =>
  service(key, name, 'demo-network', 'network', tier, dependsOn, description);
const platform = (
  key: string,
  name: string,
  category: Category,
  tier: number,
  dependsOn: readonly string[],
  description: string,
) => service(key, name, 'demo-platform', category, tier, dependsOn, description);
const application = (key: string, name: string, tier: number, dependsOn: readonly string[], description: string) =>
  service(key, name, 'demo-applications', 'application', tier, dependsOn, description);

export const demoServices: readonly DemoService[] = [
  network('core-network', 'Core network', 1, [], 'Two rings that everything else hangs on'),
  network('name-service', 'Name service', 1, ['core-network'], 'Answers where things are'),
  network('internet-access', 'Internet access', 1, ['core-network'], 'Two lines of two carriers'),
  network('wireless', 'Wireless network', 2, ['core-network'], 'In all buildings'),
  network('remote-access', 'Remote access', 2, ['internet-access', 'name-service'], 'For people at home'),
  network('line-hamburg', 'Line to Hamburg', 2, ['core-network'], 'The branch with the warehouse'),
  network('line-new-york', 'Line to New York', 2, ['internet-access'], 'The sales office overseas'),
  platform('identity', 'Sign-in', 'security', 1, ['core-network', 'name-service'], 'Who people are, and what they may'),
  platform('virtual-machines', 'Virtual machines', 'application', 1, ['core-network'], 'Where most servers live'),
  platform(
    'databases',
    'Database cluster',
    'application',
    1,
    ['virtual-machines'],
    'Three nodes, two of which must live',
  ),
  platform('files', 'File storage', 'application', 2, ['virtual-machines', 'identity'], 'Shares of all departments'),
  platform('mail', 'Mail', 'application', 2, ['identity', 'internet-access'], 'Mailboxes and calendars'),
  platform('backup', 'Backup', 'security', 2, ['files', 'databases'], 'A copy of everything, every night'),
  platform('certificates', 'Certificate authority', 'security', 3, ['identity'], 'For machines and people'),
  platform('malware-protection', 'Malware protection', 'security', 2, ['internet-access'], 'On every device'),
  platform(
    'container-platform',
    'Container platform',
    'application',
    2,
    ['virtual-machines'],
    'For what is newly built',
  ),
  application('payroll', 'Payroll', 1, ['databases', 'identity'], 'Pays everybody on the 27th'),
  application('time-recording', 'Time recording', 2, ['databases', 'identity'], 'Hours, holidays, sick notes'),
  application('recruiting', 'Recruiting portal', 3, ['internet-access', 'databases'], 'Where people apply'),
  application('intranet', 'Intranet', 3, ['container-platform', 'identity'], 'News, forms and the menu of the canteen'),
  application('archive', 'Document archive', 2, ['files', 'identity'], 'Contracts and invoices, for ten years'),
  application('accounting', 'Accounting', 1, ['databases', 'identity'], 'Books of all companies'),
  application('customers', 'Customer records', 1, ['databases', 'identity'], 'What sales works with'),
  application('web-shop', 'Web shop', 1, ['container-platform', 'internet-access'], 'Where customers buy'),
  application('newsletter', 'Newsletter', 3, ['mail'], 'Twice a month to 40,000 readers'),
  application('reporting', 'Reporting', 3, ['databases'], 'Figures for everybody'),
  platform('help-desk', 'Help desk', 'support', 2, [], 'The one place to turn to; no probe sees it, its clocks do'),
  platform(
    'security-response',
    'Security response',
    'security',
    1,
    [],
    'Answers, contains and restores after an attack',
  ),
  service('onboarding', 'Onboarding', 'demo-hr', 'process', 3, ['identity'], 'The first day of everybody who begins'),
  service('leads', 'Lead hand-over', 'demo-marketing', 'process', 2, ['customers'], 'From marketing to sales and back'),
];

/** What a PUT takes. */
export const serviceInput = ({ key: _key, isWatched: _isWatched, ...fields }: DemoService) => ({
  ...fields,
  tags: [demoTag],
});

/**
 * What stands for a service: one of the probes that were given, always the same; nothing where there is none, or no probe
 * sees it.
 */
export function probeOf({ key, isWatched }: DemoService, { location, probes }: DemoLoad): object | null {
  if (location == null || probes.length === 0 || !isWatched) return null;
  const place = demoServices.findIndex((service) => service.key === key);
  return {
    ...probes[place % probes.length],
    name: 'The sample that stands for it',
    every: '30s',
    timeout: '5s',
    locations: [location],
    confirm: { recheckAfter: '2s' },
  };
}
