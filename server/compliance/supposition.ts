/** What would be otherwise if it were as supposed: pure changes of what an evaluation rests on. */
import type { AgreementInput, ObjectiveInput } from '../contract/agreements.ts';
import type { InputIssue } from '../contract/input-issues.ts';
import { suggestion } from '../contract/suggestion.ts';
import type { WhatIf, WhatIfInput } from '../contract/what-if.ts';
import { reasons } from '../../probes/contract.ts';
import { groupBy } from '../domain/grouping.ts';
import type { ServiceState } from '../domain/service-state.ts';
import { subtract, unionOf, type Span } from '../domain/spans.ts';
import { overlay, type Interval } from '../domain/timeline.ts';
import type { ServiceLine } from './service-lines.service.ts';

type Intervals = WhatIfInput['intervals'];
type Terms = Pick<AgreementInput, 'objectives' | 'counting' | 'calendar'>;

/** Objectives that are made of the states of services. */
const isOfStates = (objective: ObjectiveInput): boolean =>
  objective.type === 'availability' || objective.type === 'outage';

/** Keys of the services whose states the objective is made of. */
export const supposableServices = (objective: ObjectiveInput, services: readonly string[]): string[] =>
  isOfStates(objective) ? [...services] : [];

/** The terms of an objective that can be supposed to be others. */
export function supposableTerms(objective: ObjectiveInput, { counting, calendar }: Terms): WhatIf['terms'] {
  return {
    target: ('target' in objective ? objective.target : null) ?? null,
    combine: 'combine' in objective ? objective.combine : null,
    minimumOutageMs: isOfStates(objective) ? counting.minimumOutage : null,
    calendar: calendar ?? null,
  };
}

/** What of a supposition cannot be asked of an objective over these services, as of an instant. */
export function suppositionFaults(
  input: WhatIfInput,
  objective: ObjectiveInput,
  services: readonly string[],
  nowMs: number,
): InputIssue[] {
  const { target, combine, minimumOutage, intervals } = input;
  const faults: InputIssue[] = [];
  const add = (path: string, message: string) => faults.push({ path: path.split('.'), message });
  const hasTarget = 'target' in objective && objective.target != null;
  if (target !== undefined && !hasTarget) add('target', 'is of objectives alone that promise a share');
  if (combine !== undefined && !('combine' in objective)) add('combine', 'is of availability and outages alone');
  else if (combine === 'average' && objective.type === 'outage') add('combine', 'cannot be the average for outages');
  if (minimumOutage !== undefined && !isOfStates(objective))
    add('minimumOutage', 'is of availability and outages alone');
  const offered = supposableServices(objective, services);
  for (const [index, { service, to }] of intervals.entries()) {
    if (!offered.includes(service))
      add(`intervals.${index}.service`, `is not one whose states are counted here${suggestion(service, offered)}`);
    if (Date.parse(to) > nowMs) add(`intervals.${index}.to`, 'must not lie in the future');
  }
  return faults;
}

/** The terms with one objective, the way of counting and the service hours as supposed. */
export function termsAsIf<Given extends Terms>(
  terms: Given,
  key: string,
  { target, combine, minimumOutage, calendar }: WhatIfInput,
): Given {
  const changes = { ...(target === undefined ? {} : { target }), ...(combine === undefined ? {} : { combine }) };
  // Faults were told before: what is changed is there, and of this kind.
  const objective = { ...terms.objectives[key]!, ...changes } as ObjectiveInput;
  return {
    ...terms,
    ...(calendar === undefined ? {} : { calendar }),
    counting: { ...terms.counting, minimumOutage: minimumOutage ?? terms.counting.minimumOutage },
    objectives: { ...terms.objectives, [key]: objective },
  };
}

/** Lines of services as if these had been in other states, also where others rest on them. */
export function linesAsIf(lines: ReadonlyMap<string, ServiceLine>, intervals: Intervals): Map<string, ServiceLine> {
  const supposed = new Map(
    [...groupBy(intervals, ({ service }) => service)].map(([service, own]) => [service, supposedTimeline(own)]),
  );
  return new Map(
    [...lines].map(([key, line]) => [
      key,
      {
        ...line,
        supposed: supposed.get(key) ?? [],
        upstream: line.upstream.map((below) => ({
          ...below,
          timeline: overlay(below.timeline, supposed.get(below.key) ?? []),
        })),
      },
    ]),
  );
}

/** What is supposed of one service, rising and without overlaps: at each instant the last that names it. */
function supposedTimeline(intervals: Intervals): Interval<ServiceState>[] {
  let covered: Span[] = [];
  const result: Interval<ServiceState>[] = [];
  for (const { from, to, state } of intervals.toReversed()) {
    const span = { fromMs: Date.parse(from), toMs: Date.parse(to) };
    for (const part of subtract([span], covered)) result.push({ ...part, state, reason: reasons.supposed.code });
    covered = unionOf([...covered, span]);
  }
  return result.sort((a, b) => a.fromMs - b.fromMs);
}
