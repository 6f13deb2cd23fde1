/** The checks of the server's health in plain words: what each looks at, and what to do when it is not well. */

export interface HealthText {
  title: string;
  /** What the check looks at. */
  meaning: string;
  /** What to do when it fails. */
  remedy: string;
}

const texts: Readonly<Record<string, HealthText>> = {
  database: {
    title: 'Database',
    meaning: 'Everything that is measured and set up is stored there.',
    remedy: 'Look whether PostgreSQL runs, whether its disk is full, and whether DATABASE_URL still leads to it.',
  },
  queue: {
    title: 'Queue',
    meaning: 'It carries rounds to the agents and results back.',
    remedy: 'Look whether Redis (REDIS_URL), or the database where none is set, runs and can be reached.',
  },
  'dispatch lease': {
    title: 'Dispatch',
    meaning: 'One server at a time hands the due probes to the agents.',
    remedy: 'Start a server with the role "dispatch" in TROTH_ROLES; until then no probe is run.',
  },
  agents: {
    title: 'Agents',
    meaning: 'They run the probes, each at its location.',
    remedy: 'Start an agent at every location: troth agent, with TROTH_LOCATION set to its key.',
  },
  'ingest lag': {
    title: 'Results',
    meaning: 'How long what the agents found waits before it is stored.',
    remedy:
      'Servers cannot keep up or cannot write: look at the load of the database, or add a server with the role "ingest".',
  },
};

/** The words for a check; one that this page does not know is named as the server names it. */
export const healthText = (name: string): HealthText =>
  texts[name] ?? {
    title: name.charAt(0).toUpperCase() + name.slice(1),
    meaning: 'A check of the server.',
    remedy: 'The log of the server says more.',
  };
