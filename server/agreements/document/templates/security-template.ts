/** Getting back after a security incident. */
import { agreementPlaces } from '../../../contract/agreement-document.ts';
import { template } from './template.ts';

export const securityTemplate = template(
  'security-recovery-sla',
  'Security recovery SLA',
  'For a security team and those it protects: first answer, containment, recovery, backups and drills.',
  {
    kind: 'SLA',
    title: 'Recovery after security incidents',
    services: [agreementPlaces.service],
    period: 'quarter',
    objectives: {
      'first-answer': { type: 'response', severity: 1, within: '15m', target: '95' },
      containment: {
        type: 'resolution',
        title: 'Containment',
        note: 'The attack can no longer spread.',
        severity: 1,
        within: '4h',
        target: '90',
      },
      recovery: { type: 'recovery', title: 'Recovery', of: 'incident', within: '24h', allowMisses: 0 },
      drill: { type: 'recovery', title: 'Drill', of: 'drill', within: '8h', allowMisses: 0 },
      backup: {
        type: 'recovery',
        title: 'Backup',
        note: 'So much data is lost at most.',
        maxAge: '26h',
        probe: `${agreementPlaces.service}.backup`,
      },
    },
    pausedBy: [],
    consequences: {
      actions: [
        { objective: 'recovery', action: 'Report to the head of the organisation within ten working days' },
        { objective: 'drill', action: 'The drill is repeated within four weeks' },
        { objective: 'backup', action: 'A restore is shown within five working days' },
      ],
    },
    texts: {
      purpose:
        'When an attack succeeds, time decides. This agreement says how soon the provider answers, contains and restores, and how both know that it works before it is needed.',
      leftOut: 'Legal advice, talks with attackers, and claims against third parties.',
      definitions:
        'A *security incident* is an event that harms the confidentiality, integrity or availability of a covered service, or is likely to.',
      reporting: 'By phone to the security on-call, at any hour, before anything else.',
      duties:
        '- Report suspicion at once; nobody is blamed for a false alarm.\n- Name two people who may decide to take a service off the network.\n- Take part in a drill every quarter.',
      continuity:
        'Services are restored in the order of their tier, from backups that no account of daily work can change. A service returns to the network only after both parties agree that it is clean. A written account follows within ten working days.',
      termination: 'This agreement ends only when another one takes its place.',
    },
    review: { every: 'quarter' },
  },
);
