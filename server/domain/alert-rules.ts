/** What alerts are about, and how urgent each is where nobody has said otherwise: the one table of it. */

export const alertUrgencies = ['page', 'notify', 'ticket'] as const;
export type AlertUrgency = (typeof alertUrgencies)[number];

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
