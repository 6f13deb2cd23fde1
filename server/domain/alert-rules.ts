/** What alerts are about, and how urgent each is where nobody has said otherwise: the one table of it. */

export const alertUrgencies = ['page', 'notify', 'ticket'] as const;
export type AlertUrgency = (typeof alertUrgencies)[number];
export const urgencyNotes: Readonly<Record<AlertUrgency, string>> = {
  page: 'Calls people until somebody takes it',
  notify: 'Is told once, soon',
  ticket: 'Is told once, for the next working day',
};

export interface AlertRule {
  readonly title: string;
  /** When it fires and when it clears, in a sentence. */
  readonly description: string;
  readonly urgency: AlertUrgency;
  /** What it can be set for otherwise. */
  readonly scopes: readonly ('service' | 'agreement')[];
  /** Told once: nothing is to be waited for, and no recovery is told. */
  readonly isOnce?: true;
}

const both = ['service', 'agreement'] as const;
const service = ['service'] as const;
const agreement = ['agreement'] as const;

export const alertRules = {
  'service-down': {
    title: 'Service down',
    description: 'Probes have confirmed that a service is down; clears when it has recovered.',
    ...{ urgency: 'page', scopes: both },
  },
  'silent-location': {
    title: 'Silent location',
    description: 'Nothing is heard of a location, so nobody sees what is down there; clears when it is heard again.',
    ...{ urgency: 'page', scopes: [] },
  },
  'incident-urgent': {
    title: 'Urgent incident',
    description: 'Somebody has told of an incident of severity 1; clears when it is resolved.',
    ...{ urgency: 'page', scopes: both },
  },
  'incident-reported': {
    title: 'Incident reported',
    description: 'Somebody has told of an incident of severity 2 to 5; clears when it is resolved.',
    ...{ urgency: 'notify', scopes: both },
  },
  'outage-late': {
    title: 'Outage learnt of late',
    description: 'An outage became known after its end, from results that came late.',
    ...{ urgency: 'ticket', scopes: both, isOnce: true },
  },
  'burn-fast': {
    title: 'Budget burns very fast',
    description:
      'At least 14.4 times faster than allowed over 1 h and 5 min; lengths are agreed time, for a period of 720 h of it. Clears when one of both windows does.',
    ...{ urgency: 'page', scopes: agreement },
  },
  burn: {
    title: 'Budget burns fast',
    description: 'At least 6 times faster than allowed over 6 h and 30 min, counted as before.',
    ...{ urgency: 'page', scopes: agreement },
  },
  'burn-slow': {
    title: 'Budget burns',
    description: 'At least 3 times faster than allowed over 1 d and 2 h, counted as before.',
    ...{ urgency: 'ticket', scopes: agreement },
  },
  'burn-lasting': {
    title: 'Budget will not last',
    description: 'At least as fast as allowed over 3 d and 6 h, counted as before.',
    ...{ urgency: 'ticket', scopes: agreement },
  },
  'objective-at-risk': {
    title: 'Objective at risk',
    description: 'No more than a fifth of its budget is left, or that ends before the period does at the burn of late.',
    ...{ urgency: 'notify', scopes: agreement },
  },
  'objective-breached': {
    title: 'Objective breached',
    description: 'Its budget is overspent: it is breached for this period, or below its target where days still roll.',
    ...{ urgency: 'notify', scopes: agreement },
  },
  'objective-missed': {
    title: 'Objective missed',
    description: 'A period has closed and an objective was missed in it.',
    ...{ urgency: 'ticket', scopes: agreement, isOnce: true },
  },
  'clock-warning': {
    title: 'Clock of an incident runs out',
    description:
      'Half, three quarters or nine tenths of the time to respond to an incident, or to resolve it, are spent.',
    ...{ urgency: 'notify', scopes: both, isOnce: true },
  },
  'clock-breached': {
    title: 'Clock of an incident ran out',
    description: 'An incident was not responded to, or not resolved, in the promised time; clears when it is resolved.',
    ...{ urgency: 'page', scopes: both },
  },
  'certificate-expiring': {
    title: 'Certificate expires',
    description: 'A certificate of a service has fewer days left than its probe wants; clears when it was renewed.',
    ...{ urgency: 'ticket', scopes: service },
  },
  'report-ready': {
    title: 'Report ready',
    description: 'The report of a period, or a revision of it, can be read.',
    ...{ urgency: 'ticket', scopes: agreement, isOnce: true },
  },
  'sign-off-due': {
    title: 'Sign-off due',
    description: 'A version waits for a signature, or a review to be signed off, for as long as reminders are set to.',
    ...{ urgency: 'ticket', scopes: agreement, isOnce: true },
  },
  'service-flapping': {
    title: 'Service flapping',
    description:
      'A service goes down and up again and again: at 30 % of its last 20 changes its alerts are muted, below 25 % no more.',
    ...{ urgency: 'notify', scopes: service },
  },
  'silence-ended': {
    title: 'Silence ended',
    description: 'A silence has come to its end; what still fires is told then.',
    ...{ urgency: 'notify', scopes: [], isOnce: true },
  },
  'delivery-failing': {
    title: 'Delivery failing',
    description: 'A channel could not be told; told through the other channels, and clears when it can be told again.',
    ...{ urgency: 'notify', scopes: [] },
  },
} as const satisfies Readonly<Record<string, AlertRule>>;

export type AlertRuleName = keyof typeof alertRules;
export const alertRuleNames = Object.keys(alertRules) as AlertRuleName[];

export const alertRuleOf = (name: string): AlertRule => alertRules[name as AlertRuleName];
