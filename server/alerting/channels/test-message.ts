import type { AlertMessage } from '../../contract/channels.ts';

/** What a channel is sent to see whether it works. */
export const testMessage = (channel: { key: string; name: string }, at: Date, openLink: string): AlertMessage => ({
  alert: { id: 0, fingerprint: `test/${channel.key}` },
  moment: 'test',
  urgency: 'notify',
  title: `This is a test of the channel ${channel.name}`,
  ...{ service: null, agreement: null, objective: null, budget: null, holder: null },
  sinceAt: at.toISOString(),
  reason: 'Nothing is wrong: alerts that are routed to this channel arrive here',
  dependents: { names: [], count: 0 },
  clocks: [],
  links: { open: openLink },
});
