/** A network that other teams build on. */
import { agreementPlaces } from '../../../contract/agreement-document.ts';
import { template } from './template.ts';

export const networkTemplate = template(
  'network-ola',
  'Network OLA',
  'Between the network team and a team that builds its services on the network: availability, loss, repair.',
  {
    kind: 'OLA',
    title: 'Network for internal services',
    services: [agreementPlaces.service],
    counting: { degraded: 'bad', minimumOutage: '0s', maintenanceNotice: '10d', maintenanceAllowance: '4h' },
    objectives: {
      core: { type: 'availability', title: 'Core network', target: '99.95' },
      'round-trip': { type: 'latency', title: 'Round trip', threshold: '20ms', target: '99' },
      'longest-outage': { type: 'outage', title: 'Longest outage', longest: '1h' },
      restore: { type: 'outage', title: 'Repair', meanRestore: '30m' },
      'urgent-response': { type: 'response', severity: 1, within: '15m', target: '95' },
      'urgent-resolution': { type: 'resolution', severity: 1, within: '2h', target: '90' },
    },
    consequences: {
      actions: [
        {
          objective: 'core',
          action: 'Cause analysis within five working days',
        },
        {
          objective: 'core',
          repeated: { misses: 2, of: 3 },
          action: 'Improvement plan, reported to the head of IT',
        },
      ],
    },
    texts: {
      purpose:
        'The customer builds services for the whole organisation on this network. What is promised here is what its own agreements rest on.',
      leftOut: 'Access lines of carriers, which have contracts of their own, and equipment that the customer connects.',
      maintenance: 'Work on the core is done in the agreed windows, one of two redundant parts at a time.',
      reporting: 'By phone to the network on-call, at any hour. The provider tells of outages that it sees first.',
      duties:
        '- Connect services to both redundant parts.\n- Report planned loads above 50 % of a link two weeks ahead.',
      workload: 'The promises hold up to a load of 70 % of each link, as a mean over five minutes.',
      continuity:
        'Configurations are saved after every change; failover to the redundant part is rehearsed twice a year.',
      termination: 'It holds as long as the customer builds on the network; changes are agreed at the reviews.',
    },
    review: { every: 'quarter' },
  },
);
