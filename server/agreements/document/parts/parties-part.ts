/** Who promises what to whom, and how they are reached. */
import { listWords } from '../../../contract/list-words.ts';
import { cell, define, definitions, table, type PartDraft } from '../blocks.ts';
import { teamName, type Side, type Source } from '../document-context.ts';

export function partiesPart(source: Source): PartDraft {
  const rows = (['provider', 'customer'] as const).map((side) => [
    cell(side === 'provider' ? 'Provider' : 'Customer'),
    cell(teamWords(source, side)),
    cell(source.agreement.parties[side].contacts.join('\n')),
    cell(source.agreement.parties[side].escalation.map((one, index) => `${index + 1}. ${one}`).join('\n')),
  ]);
  const hasPeople = rows.some(([, , contacts, escalation]) => contacts?.[0]?.text || escalation?.[0]?.text);
  const columns = hasPeople ? { Party: 3, Team: 5, Contacts: 6, 'Escalation, in turn': 6 } : { Party: 3, Team: 17 };
  const width = Object.keys(columns).length;
  return {
    key: 'parties',
    title: 'Parties',
    blocks: [
      ...table(
        columns,
        rows.map((row) => row.slice(0, width)),
      ),
      ...definitions(signatories(source)),
    ],
  };
}

function teamWords(source: Source, side: Side): string {
  const key = source.agreement[side];
  const email = source.context.teams.get(key)?.email;
  return [teamName(source, key), ...(email ? [email] : [])].join('\n');
}

function signatories(source: Source) {
  return (['provider', 'customer'] as const).flatMap((side) => {
    const people = source.agreement.parties[side].signatories.map(({ name, role }) =>
      role ? `${name} (${role})` : name,
    );
    return people.length > 0 ? [define(`Signs as ${side}`, listWords(people))] : [];
  });
}
