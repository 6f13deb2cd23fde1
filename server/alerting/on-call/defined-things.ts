/** Schedules, policies and routes: how each is read, written and judged. Pure. */
import { durationText } from '../../../probes/support/duration.ts';
import type { Person } from '../../access/people.service.ts';
import { alertRouteInputSchema, type AlertRouteInput } from '../../contract/alerts.ts';
import { escalationPolicyInputSchema, type EscalationPolicyInput } from '../../contract/escalation.ts';
import type { InputIssue } from '../../contract/input-issues.ts';
import { onCallScheduleInputSchema, type OnCallScheduleInput } from '../../contract/on-call.ts';
import { suggestion } from '../../contract/suggestion.ts';
import { concise, type Fields } from '../../domain/differences.ts';
import type { DefinedKind } from './definitions.repository.ts';

export interface DefinedInputs {
  'on-call-schedule': OnCallScheduleInput;
  'escalation-policy': EscalationPolicyInput;
  'alert-route': AlertRouteInput;
}

/** What may be named. */
export interface OnCallNames {
  teams: ReadonlySet<string>;
  /** By their names in lower case. */
  people: ReadonlyMap<string, Person>;
  schedules: ReadonlySet<string>;
  policies: ReadonlySet<string>;
}

interface Kind<K extends DefinedKind> {
  word: string;
  /** Of the config file. */
  section: string;
  schema: { parse(value: unknown): DefinedInputs[K] };
  /** In the words of the config file. */
  fieldsOf: (input: DefinedInputs[K]) => Fields;
  /** What it names that is not there. People that it named before may stay: they are shown as gaps. */
  faults: (input: DefinedInputs[K], before: DefinedInputs[K] | undefined, names: OnCallNames) => InputIssue[];
}

const missing = (path: (string | number)[], what: string, key: string, known: Iterable<string>): InputIssue => ({
  path: path.map(String),
  message: `there is no ${what} "${key}"${suggestion(key, [...known])}`,
});

const teamFaults = (team: string | null | undefined, { teams }: OnCallNames): InputIssue[] =>
  team == null || teams.has(team) ? [] : [missing(['team'], 'team', team, teams)];

const membersOf = (schedule: OnCallScheduleInput | undefined): Set<string> =>
  new Set(schedule?.layers.flatMap(({ members }) => members.map((name) => name.toLowerCase())));

function scheduleFaults(
  input: OnCallScheduleInput,
  before: OnCallScheduleInput | undefined,
  names: OnCallNames,
): InputIssue[] {
  const known = membersOf(before);
  const isTeamKept = before?.team === input.team;
  return [
    ...teamFaults(input.team, names),
    ...input.layers.flatMap(({ members }, layer) =>
      members.flatMap((name, index): InputIssue[] => {
        const path = ['layers', layer, 'members', index];
        const wasThere = known.has(name.toLowerCase());
        const person = names.people.get(name.toLowerCase());
        if (!person) return wasThere ? [] : [missing(path, 'account', name, accountNames(names))];
        const isOutside = input.team != null && !person.teams.includes(input.team);
        if (!isOutside || (wasThere && isTeamKept)) return [];
        return [{ path: path.map(String), message: `"${name}" is not a member of the team "${input.team}"` }];
      }),
    ),
  ];
}

function policyFaults(
  input: EscalationPolicyInput,
  before: EscalationPolicyInput | undefined,
  names: OnCallNames,
): InputIssue[] {
  const known = new Set(before?.steps.flatMap(({ targets }) => targets.map(({ key }) => key.toLowerCase())));
  return [
    ...teamFaults(input.team, names),
    ...input.steps.flatMap(({ targets }, step) =>
      targets.flatMap(({ kind, key }, index): InputIssue[] => {
        const path = ['steps', step, 'targets', index, 'key'];
        if (kind === 'schedule' && !names.schedules.has(key))
          return [missing(path, 'on-call schedule', key, names.schedules)];
        if (kind === 'team' && !names.teams.has(key)) return [missing(path, 'team', key, names.teams)];
        const isGone = kind === 'user' && !names.people.has(key.toLowerCase()) && !known.has(key.toLowerCase());
        return isGone ? [missing(path, 'account', key, accountNames(names))] : [];
      }),
    ),
  ];
}

function routeFaults(
  { team, policy }: AlertRouteInput,
  _before: AlertRouteInput | undefined,
  names: OnCallNames,
): InputIssue[] {
  const isGone = policy != null && !names.policies.has(policy);
  return [
    ...teamFaults(team, names),
    ...(isGone ? [missing(['policy'], 'escalation policy', policy, names.policies)] : []),
  ];
}

const accountNames = ({ people }: OnCallNames): string[] => [...people.values()].map(({ name }) => name);

/** The fields of a schedule, lengths as people write them. */
export const scheduleFields = (input: OnCallScheduleInput) => ({
  ...input,
  team: input.team ?? null,
  layers: input.layers.map((layer) => ({ ...layer, length: layer.length == null ? null : durationText(layer.length) })),
});

/** The fields of a policy, lengths as people write them. */
export const policyFields = (input: EscalationPolicyInput) => ({
  ...input,
  team: input.team ?? null,
  steps: input.steps.map(({ after, targets }) => ({ after: delayText(after), targets })),
  repeatAfter: durationText(input.repeatAfter),
});

/** The fields of a route. */
export const routeFields = (input: AlertRouteInput) => ({
  ...input,
  ...{ team: input.team ?? null, policy: input.policy ?? null },
});

const delayText = (ms: number): string => (ms === 0 ? '0s' : durationText(ms));

export const definedKinds: { [K in DefinedKind]: Kind<K> } = {
  'on-call-schedule': {
    word: 'on-call schedule',
    section: 'onCallSchedules',
    schema: onCallScheduleInputSchema,
    fieldsOf: scheduleFields,
    faults: scheduleFaults,
  },
  'escalation-policy': {
    word: 'escalation policy',
    section: 'escalationPolicies',
    schema: escalationPolicyInputSchema,
    fieldsOf: policyFields,
    faults: policyFaults,
  },
  'alert-route': {
    word: 'alert route',
    section: 'alertRoutes',
    schema: alertRouteInputSchema,
    fieldsOf: routeFields,
    faults: routeFaults,
  },
};

const blankLayer = { name: '', rotation: 'weekly', length: null, handOver: '09:00', handOverDay: 'mon' };
const blankWeek = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, []]));

/** A schedule without what holds anyway, as the config file has it. */
export const conciseSchedule = (input: OnCallScheduleInput): Fields => {
  const layers = scheduleFields(input).layers.map((layer) => concise(layer, { ...blankLayer, hours: blankWeek }));
  return concise({ ...input, layers }, { team: null });
};

/** A policy without what holds anyway, as the config file has it. */
export const concisePolicy = (input: EscalationPolicyInput): Fields =>
  concise(policyFields(input), { team: null, repeat: 0, repeatAfter: '30m', handOver: true });

/** A route without what holds anyway, as the config file has it. */
export const conciseRoute = (input: AlertRouteInput): Fields => {
  const match = Object.fromEntries(Object.entries(input.match).filter(([, values]) => values.length > 0));
  return concise({ ...routeFields(input), match }, { team: null, place: 100, match: {}, policy: null, channels: [] });
};
