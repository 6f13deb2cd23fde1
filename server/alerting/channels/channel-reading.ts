import { channelInputSchema, type ChannelInput } from '../../contract/channels.ts';
import { parseInput, type InputIssue } from '../../contract/input-issues.ts';
import type { JsonSchema } from '../../contract/schema-fields.ts';
import { quoted, suggestion } from '../../contract/suggestion.ts';
import { keepSecrets, strayedSecrets } from '../../platform/config-secrets.ts';
import { invalidInput } from '../../platform/input.pipe.ts';
import { invalidField } from '../../platform/problem.ts';
import { channelKind, channelKinds } from './channel-kinds.ts';

/** Reads what somebody wrote of a channel; what it shows hidden stands for what is stored. @throws Problem invalid-input */
export function readChannel(input: unknown, stored: ChannelInput | undefined): ChannelInput {
  const { value, issues } = parseInput(channelInputSchema, input);
  if (value === undefined) throw invalidInput(issues);
  const known = channelKind(value.kind);
  if (!known) {
    const names = channelKinds.map(({ kind }) => kind);
    throw invalidField('kind', `there is no kind ${quoted(value.kind)}${suggestion(value.kind, names)}`);
  }
  const before = stored?.kind === value.kind ? stored.config : undefined;
  const kept = keepSecrets(value.config, before, known.secrets);
  if (kept.issues.length > 0) throw invalidInput(below(kept.issues));
  const parsed = parseInput(known.kind.config, kept.config, ['config'], () => known.schema as JsonSchema);
  if (parsed.value === undefined) throw invalidInput(parsed.issues);
  // As storage gives it back: fields that are undefined do not exist.
  const config = JSON.parse(JSON.stringify(parsed.value)) as ChannelInput['config'];
  const strayed = before ? strayedSecrets(before, config, kept.kept) : [];
  if (strayed.length > 0) throw invalidInput(below(strayed));
  return { ...value, config };
}

const below = (issues: readonly InputIssue[]): InputIssue[] =>
  issues.map(({ path, message }) => ({ path: ['config', ...path], message }));
