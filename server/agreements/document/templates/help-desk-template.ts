/** A help desk: no probe sees it, its clocks do. */
import { agreementPlaces } from '../../../contract/agreement-document.ts';
import { template, termination } from './template.ts';

const clock = (type: 'response' | 'resolution', severity: number, within: string, target: string) =>
  ({ type, severity, within, target }) as const;

export const helpDeskTemplate = template(
  'help-desk-sla',
  'Help-desk SLA',
  'For a service desk and those it helps: times of response and resolution by severity, for incidents and requests.',
  {
    kind: 'SLA',
    title: 'Help desk',
    services: [agreementPlaces.service],
    objectives: {
      'severity-1-response': clock('response', 1, '15m', '95'),
      'severity-1-resolution': clock('resolution', 1, '4h', '90'),
      'severity-2-response': clock('response', 2, '30m', '95'),
      'severity-2-resolution': clock('resolution', 2, '8h', '90'),
      'severity-3-response': clock('response', 3, '2h', '90'),
      'severity-3-resolution': clock('resolution', 3, '24h', '85'),
      'severity-4-response': clock('response', 4, '4h', '90'),
      'severity-4-resolution': clock('resolution', 4, '40h', '85'),
      'request-response': { ...clock('response', 4, '8h', '90'), of: 'request' },
      'request-resolution': { ...clock('resolution', 4, '40h', '85'), of: 'request' },
      satisfaction: {
        type: 'metric',
        title: 'Satisfaction',
        note: 'Asked after every closed case.',
        metric: 'help-desk-satisfaction',
        unit: 'points of 5',
        reading: 'average',
        atLeast: '4.2',
      },
    },
    pausedBy: ['customer', 'appointment'],
    consequences: {
      actions: [
        { objective: 'severity-1-resolution', action: 'Review of each late case with the customer within a week' },
        {
          objective: 'satisfaction',
          repeated: { misses: 2, of: 3 },
          action: 'Improvement plan from the answers that were given, tracked until it is done',
        },
      ],
    },
    texts: {
      purpose:
        'The help desk is the one place to turn to with trouble and wishes. This agreement says how soon it answers and helps.',
      leftOut: 'Private devices, training and consulting, projects, and purchases beyond the service catalogue.',
      reporting: 'By phone, e-mail or portal during support hours. Severity 1 is reported by phone.',
      duties:
        '- Use the one place, not known colleagues.\n- Answer questions within two working days; until then the case waits.\n- Say when a case is solved.',
      workload: 'The times hold for up to 1.3 times the mean number of cases of the last three periods.',
      exceptions: 'During a major incident, cases of severity 4 and 5 may wait; the customer is told.',
      termination,
    },
  },
);
