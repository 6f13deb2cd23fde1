import type { z } from 'zod';
import { probeKinds } from '../../probes/registry.ts';
import type { ProbeKind } from '../../probes/contract.ts';
import { durationText } from '../../probes/support/duration.ts';
import {
  locationInputSchema,
  probeInputSchema,
  serviceInputSchema,
  teamInputSchema,
  type ProbeInput,
} from '../contract/catalog.ts';
import { calendarInputSchema } from '../contract/calendars.ts';
import { parseInput, type InputIssue } from '../contract/input-issues.ts';
import type { JsonSchema } from '../contract/schema-fields.ts';
import { maintenanceInputSchema } from '../contract/maintenance.ts';
import { quoted, suggestion } from '../contract/suggestion.ts';
import { unstorableTexts } from '../contract/unstorable-texts.ts';
import { ruleFault } from '../domain/recurrence.ts';
import { scheduleFault } from '../domain/recurrence-rule.ts';
import type {
  CalendarDraft,
  LocationDraft,
  MaintenanceDraft,
  ManagedBy,
  ProbeDraft,
  ServiceDraft,
  TeamDraft,
} from './definitions.ts';
import { configSchema, findKind } from './probe-kinds.ts';
import { keepSecrets, strayedSecrets } from './probe-secrets.ts';
import { holidayFault } from './public-holidays.ts';

/** A thing that could be read, or what is wrong with it. */
export interface Reading<Draft> {
  draft: Draft | undefined;
  issues: readonly InputIssue[];
}

export const mapReading = <From, To>({ draft, issues }: Reading<From>, map: (draft: From) => To): Reading<To> => ({
  draft: draft === undefined ? undefined : map(draft),
  issues,
});

/** What is stored of a probe, secrets in the clear: hidden values in its input stand for these. */
export type KnownProbe = Pick<ProbeDraft, 'kind' | 'config'> | undefined;

function read<Input, Draft>(
  schema: z.ZodType<Input>,
  input: unknown,
  path: readonly string[],
  toDraft: (input: Input) => Draft,
  jsonSchema?: () => JsonSchema,
): Reading<Draft> {
  const unstorable = unstorableTexts(input, path);
  if (unstorable.length > 0) return { draft: undefined, issues: unstorable };
  const { value, issues } = parseInput<Input>(schema, input, path, jsonSchema);
  return { draft: value === undefined ? undefined : toDraft(value), issues };
}

export const readTeam = (input: unknown, key: string, path: readonly string[], managedBy: ManagedBy) =>
  read(teamInputSchema, input, path, ({ name, email = null, description }): TeamDraft => ({
    ...{ key, name, email, description, managedBy },
  }));

export const readLocation = (input: unknown, key: string, path: readonly string[], managedBy: ManagedBy) =>
  read(locationInputSchema, input, path, ({ name, description }): LocationDraft => ({
    key,
    name,
    description,
    managedBy,
  }));

/** Reads a calendar; whether there are such holidays is known here alone. */
export function readCalendar(
  input: unknown,
  key: string,
  path: readonly string[],
  managedBy: ManagedBy,
): Reading<CalendarDraft> {
  const { draft, issues } = read(calendarInputSchema, input, path, ({ holidays, exceptions, ...rest }) => ({
    ...{ key, ...rest, managedBy },
    holidays: holidays ? { country: holidays.country, region: holidays.region ?? null } : null,
    exceptions: exceptions.toSorted((a, b) => (a.date < b.date ? -1 : 1)),
  }));
  const fault = draft?.holidays ? holidayFault(draft.holidays) : null;
  if (!fault) return { draft, issues };
  return { draft: undefined, issues: [{ path: [...path, 'holidays', fault.field], message: fault.message }] };
}

/** What is wrong with the times of a maintenance: as they are written, or because they never come. */
function maintenanceFault(draft: MaintenanceDraft): { field: string; message: string } | null {
  const fault = scheduleFault(draft.start, draft.timeZone, draft.repeat);
  if (fault) return fault;
  const message = ruleFault(draft);
  return message === null ? null : { field: 'repeat', message };
}

/** Reads a maintenance; what its rule comes to is only found out by following it. */
export function readMaintenance(
  input: unknown,
  key: string,
  path: readonly string[],
  managedBy: ManagedBy,
): Reading<MaintenanceDraft> {
  const { draft, issues } = read(
    maintenanceInputSchema,
    input,
    path,
    ({ duration, repeat = null, announced = null, ...rest }): MaintenanceDraft => ({
      ...{ key, ...rest, repeat, managedBy },
      durationMs: duration,
      announcedAt: announced === null ? null : new Date(announced),
    }),
  );
  const fault = draft ? maintenanceFault(draft) : null;
  return fault === null
    ? { draft, issues }
    : { draft: undefined, issues: [{ path: [...path, fault.field], message: fault.message }] };
}

export const readService = (
  input: unknown,
  key: string,
  path: readonly string[],
  managedBy: ManagedBy,
  jsonSchema?: () => JsonSchema,
) =>
  read(
    serviceInputSchema,
    input,
    path,
    ({ atLeast = null, ...rest }): ServiceDraft => ({ key, ...rest, atLeast, managedBy }),
    jsonSchema,
  );

/** Reads a probe with the config of its kind: all faults of both at once. */
export function readProbe(
  input: unknown,
  key: { service: string; key: string },
  path: readonly string[],
  known: KnownProbe,
): Reading<ProbeDraft> {
  const outer = read(probeInputSchema, input, path, (one) => one);
  const { kind, config: rawConfig = {} } = isRecord(input) ? input : {};
  if (typeof kind !== 'string') return { draft: undefined, issues: outer.issues };
  const probe = findKind(kind);
  if (!probe) {
    const kinds = probeKinds.map((one) => one.kind);
    const message = `there is no probe kind ${quoted(kind)}${suggestion(kind, kinds)}`;
    return { draft: undefined, issues: [...outer.issues, { path: [...path, 'kind'], message }] };
  }
  const inner =
    isRecord(rawConfig) && outer.issues.every((issue) => issue.path[path.length] !== 'config')
      ? readConfig(probe, rawConfig, [...path, 'config'], known)
      : { draft: undefined, issues: [] };
  const places = placeIssues(input as Record<string, unknown>, probe, path);
  const times = outer.draft ? timeIssues(outer.draft, probe, path) : [];
  const issues = [...outer.issues, ...places, ...times, ...inner.issues];
  if (issues.length > 0 || !outer.draft || !inner.draft) return { draft: undefined, issues };
  return { draft: toDraft(outer.draft, probe, inner.draft, key), issues };
}

/** Reads the config of a kind; what it shows hidden stands for what is known. */
export function readConfig(
  kind: ProbeKind,
  input: Record<string, unknown>,
  path: readonly string[],
  known: KnownProbe,
): Reading<ProbeDraft['config']> {
  const stored = known?.kind === kind.kind ? known.config : undefined;
  const { config, kept, issues } = keepSecrets(input, stored, kind.kind);
  const below = (found: readonly InputIssue[]) =>
    found.map(({ path: own, message }) => ({ path: [...path, ...own], message }));
  if (issues.length > 0) return { draft: undefined, issues: below(issues) };
  const parsed = parseInput(kind.config, config, path, () => configSchema(kind.kind));
  if (parsed.value === undefined) return { draft: undefined, issues: parsed.issues };
  // As storage gives it back: fields that are undefined do not exist.
  const draft = JSON.parse(JSON.stringify(parsed.value)) as ProbeDraft['config'];
  const strayed = stored ? strayedSecrets(stored, draft, kept) : [];
  return { draft: strayed.length > 0 ? undefined : draft, issues: below(strayed) };
}

/** Whether locations and quorum go with the kind; read from the input as it is, for other fields of it may be wrong. */
function placeIssues(input: Record<string, unknown>, kind: ProbeKind, path: readonly string[]): InputIssue[] {
  const { locations = [], quorum } = input;
  if (!Array.isArray(locations)) return [];
  const fault = (field: string, message: string): InputIssue => ({ path: [...path, field], message });
  const hasQuorum = typeof quorum === 'number';
  if (kind.mode === 'push') {
    return [
      ...(locations.length > 0
        ? [fault('locations', `a ${kind.kind} probe waits for a call and runs at no location`)]
        : []),
      ...(hasQuorum ? [fault('quorum', `a ${kind.kind} probe has no locations to count`)] : []),
    ];
  }
  if (locations.length === 0) return [fault('locations', 'must name at least one location to run at')];
  const most = `must not be greater than the number of locations, ${locations.length}`;
  return hasQuorum && quorum > locations.length ? [fault('quorum', most)] : [];
}

/** Whether a timeout goes with the interval of the kind. */
function timeIssues({ every, timeout }: ProbeInput, { defaults }: ProbeKind, path: readonly string[]): InputIssue[] {
  if (every !== undefined || timeout === undefined || timeout <= defaults.everyMs) return [];
  const message = `must not be longer than the interval, ${durationText(defaults.everyMs)} where left out`;
  return [{ path: [...path, 'timeout'], message }];
}

function toDraft(
  input: ProbeInput,
  kind: ProbeKind,
  config: ProbeDraft['config'],
  key: { service: string; key: string },
): ProbeDraft {
  const everyMs = input.every ?? kind.defaults.everyMs;
  const { failures, recheckAfter, successes } = input.confirm;
  return {
    ...key,
    name: input.name,
    kind: kind.kind,
    config,
    everyMs,
    timeoutMs: input.timeout ?? Math.min(kind.defaults.timeoutMs, everyMs),
    locations: input.locations,
    role: input.role,
    confirm: { failures, recheckAfterMs: recheckAfter, successes },
    degradedAboveMs: input.degradedAbove ?? null,
    quorum: input.quorum ?? null,
    paused: input.paused,
  };
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
