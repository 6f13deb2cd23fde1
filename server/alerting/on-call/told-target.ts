/** Whom a target of an escalation comes to at an instant. Pure. */
import type { Person } from '../../access/people.service.ts';
import type { EscalationTarget, ToldTarget } from '../../contract/escalation.ts';
import type { Roster } from './roster.ts';

/** What targets lead to. */
export interface EscalationWorld {
  /** By their names in lower case. */
  people: ReadonlyMap<string, Person>;
  /** Names by key. */
  teams: ReadonlyMap<string, string>;
  rosters: ReadonlyMap<string, { name: string; roster: Roster }>;
}

/** Who would be told, and why somebody would not: what leads to nobody is a gap, never left out. */
export function toldTarget({ kind, key }: EscalationTarget, atMs: number, world: EscalationWorld): ToldTarget {
  const base = { kind, key, people: [], gaps: [] };
  switch (kind) {
    case 'channel':
      return { ...base, name: key };
    case 'user':
      return ofUser(key, world);
    case 'team':
      return ofTeam(key, world);
    case 'schedule': {
      const found = world.rosters.get(key);
      if (!found) return { ...base, name: key, gaps: [{ name: '', reason: 'gone' }] };
      const onCall = found.roster.at(atMs);
      const reason = found.roster.gapOf(onCall);
      const person = found.roster.personOf(onCall);
      if (reason !== null || !person) {
        const name = person?.displayName ?? onCall.member ?? '';
        return { ...base, name: found.name, gaps: [{ name, reason: reason ?? 'nobody' }] };
      }
      return { ...base, name: found.name, people: [told(person)] };
    }
  }
}

function ofUser(key: string, { people }: EscalationWorld): ToldTarget {
  const person = people.get(key.toLowerCase());
  const base = { kind: 'user' as const, key, name: person?.displayName ?? key };
  if (!person) return { ...base, people: [], gaps: [{ name: key, reason: 'gone' }] };
  if (person.disabled) return { ...base, people: [], gaps: [{ name: person.displayName, reason: 'disabled' }] };
  return { ...base, people: [told(person)], gaps: [] };
}

function ofTeam(key: string, { people, teams }: EscalationWorld): ToldTarget {
  const members = [...people.values()].filter((person) => person.teams.includes(key) && !person.disabled);
  return {
    ...{ kind: 'team', key, name: teams.get(key) ?? key },
    people: members.map(told),
    gaps: members.length > 0 ? [] : [{ name: '', reason: teams.has(key) ? 'nobody' : 'gone' }],
  };
}

const told = ({ name, displayName }: Person) => ({ name, displayName });
