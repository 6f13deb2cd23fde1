/** The ledger as a table, for books and spreadsheets: a row for each entry. */
import type { Consequence } from '../contract/consequences.ts';
import { consequenceStateWords } from '../contract/consequences.ts';
import { csvText, type CsvCell } from '../domain/csv-text.ts';
import { xlsxOf } from '../platform/spreadsheet.ts';

interface Column {
  readonly title: string;
  readonly cell: (entry: Consequence) => string | number | null | undefined;
  /** A decimal with two places. */
  readonly isAmount?: boolean;
}

const actOf = (entry: Consequence, ...acts: string[]) => entry.acts.findLast(({ act }) => acts.includes(act));

/** In the order in which they are written. */
export const ledgerColumns: readonly Column[] = [
  { title: 'id', cell: ({ id }) => id },
  { title: 'agreement', cell: ({ agreement }) => agreement.key },
  { title: 'title', cell: ({ agreement }) => agreement.title },
  { title: 'period', cell: ({ period }) => period },
  { title: 'revision', cell: ({ revision }) => revision },
  { title: 'kind', cell: ({ kind }) => kind },
  { title: 'state', cell: ({ state }) => consequenceStateWords[state].toLowerCase() },
  { title: 'promise', cell: ({ objective }) => objective?.title },
  { title: 'what', cell: ({ what }) => what },
  { title: 'why', cell: ({ why }) => why },
  { title: 'provider', cell: ({ provider }) => provider.name },
  { title: 'customer', cell: ({ customer }) => customer.name },
  { title: 'amount', cell: ({ credit }) => credit?.amount, isAmount: true },
  { title: 'booked_before', cell: ({ credit }) => credit?.bookedBefore, isAmount: true },
  { title: 'transfer', cell: ({ credit }) => credit?.transfer, isAmount: true },
  { title: 'currency', cell: ({ credit }) => credit?.currency },
  { title: 'tier_percent', cell: ({ credit }) => credit?.percent },
  { title: 'cost_centre_from', cell: ({ credit }) => credit?.costCentres?.from },
  { title: 'cost_centre_to', cell: ({ credit }) => credit?.costCentres?.to },
  { title: 'journal', cell: ({ credit }) => credit?.journal },
  {
    title: 'owner',
    cell: ({ action, provider, customer }) => action && (action.owner || { provider, customer }[action.party].name),
  },
  { title: 'due_on', cell: ({ action }) => action?.dueOn },
  { title: 'done', cell: ({ action }) => action?.note },
  { title: 'proposed_at', cell: ({ proposedAt }) => proposedAt },
  { title: 'answered_at', cell: (entry) => actOf(entry, 'accepted', 'contested', 'waived', 'upheld', 'dismissed')?.at },
  { title: 'answered_by', cell: (entry) => actOf(entry, 'accepted', 'contested', 'waived', 'upheld', 'dismissed')?.by },
  { title: 'reason', cell: (entry) => actOf(entry, 'contested', 'waived', 'upheld', 'dismissed')?.reason },
  { title: 'supersedes', cell: ({ supersedes }) => supersedes },
  { title: 'superseded_by', cell: ({ supersededBy }) => supersededBy },
];

const csvCell = ({ cell, isAmount }: Column, entry: Consequence): CsvCell => {
  const value = cell(entry) ?? '';
  // An amount is a number to a spreadsheet, also where it goes back; none has more digits than a double is exact for.
  return isAmount && value !== '' && String(value).startsWith('-') ? Number(value) : value;
};

export const ledgerCsv = (entries: readonly Consequence[]): string =>
  csvText(
    ledgerColumns.map(({ title }) => title),
    entries.map((entry) => ledgerColumns.map((column) => csvCell(column, entry))),
  );

/** An XLSX file with one sheet: texts as texts, whatever they begin with, and amounts as numbers. */
export const ledgerXlsx = (entries: readonly Consequence[]): Promise<Buffer> =>
  xlsxOf([
    {
      name: 'Consequences',
      head: ledgerColumns.map(({ title }) => title),
      rows: entries.map((entry) =>
        ledgerColumns.map(({ cell, isAmount }) => {
          const value = cell(entry) ?? null;
          return isAmount && value !== null && value !== '' ? { amount: Number(value) } : value;
        }),
      ),
    },
  ]);
