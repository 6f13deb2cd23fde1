/** Teams of the demo, and people who are only names: none of them has an account, so nobody can sign in as one. */
import { permissions } from '../contract/access.ts';
import type { Actor } from '../platform/request-context.ts';

export interface DemoPerson {
  name: string;
  email: string;
  role: string;
  /** Key of the team. */
  team: string;
}

export const demoTeams = {
  'demo-network': { name: 'Network team', description: 'Lines, wireless, names and the way into the internet' },
  'demo-platform': { name: 'Platform team', description: 'Servers, databases, identities, the help desk and security' },
  'demo-applications': { name: 'Business applications', description: 'What departments do their daily work with' },
  'demo-hr': { name: 'Human Resources', description: 'Pays, hires and looks after people' },
  'demo-marketing': { name: 'Marketing', description: 'Wins leads and looks after the brand' },
  'demo-sales': { name: 'Sales', description: 'Turns leads into customers' },
} as const;
export type DemoTeam = keyof typeof demoTeams;

const person = (name: string, role: string, team: DemoTeam): DemoPerson => ({
  ...{ name, role, team },
  email: `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@demo.example`,
});

/** Who signs for each team. */
export const demoPeople: Readonly<Record<DemoTeam, DemoPerson>> = {
  'demo-network': person('Ole Vik', 'Head of networks', 'demo-network'),
  'demo-platform': person('Mira Lang', 'Head of platform', 'demo-platform'),
  'demo-applications': person('Anna Berg', 'Head of business applications', 'demo-applications'),
  'demo-hr': person('Clara Weiss', 'Head of Human Resources', 'demo-hr'),
  'demo-marketing': person('Tom Reed', 'Head of marketing', 'demo-marketing'),
  'demo-sales': person('Ines Costa', 'Head of sales', 'demo-sales'),
};

/** Acts as one of them in the name of their team; no account stands behind it. */
export function demoActor({ name, email, team }: DemoPerson): Actor {
  const signedIn = {
    ...{ id: `demo:${email}`, kind: 'user' as const, name: email, expiresAt: null },
    user: { id: 0, name: email, displayName: name, role: 'owner', teams: [team] },
    permissions: new Set(['board:read', 'catalog:write'] as const),
    teams: [team],
    memberOf: [team],
  };
  return signedIn;
}

/** Who enters what belongs to nobody in particular. */
export const demoLoader: Actor = { kind: 'system', name: 'demo', teams: 'all', permissions: new Set(permissions) };
