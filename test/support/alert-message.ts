import type { AlertMessage } from '../../server/contract/channels.ts';

/** What is told of a payroll that is down. */
export const alertMessage = (over: Partial<AlertMessage> = {}): AlertMessage => ({
  alert: { id: 7, fingerprint: 'service-down/payroll' },
  moment: 'firing',
  urgency: 'page',
  title: 'Payroll is down',
  service: { key: 'payroll', name: 'Payroll' },
  agreement: { key: 'hr-payroll', name: 'Payroll for HR' },
  objective: 'Availability',
  sinceAt: '2026-11-26T08:15:30.000Z',
  reason: 'Connection refused',
  budget: { leftText: '12 min left of 43 min', usedRatio: '0.712501' },
  dependents: { names: ['Intranet', 'Expenses'], count: 14 },
  holder: null,
  clocks: [{ what: 'Response due', dueAt: '2026-11-26T08:30:30.000Z' }],
  links: {
    open: 'https://troth.example.org/alerts/7',
    acknowledge: 'https://troth.example.org/act#ack',
    silence: 'https://troth.example.org/act#silence',
    escalate: 'https://troth.example.org/act#escalate',
  },
  ...over,
});
