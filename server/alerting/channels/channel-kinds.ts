import { configJsonSchema, secretsIn, type JsonSchema } from '../../../probes/support/config-schema.ts';
import type { SecretPath } from '../../../probes/support/sealed.ts';
import type { ChannelKind } from './channel-kind.ts';
import { discordChannel } from './kinds/discord.channel.ts';
import { emailChannel } from './kinds/email.channel.ts';
import { gotifyChannel } from './kinds/gotify.channel.ts';
import { mattermostChannel } from './kinds/mattermost.channel.ts';
import { ntfyChannel } from './kinds/ntfy.channel.ts';
import { pagerdutyChannel } from './kinds/pagerduty.channel.ts';
import { slackChannel } from './kinds/slack.channel.ts';
import { smsChannel } from './kinds/sms.channel.ts';
import { teamsChannel } from './kinds/teams.channel.ts';
import { telegramChannel } from './kinds/telegram.channel.ts';
import { webhookChannel } from './kinds/webhook.channel.ts';

/** Every kind of channel; a new one needs its line here and nothing else. */
export const channelKinds: readonly ChannelKind[] = [
  emailChannel,
  webhookChannel,
  slackChannel,
  teamsChannel,
  mattermostChannel,
  discordChannel,
  pagerdutyChannel,
  ntfyChannel,
  gotifyChannel,
  telegramChannel,
  smsChannel,
] as readonly ChannelKind[];

const known = new Map(
  channelKinds.map((kind) => {
    const schema: JsonSchema = configJsonSchema(kind.config);
    return [kind.kind, { kind, schema, secrets: secretsIn(schema) as readonly SecretPath[] }];
  }),
);

/** A kind with the JSON Schema of its config and the places of the secrets in it; undefined where there is none. */
export const channelKind = (name: string) => known.get(name);
