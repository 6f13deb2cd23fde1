/** An agreement that uses everything, with the names it refers to. */
import { agreementInputSchema } from '../../../../server/contract/agreements.ts';
import { calendarInputSchema } from '../../../../server/contract/calendars.ts';
import { agreementDocument } from '../../../../server/agreements/document/agreement-document.ts';
import type { DocumentContext } from '../../../../server/agreements/document/document-context.ts';

export const office = calendarInputSchema.parse({
  name: 'Office',
  timeZone: 'Europe/Berlin',
  week: {
    mon: ['08:00-18:00'],
    tue: ['08:00-18:00'],
    wed: ['08:00-18:00'],
    thu: ['08:00-18:00'],
    fri: ['08:00-12:00', '13:00-16:00'],
  },
  holidays: { country: 'DE', region: 'BE' },
  exceptions: [
    { date: '2026-12-24', hours: ['08:00-12:00'] },
    { date: '2026-12-31', hours: [] },
    { date: '2025-12-24', hours: [] },
  ],
});

const written = {
  kind: 'SLA',
  title: 'Payroll for HR',
  provider: 'hr-it',
  customer: 'hr',
  effective: { from: '2026-01-01', to: '2027-01-01' },
  timeZone: 'Europe/Berlin',
  calendar: 'office',
  supportCalendar: 'office',
  services: ['payroll-archive'],
  counting: {
    degraded: 'bad',
    unknown: 'excluded',
    minimumOutage: '2m',
    minimumCoverage: '95',
    maintenanceNotice: '5d',
    maintenanceAllowance: '8h',
    upstream: 'excused',
    tail: '5m',
  },
  objectives: {
    availability: {
      type: 'availability',
      title: 'Availability of payroll',
      note: 'Login and payslips, as users see them from the head office.',
      services: ['payroll', 'payslips'],
      target: '99.9',
    },
    speed: { type: 'latency', title: 'Speed of login', services: ['payroll'], threshold: '800ms', target: '95' },
    checks: { type: 'success', services: ['payslips'], target: '99.5' },
    'longest-outage': { type: 'outage', services: ['payroll'], longest: '90m' },
    'few-outages': { type: 'outage', services: ['payroll'], atMost: 2 },
    restore: { type: 'outage', services: ['payroll'], meanRestore: '1h' },
    'between-failures': { type: 'outage', services: ['payroll'], meanBetween: '10d' },
    'urgent-response': { type: 'response', severity: 1, within: '15m', target: '95' },
    'urgent-resolution': { type: 'resolution', severity: 1, within: '4h', allowMisses: 1 },
    'normal-response': { type: 'response', severity: 3, within: '4h', target: '90' },
    'normal-resolution': { type: 'resolution', severity: 3, within: '5d', allowMisses: 0 },
    'request-resolution': { type: 'resolution', of: 'request', severity: 4, within: '3d', target: '90' },
    drill: { type: 'recovery', of: 'drill', within: '4h', allowMisses: 0, services: ['payroll'] },
    backup: { type: 'recovery', maxAge: '26h', probe: 'payroll.backup', services: ['payroll'] },
    satisfaction: { type: 'metric', metric: 'csat', unit: 'points of 5', reading: 'average', atLeast: '4.2' },
  },
  restsOn: ['network-ola/core', 'hosting/servers'],
  consequences: {
    base: { amount: '10000.00', currency: 'EUR' },
    credits: [
      { objective: 'availability', below: '99.9', percent: '5' },
      { objective: 'availability', below: '99.0', percent: '15' },
    ],
    cap: { period: '20', year: '50' },
    costCentres: { from: '4711', to: '0815' },
    actions: [
      { objective: 'availability', below: '99.5', action: 'Service review within five working days' },
      {
        objective: 'urgent-resolution',
        repeated: { misses: 2, of: 3 },
        action: 'Improvement plan, agreed with the customer and tracked until it is done',
      },
    ],
  },
  arbiter: 'cio-office',
  review: { every: 'quarter' },
  parties: {
    provider: {
      contacts: ['Service desk, +49 30 1234-100, desk@example.org'],
      escalation: ['Jana Novák, head of HR IT', 'Peter Groß, CIO'],
      signatories: [{ name: 'Jana Novák', email: 'jana@example.org', role: 'Head of HR IT' }],
    },
    customer: {
      contacts: ['HR operations, +49 30 1234-200'],
      escalation: ['Dr. Anke Sørensen, head of HR'],
      signatories: [
        { name: 'Anke Sørensen', email: 'anke@example.org', role: 'Head of HR' },
        { name: 'Tom Weiß', email: 'tom@example.org', role: 'Works council' },
      ],
    },
  },
  texts: {
    purpose:
      'Payroll pays **2,400 people** on the last working day of each month. This agreement says how well it is kept running.',
    leftOut: '- Content of payslips\n- Devices and networks at home',
    definitions: 'A *pay run* is the time from the 23rd to the last working day of a month.',
    maintenance: 'During a pay run there is no planned maintenance.',
    reporting: 'By phone for severity 1 and 2, else in the [service portal](https://portal.example.org/payroll).',
    duties: '1. Name a contact who can be reached in support hours.\n2. Tell of pay runs a month ahead.',
    workload: '| What | At most |\n| --- | --- |\n| Users at once | 400 |\n| Payslips an hour | 5,000 |',
    exceptions: 'Force majeure, and changes that the customer ordered against advice.',
    continuity:
      'After a disaster payroll is restored at the second site within 4 hours, losing at most 15 minutes of data.',
    charges: 'EUR 10,000 a month, charged to the cost centre of HR.',
    termination: 'Either party may end it with three months’ notice to the end of a quarter.',
  },
} as const;

export const fullAgreement = agreementInputSchema.parse(written);

export const context: DocumentContext = {
  version: 3,
  status: 'active',
  writtenAt: '2025-12-10T09:00:00Z',
  teams: new Map([
    ['hr-it', { name: 'HR IT', email: 'hr-it@example.org' }],
    ['hr', { name: 'Human Resources' }],
    ['cio-office', { name: 'the CIO office' }],
  ]),
  services: new Map([
    ['payroll', { name: 'Payroll', category: 'application' }],
    ['payslips', { name: 'Payslips', category: 'application' }],
    ['payroll-archive', { name: 'Archive', category: 'process' }],
  ]),
  calendars: new Map([['office', office]]),
  supports: new Map([
    [
      'network-ola/core',
      {
        kind: 'OLA',
        agreement: 'Network for IT',
        title: 'Core network',
        target: 'At least 99.95 % availability',
        availability: '99.95',
      },
    ],
    [
      'hosting/servers',
      {
        kind: 'UC',
        agreement: 'Hosting by Example GmbH',
        title: 'Servers',
        target: 'At least 99.9 % availability',
        availability: '99.9',
      },
    ],
  ]),
  signOffs: [
    { side: 'provider', email: 'jana@example.org', name: 'Jana Novák', signedAt: '2025-12-15T10:00:00Z' },
    { side: 'customer', email: 'anke@example.org', name: 'Olaf Brandt', signedAt: '2025-12-31T23:30:00Z' },
  ],
};

export const fullDocument = agreementDocument(fullAgreement, context);
