/** How severe an incident is: from impact and urgency, by the matrix that parties agreed on. */

/** Severity by impact (rows, 1 to 3) and urgency (columns, 1 to 3). */
export type SeverityMatrix = readonly (readonly number[])[];

/** What holds where nothing else was agreed: as ITIL has it. */
export const usualSeverities: SeverityMatrix = [
  [1, 2, 3],
  [2, 3, 4],
  [3, 4, 5],
];

/** The severity where nobody said impact and urgency, nor a severity. */
export const plainSeverity = 3;

export interface RatedIncident {
  readonly severity: number;
  /** 1 the greatest; null where nobody said. */
  readonly impact: number | null;
  readonly urgency: number | null;
  /** Why it is another than impact and urgency make it: then it holds under every agreement. */
  readonly severityReason: string | null;
}

/** What a matrix makes of impact and urgency; null where one is not known. */
export const severityIn = (
  matrix: SeverityMatrix,
  { impact, urgency }: Pick<RatedIncident, 'impact' | 'urgency'>,
): number | null => (impact === null || urgency === null ? null : (matrix[impact - 1]?.[urgency - 1] ?? null));

/** The most severe of what several agreements make of impact and urgency; the usual where there are none. */
export function severityAmong(
  matrices: readonly SeverityMatrix[],
  rated: Pick<RatedIncident, 'impact' | 'urgency'>,
): number | null {
  const all = (matrices.length > 0 ? matrices : [usualSeverities]).flatMap((matrix) => severityIn(matrix, rated) ?? []);
  return all.length > 0 ? Math.min(...all) : null;
}

/** The severity under one agreement. */
export const severityUnder = (matrix: SeverityMatrix, incident: RatedIncident): number =>
  incident.severityReason === null ? (severityIn(matrix, incident) ?? incident.severity) : incident.severity;
