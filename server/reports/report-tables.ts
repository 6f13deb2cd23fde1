/** What a report says as tables of text, for paper and for Markdown. */
import type { ObjectiveResult } from '../contract/compliance.ts';
import { periodTitle } from '../contract/period-title.ts';
import { notedPieces, reachedWords, resultTitle, usedWords } from '../contract/report-words.ts';
import type { Report, ReportContent } from '../contract/reports.ts';
import { upstreamTexts } from '../contract/upstream-words.ts';
import { instantText } from '../domain/instant-text.ts';
import { lengthText } from '../domain/length-text.ts';
import { verdictWords } from '../domain/verdict.ts';

export interface ReportTable {
  title: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
  /** What stands under it, or in its place where it has no row. */
  notes: readonly string[];
}

/** More than this many stretches of time are counted, not listed: the rest is in the files. */
const mostPieces = 60;

export const kindTexts = {
  SLA: 'Service level report',
  OLA: 'Operational level report',
  UC: 'Report of an underpinning contract',
} as const;

/** Who, what and when, in pairs. */
export function reportFacts({ content, frozenAt, revision }: Report): [string, string][] {
  const { provider, customer, period, parts, reason } = content;
  const { timeZone } = period;
  const held = parts.map(({ version, basis }) => `${version}${basis === 'declared' ? ' (declared, not signed)' : ''}`);
  return [
    ['Provider', provider.name],
    ['Customer', customer.name],
    ['Period', `${periodTitle(period.label)}, by the clocks of ${timeZone}`],
    ['Version', held.join(', then ')],
    ['Frozen', `${instantText(frozenAt, timeZone)}, from what was known on ${instantText(content.asOf, timeZone)}`],
    ['Revision', reason === null ? String(revision) : `${revision}: ${reason}`],
  ];
}

export function promisesTable({ parts, services }: ReportContent): ReportTable {
  const isSplit = parts.length > 1;
  const titleOf = (result: ObjectiveResult, version: number): string =>
    isSplit ? `${resultTitle(result)} (version ${version})` : resultTitle(result);
  return {
    title: 'Promises',
    head: ['Promise', 'Promised', 'Reached', 'Time known', 'Budget', 'Verdict'],
    rows: parts.flatMap(({ version, objectives }) =>
      objectives.map(({ result }) => [
        titleOf(result, version),
        result.promise,
        reachedWords(result),
        result.coverage?.text ?? '–',
        usedWords(result) ?? '–',
        `${verdictWords[result.verdict]}${result.unproven && result.verdict !== 'no-data' ? ', unproven' : ''}`,
      ]),
    ),
    notes: parts.flatMap(({ version, objectives }) =>
      objectives.flatMap(({ result }) =>
        upstreamTexts(result, (key) => services[key] ?? key).map((text) => `${titleOf(result, version)}: ${text}`),
      ),
    ),
  };
}

export function piecesTable(content: ReportContent): ReportTable {
  const pieces = notedPieces(content);
  const { timeZone } = content.period;
  const more = pieces.length - mostPieces;
  return {
    title: 'What was lost, left out or not known',
    head: ['Promise', 'From', 'To', 'Length', 'What it was'],
    rows: pieces
      .slice(0, mostPieces)
      .map(({ promise, from, to, seconds, rule, reason, service, upstream }) => [
        promise,
        instantText(from, timeZone),
        instantText(to, timeZone),
        lengthText(seconds * 1_000),
        [
          `${content.services[service] ?? service}: ${rule}`,
          ...(reason ? [reason] : []),
          ...(upstream ? [`falls to ${content.services[upstream] ?? upstream}`] : []),
        ].join('; '),
      ]),
    notes:
      pieces.length === 0
        ? ['Nothing: all of the time was good, or nothing was measured.']
        : more > 0
          ? [`${more} more stretches of time are in the files of this report.`]
          : [],
  };
}

export function incidentsTable({ incidents, services, period: { timeZone } }: ReportContent): ReportTable {
  const instant = (at: string | null): string => (at === null ? 'not yet' : instantText(at, timeZone));
  return {
    title: 'Incidents and requests',
    head: ['Number', 'What', 'Severity', 'Began', 'Answered', 'Resolved'],
    rows: incidents.map((incident) => [
      `#${incident.id}`,
      `${incident.title} (${incident.services.map((key) => services[key] ?? key).join(', ')})`,
      String(incident.severity),
      instant(incident.startedAt),
      instant(incident.respondedAt),
      instant(incident.resolvedAt),
    ]),
    notes: incidents.length === 0 ? ['None was recorded for these services.'] : [],
  };
}

export function consequencesTable({ consequences: { credits, actions }, parts }: ReportContent): ReportTable {
  const titles = new Map(
    parts.flatMap(({ objectives }) => objectives.map(({ result }) => [result.key, resultTitle(result)])),
  );
  const stateText = { proposed: 'Proposed', waiting: 'Waits' } as const;
  return {
    title: 'What follows',
    head: ['Promise', 'Consequence', 'State', 'Why'],
    rows: [
      ...actions.map(({ objective, action, state, why }) => [
        titles.get(objective) ?? objective,
        action,
        stateText[state],
        why,
      ]),
      ...credits.map(({ objective, percent, amount, currency, state, why }) => [
        titles.get(objective) ?? objective,
        `Credit of ${amount} ${currency} (tier of ${percent} %)`,
        stateText[state],
        why,
      ]),
    ],
    notes: credits.length + actions.length === 0 ? ['Nothing follows from this period.'] : [],
  };
}
