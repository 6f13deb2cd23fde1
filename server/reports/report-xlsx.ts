/** A frozen report as a workbook: numbers are numbers, instants are by the clocks of the agreement. */
import { periodTitle } from '../contract/period-title.ts';
import { reachedWords, resultTitle } from '../contract/report-words.ts';
import type { Report, ReportContent } from '../contract/reports.ts';
import { verdictWords } from '../domain/verdict.ts';
import { xlsxOf, type SheetCell, type WorkSheet } from '../platform/spreadsheet.ts';
import { consequencesTable, kindTexts, reportFacts } from './report-tables.ts';

export const reportXlsx = (report: Report): Promise<Buffer> =>
  xlsxOf([
    factsSheet(report),
    promisesSheet(report.content),
    intervalsSheet(report.content),
    eventsSheet(report.content),
    incidentsSheet(report.content),
    consequencesSheet(report.content),
  ]);

const yesOrNo = (value: boolean): string => (value ? 'yes' : 'no');
const number = (text: string | undefined): number | null => (text === undefined ? null : Number(text));

function factsSheet(report: Report): WorkSheet {
  const { content, hash, previousHash } = report;
  return {
    name: 'Report',
    head: [kindTexts[content.kind], `${content.title}: ${periodTitle(content.period.label)}`],
    rows: [
      ['Verdict', `${verdictWords[content.gist.verdict]}. ${content.gist.sentence}`],
      ...reportFacts(report),
      ['Clocks', content.period.timeZone],
      ['Hash', hash],
      ['Hash of the report before', previousHash ?? 'none: it is the first'],
    ],
  };
}

function promisesSheet({ parts }: ReportContent): WorkSheet {
  const head = [
    ...['Promise', 'Version', 'Type', 'Promised', 'Reached', 'Reached (share)', 'Time known (share)', 'Verdict'],
    ...['Unproven', 'Agreed (s)', 'Excluded (s)', 'Up (s)', 'Degraded (s)', 'Down (s)', 'Unknown (s)'],
    ...['Not monitored (s)', 'Bad (s)', 'Budget (s)', 'Budget left (s)', 'Events', 'Events missed', 'In words'],
  ];
  const rows = parts.flatMap(({ version, objectives }) =>
    objectives.map(({ result }): SheetCell[] => {
      const { seconds, budget, events, verdict } = result;
      return [
        ...[resultTitle(result), version, result.type, result.promise, reachedWords(result)],
        ...[number(result.attained?.ratio), number(result.coverage?.ratio)],
        ...[verdictWords[verdict], yesOrNo(result.unproven)],
        ...[seconds?.agreed ?? null, seconds?.excluded ?? null, seconds?.up ?? null, seconds?.degraded ?? null],
        ...[seconds?.down ?? null, seconds?.unknown ?? null, seconds?.unmonitored ?? null, seconds?.bad ?? null],
        ...[budget.seconds, budget.leftSeconds, events?.total ?? null, events?.bad ?? null, result.sentence],
      ];
    }),
  );
  return { name: 'Promises', head, rows };
}

function intervalsSheet({ parts, services, period: { timeZone: zone } }: ReportContent): WorkSheet {
  const rows = parts.flatMap(({ version, objectives }) =>
    objectives.flatMap(({ result, lines }) =>
      lines
        .flat()
        .map((piece): SheetCell[] => [
          ...[resultTitle(result), version, services[piece.service] ?? piece.service],
          ...[{ at: piece.from, zone }, { at: piece.to, zone }, piece.seconds, piece.class, yesOrNo(piece.bad)],
          ...[piece.rule, piece.reason ?? null, piece.upstream ? (services[piece.upstream] ?? piece.upstream) : null],
        ]),
    ),
  );
  const head = ['Promise', 'Version', 'Service', 'From', 'To', 'Seconds', 'Class', 'Bad', 'Rule', 'Reason', 'Falls to'];
  return { name: 'Intervals', head, rows };
}

function eventsSheet({ parts, period: { timeZone: zone } }: ReportContent): WorkSheet {
  const rows = parts.flatMap(({ version, objectives }) =>
    objectives.flatMap(({ result, events }) =>
      events.map((event): SheetCell[] => [
        ...[resultTitle(result), version, { at: event.from, zone }, event.to === null ? null : { at: event.to, zone }],
        ...[event.class, event.good, event.bad, event.what],
      ]),
    ),
  );
  return { name: 'Events', head: ['Promise', 'Version', 'At', 'Until', 'Class', 'Good', 'Bad', 'What'], rows };
}

function incidentsSheet({ incidents, services, period: { timeZone: zone } }: ReportContent): WorkSheet {
  const instant = (at: string | null): SheetCell => (at === null ? null : { at, zone });
  return {
    name: 'Incidents',
    head: ['Number', 'Kind', 'What', 'Services', 'Severity', 'Began', 'Clocks from', 'Answered', 'Resolved'],
    rows: incidents.map((incident) => [
      ...[incident.id, incident.kind, incident.title],
      ...[incident.services.map((key) => services[key] ?? key).join(', '), incident.severity],
      ...[instant(incident.startedAt), instant(incident.clockedAt)],
      ...[instant(incident.respondedAt), instant(incident.resolvedAt)],
    ]),
  };
}

function consequencesSheet(content: ReportContent): WorkSheet {
  const { head, rows } = consequencesTable(content);
  return { name: 'What follows', head, rows };
}
