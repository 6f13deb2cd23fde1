/** An application that a department works with. */
import { agreementPlaces } from '../../../contract/agreement-document.ts';
import { template, termination } from './template.ts';

export const applicationTemplate = template(
  'application-sla',
  'Application SLA',
  'For the team that runs an application and the department that works with it: availability, speed, support.',
  {
    kind: 'SLA',
    title: 'Application for its department',
    services: [agreementPlaces.service],
    counting: { degraded: 'good', minimumOutage: '1m', maintenanceNotice: '5d', maintenanceAllowance: '8h' },
    objectives: {
      availability: { type: 'availability', target: '99.9', note: 'Sign-in and the main screens, as users see them.' },
      speed: { type: 'latency', title: 'Speed', threshold: '1s', target: '95' },
      'urgent-response': { type: 'response', severity: 1, within: '30m', target: '95' },
      'urgent-resolution': { type: 'resolution', severity: 1, within: '4h', target: '90' },
      'normal-response': { type: 'response', severity: 3, within: '8h', target: '90' },
      'normal-resolution': { type: 'resolution', severity: 3, within: '40h', target: '85' },
    },
    consequences: {
      actions: [
        { objective: 'availability', action: 'Review of the outages with the customer within five working days' },
        {
          objective: 'availability',
          repeated: { misses: 2, of: 3 },
          action: 'Improvement plan with owner and dates, tracked until it is done',
        },
        {
          objective: 'urgent-resolution',
          repeated: { misses: 2, of: 3 },
          action: 'Escalation to the heads of both teams',
        },
      ],
    },
    texts: {
      purpose:
        'The customer does its daily work with this application. This agreement says how reliably it is there, how fast it answers, and how soon help comes.',
      leftOut: 'Devices and home networks of the users, content that users enter, and test environments.',
      maintenance: 'Maintenance is planned outside the customer’s busy days.',
      reporting: 'Severity 1 by phone, all else through the service desk, with what happened and how many it affects.',
      duties:
        '- Name a key user who can be reached during service hours.\n- Tell the provider four weeks ahead of anything that will multiply the use.\n- Help to test changes and new releases.',
      exceptions:
        'The promises do not hold where the customer put off a change that the provider recommended in writing.',
      continuity: 'Data is backed up every day; a restore is rehearsed once a year, and the customer sees its result.',
      termination,
    },
  },
);
