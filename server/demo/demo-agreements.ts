/** What the teams of the demo promise each other: made from the templates, as people would. */
import type { z } from 'zod';
import type { agreementInputSchema } from '../contract/agreements.ts';
import type { frameworkInputSchema } from '../contract/frameworks.ts';
import { demoPeople, type DemoTeam } from './demo-people.ts';
import { demoZone, type DemoTime } from './demo-time.ts';

export type DemoAgreementInput = z.input<typeof agreementInputSchema>;
/** A template by its key, as it says: what differs is put in its place. */
export type FromTemplate = (key: string, more: Partial<DemoAgreementInput>) => DemoAgreementInput;

/** What every agreement of the house says alike. */
export const demoFrameworks: Readonly<Record<string, z.input<typeof frameworkInputSchema>>> = {
  'demo-house-terms': {
    title: 'Terms of the house',
    texts: {
      charges:
        'Nothing is charged between departments beyond the credits of this agreement. What a service costs is planned once a year, in October.',
      exceptions:
        'The promises do not hold while the building is closed by order of an authority, or while the city has no power.',
    },
  },
};
const ofHouse = { framework: 'demo-house-terms' };

/** Who promises whom, with those who sign for each. */
export const between = (provider: DemoTeam, customer: DemoTeam) => ({
  ...{ provider, customer, timeZone: demoZone },
  parties: { provider: partyOf(provider), customer: partyOf(customer) },
});

function partyOf(team: DemoTeam) {
  const { name, email, role } = demoPeople[team];
  return {
    contacts: [`${name}, ${email}`],
    escalation: [`${role}: ${name}`],
    signatories: [{ name, email, role }],
  };
}

export const networkAgreement = (template: FromTemplate, time: DemoTime): DemoAgreementInput => {
  const draft = template('network-ola', {
    ...between('demo-network', 'demo-platform'),
    title: 'Network for all services',
    services: ['demo-core-network'],
    effective: { from: time.first.toString() },
  });
  // Round trips are promised from the next version on: nobody has measured them before.
  const { 'round-trip': _roundTrip, ...objectives } = draft.objectives;
  return { ...draft, objectives };
};

/** Proposed, and not signed yet. */
export const nextNetworkAgreement = (before: DemoAgreementInput, time: DemoTime): DemoAgreementInput => ({
  ...before,
  effective: { from: time.month(-1).toString() },
  objectives: {
    ...before.objectives,
    core: { type: 'availability', title: 'Core network', services: ['demo-core-network'], target: '99.9' },
    'round-trip': {
      ...{ type: 'latency', title: 'Round trip', services: ['demo-core-network'], threshold: '20ms', target: '99' },
    },
  },
});

export function payrollAgreement(template: FromTemplate, time: DemoTime): DemoAgreementInput {
  const draft = template('application-sla', {
    ...between('demo-applications', 'demo-hr'),
    ...ofHouse,
    title: 'Payroll for Human Resources',
    services: ['demo-payroll'],
    effective: { from: time.first.toString() },
    calendar: 'demo-office',
    supportCalendar: 'demo-office',
    restsOn: ['demo-network-ola/core'],
    arbiter: 'demo-platform',
  });
  const { speed: _speed, ...objectives } = draft.objectives;
  return {
    ...draft,
    objectives,
    consequences: {
      ...draft.consequences,
      base: { amount: '12000.00', currency: 'EUR' },
      credits: [
        { objective: 'availability', below: '99.9', percent: '5' },
        { objective: 'availability', below: '99.5', percent: '10' },
        { objective: 'availability', below: '98', percent: '25' },
      ],
      cap: { period: '25', year: '60' },
      costCentres: { from: '4711 Business applications', to: '2100 Human Resources' },
    },
  };
}

/** For five months: less was promised, after what had been missed. */
export const laterPayrollAgreement = (before: DemoAgreementInput, time: DemoTime): DemoAgreementInput => ({
  ...before,
  effective: { from: time.month(5).toString() },
  objectives: {
    ...before.objectives,
    availability: { type: 'availability', target: '99.8', note: 'Sign-in and the main screens, as users see them.' },
    'longest-outage': { type: 'outage', title: 'Longest outage', longest: '1h' },
  },
  consequences: {
    ...before.consequences,
    credits: (before.consequences?.credits ?? []).map((tier) => ({
      ...tier,
      below: tier.below === '99.9' ? '99.8' : tier.below,
    })),
  },
});

/** Signed, and not in force yet. */
export const nextPayrollAgreement = (before: DemoAgreementInput, time: DemoTime): DemoAgreementInput => ({
  ...before,
  effective: { from: time.month(-1).toString() },
  objectives: { ...before.objectives, speed: { type: 'latency', title: 'Speed', threshold: '1s', target: '95' } },
});

export function helpDeskAgreement(template: FromTemplate, time: DemoTime): DemoAgreementInput {
  const draft = template('help-desk-sla', {
    ...between('demo-platform', 'demo-hr'),
    ...ofHouse,
    title: 'Help desk for everybody',
    services: ['demo-help-desk'],
    effective: { from: time.first.toString() },
    supportCalendar: 'demo-help-desk',
  });
  return withMetrics(draft, { 'help-desk-satisfaction': 'demo-satisfaction' });
}

export function securityAgreement(template: FromTemplate, time: DemoTime): DemoAgreementInput {
  const draft = template('security-recovery-sla', {
    ...between('demo-platform', 'demo-applications'),
    ...ofHouse,
    title: 'Recovery after security incidents',
    services: ['demo-security-response'],
    effective: { from: time.first.toString() },
  });
  // The heartbeat of a backup cannot be told afterwards: the demo has attacks and drills alone.
  const { backup: _backup, ...objectives } = draft.objectives;
  const { consequences } = draft;
  const actions = (consequences?.actions ?? []).filter(({ objective }) => objective !== 'backup');
  return { ...draft, objectives, consequences: { ...consequences, actions } };
}

/** Ended when the last month began. */
export const goalsAgreement = (template: FromTemplate, time: DemoTime): DemoAgreementInput =>
  withMetrics(
    template('marketing-sales', {
      ...between('demo-marketing', 'demo-sales'),
      effective: { from: time.first.toString() },
    }),
    {
      'leads-qualified': 'demo-leads',
      'leads-accepted-percent': 'demo-leads-accepted',
      'leads-called-in-time-percent': 'demo-leads-called',
      'leads-without-feedback': 'demo-leads-without-feedback',
    },
  );

/** Returned with comments. */
export const customersAgreement = (template: FromTemplate, time: DemoTime): DemoAgreementInput =>
  template('application-sla', {
    ...between('demo-applications', 'demo-sales'),
    title: 'Customer records for sales',
    services: ['demo-customers'],
    calendar: 'demo-new-york',
    effective: { from: time.month(-1).toString() },
  });

/** Still being written. */
export const archiveAgreement = (template: FromTemplate, time: DemoTime): DemoAgreementInput =>
  template('application-sla', {
    ...between('demo-applications', 'demo-hr'),
    title: 'Document archive',
    services: ['demo-archive'],
    effective: { from: time.month(-1).toString() },
  });

/** Declared by the config file: what is measured from now on is judged too. */
export const intranetAgreement = (time: DemoTime): DemoAgreementInput => ({
  ...between('demo-applications', 'demo-marketing'),
  kind: 'SLA',
  title: 'Intranet',
  status: 'declared',
  effective: { from: time.month(0).toString() },
  services: ['demo-intranet'],
  objectives: {
    availability: { type: 'availability', target: '99.5' },
    answers: { type: 'success', title: 'Answers', target: '99' },
    speed: { type: 'latency', title: 'Speed', threshold: '500ms', target: '95' },
  },
  consequences: { actions: [{ objective: 'availability', action: 'Review with the editors within two weeks' }] },
});

/** The same with other metrics. */
function withMetrics(draft: DemoAgreementInput, keys: Readonly<Record<string, string>>): DemoAgreementInput {
  const objectives = Object.entries(draft.objectives).map(([name, objective]) => [
    name,
    objective.type === 'metric' ? { ...objective, metric: keys[objective.metric] ?? objective.metric } : objective,
  ]);
  return { ...draft, objectives: Object.fromEntries(objectives) as DemoAgreementInput['objectives'] };
}
