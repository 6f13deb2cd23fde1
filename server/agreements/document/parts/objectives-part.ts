/** What is promised: a table of objectives, and a matrix of response and resolution. */
import { listWords } from '../../../contract/list-words.ts';
import type { DocumentBlock, DocumentCell } from '../../../contract/agreement-document.ts';
import type { ObjectiveInput } from '../../../contract/agreements.ts';
import {
  isClocked,
  objectiveTitle,
  periodNoun,
  targetWords,
  type ClockedObjective,
} from '../../../contract/objective-words.ts';
import { cell, line, note, paragraph, table, type PartDraft } from '../blocks.ts';
import { servicesOf, servicesOfObjective } from '../../agreement-scope.ts';
import { objectivesOf, serviceName, type Source } from '../document-context.ts';

export function objectivesPart(source: Source): PartDraft {
  const others = objectivesOf(source).filter(([, objective]) => !isClocked(objective));
  return {
    key: 'objectives',
    title: 'Objectives',
    blocks: [
      paragraph(`The provider promises the customer, ${spanWords(source)}:`),
      ...table(
        { Objective: 5, Covers: 5, Target: 7 },
        others.map(([key, objective]) => objectiveRow(source, key, objective)),
      ),
      ...clockGroups(source).flatMap((group) => matrix(source, group)),
    ],
  };
}

function spanWords({ agreement: { period, timeZone } }: Source): string {
  return period.startsWith('rolling')
    ? `judged over the last ${periodNoun(period)} up to the present, by the clock of ${timeZone}`
    : `judged over each calendar ${period} by the clock of ${timeZone}, at its real length where the clocks change`;
}

function objectiveRow(source: Source, key: string, objective: ObjectiveInput): DocumentCell[] {
  return [
    [line(objectiveTitle(key, objective)), ...note(objective.note)],
    coverCell(source, objective),
    [line(targetWords(objective, source.agreement.period), key)],
  ];
}

const combining = {
  'any-down': 'together: down when any of them is',
  'all-down': 'together: down only when all of them are',
  average: 'the average of them',
} as const;

function coverCell(source: Source, objective: ObjectiveInput): DocumentCell {
  if (objective.type === 'metric') return cell(`Values reported as “${objective.metric}”`);
  const services = servicesOfObjective(source.agreement, objective);
  const together = 'combine' in objective && services.length > 1 ? note(combining[objective.combine]) : [];
  const heartbeat = 'probe' in objective && objective.probe ? note(`told by ${objective.probe}`) : [];
  return [line(coverWords(source, services)), ...together, ...heartbeat];
}

/** Their names; all of several by that word. */
function coverWords(source: Source, services: readonly string[]): string {
  const isAll = services.length > 2 && services.length === servicesOf(source.agreement).length;
  return isAll ? 'All services' : listWords(services.map((key) => serviceName(source, key)));
}

interface ClockGroup {
  readonly of: ClockedObjective['of'];
  readonly services: string[];
  readonly objectives: [string, ClockedObjective][];
}

/** Those of the same kind of case and the same services share a matrix. */
function clockGroups(source: Source): ClockGroup[] {
  const groups = new Map<string, ClockGroup>();
  for (const [key, objective] of objectivesOf(source)) {
    if (!isClocked(objective)) continue;
    const services = servicesOfObjective(source.agreement, objective);
    const name = [objective.of, ...services.toSorted()].join(' ');
    const group = groups.get(name) ?? { of: objective.of, services, objectives: [] };
    group.objectives.push([key, objective]);
    groups.set(name, group);
  }
  return [...groups.values()];
}

function matrix(source: Source, { of, services, objectives }: ClockGroup): DocumentBlock[] {
  const about = services.length > 0 ? ` of ${coverWords(source, services)}` : '';
  const severities = [...new Set(objectives.map(([, { severity }]) => severity))].toSorted((a, b) => a - b);
  const types = (['response', 'resolution'] as const).filter((one) => objectives.some(([, { type }]) => type === one));
  const acts = { response: 'answered', resolution: of === 'incident' ? 'resolved' : 'fulfilled' };
  const titles = { response: 'Response within', resolution: 'Resolution within' };
  const rows = severities.map((severity) => [
    cell(severity === 1 ? '1, the most severe' : String(severity)),
    ...types.map((type) =>
      matrixCell(
        source,
        objectives.filter(([, one]) => one.severity === severity && one.type === type),
      ),
    ),
  ]);
  return [
    paragraph(
      `${of === 'incident' ? 'Incidents' : 'Requests'}${about.replace('All services', 'all services')} are ${listWords(types.map((type) => acts[type]))} in this time, counted in support hours:`,
    ),
    ...table({ Severity: 3, ...Object.fromEntries(types.map((type) => [titles[type], 6])) }, rows),
  ];
}

function matrixCell({ agreement }: Source, objectives: readonly [string, ClockedObjective][]): DocumentCell {
  if (objectives.length === 0) return cell('not promised');
  return objectives.flatMap(([key, objective]) => [
    line(targetWords(objective, agreement.period), key),
    ...note(objective.title),
    ...note(objective.note),
  ]);
}
