/**
 * The words of a measurement: what a probe kind is, what it answers, and what travels between server and agent.
 * Browser-safe: imports zod alone.
 */
import { z } from 'zod';

/** A verdict's place in this list is its stored code: append only. */
export const verdicts = ['up', 'degraded', 'down', 'unknown'] as const;
export type Verdict = (typeof verdicts)[number];

/**
 * Every reason an observation can carry, with its stored code (never renumbered), and the words people read.
 * `down` and `degraded` reasons blame the target; `unknown` reasons are faults of our own.
 */
export const reasons = {
  ok: { code: 0, text: 'As expected' },
  slow: { code: 1, text: 'Slower than the agreed threshold' },
  'certificate-expiring': { code: 2, text: 'The certificate expires soon' },

  'name-not-found': { code: 20, text: 'The name does not exist' },
  'name-failed': { code: 21, text: 'The name could not be resolved' },
  'connection-refused': { code: 22, text: 'Connection refused' },
  'connection-reset': { code: 23, text: 'Connection reset' },
  'connection-closed': { code: 24, text: 'Connection closed too early' },
  unreachable: { code: 25, text: 'Host or network unreachable' },
  timeout: { code: 26, text: 'No answer in time' },
  'tls-failed': { code: 27, text: 'TLS handshake failed' },
  'certificate-expired': { code: 28, text: 'The certificate has expired' },
  'certificate-not-yet-valid': { code: 29, text: 'The certificate is not valid yet' },
  'certificate-wrong-name': { code: 30, text: 'The certificate is for another name' },
  'certificate-self-signed': { code: 31, text: 'The certificate is self-signed' },
  'certificate-unknown-issuer': { code: 32, text: 'The certificate comes from an unknown issuer' },
  'certificate-incomplete-chain': { code: 33, text: 'The server left out an intermediate certificate' },
  'certificate-revoked': { code: 34, text: 'The certificate is revoked' },
  'client-certificate-required': { code: 35, text: 'The server demands a client certificate' },
  'tls-version': { code: 36, text: 'The TLS version is older than required' },
  'protocol-error': { code: 37, text: 'The answer breaks the protocol' },
  'too-many-redirects': { code: 38, text: 'Too many redirects' },
  'redirect-invalid': { code: 39, text: 'A redirect leads nowhere usable' },
  'body-too-large': { code: 40, text: 'The body is larger than 1 MiB' },
  'body-undecodable': { code: 41, text: 'The body cannot be decoded' },
  'status-unexpected': { code: 42, text: 'Unexpected status' },
  'header-unexpected': { code: 43, text: 'Unexpected header' },
  'body-unexpected': { code: 44, text: 'Unexpected content' },
  'json-unexpected': { code: 45, text: 'Unexpected JSON value' },
  'answer-unexpected': { code: 46, text: 'Unexpected answer' },
  'rcode-unexpected': { code: 47, text: 'Unexpected DNS response code' },
  'not-authoritative': { code: 48, text: 'The answer is not authoritative' },
  'packet-loss': { code: 49, text: 'Packets were lost' },
  'too-slow': { code: 50, text: 'Slower than the limit' },
  'heartbeat-missed': { code: 51, text: 'No heartbeat in time' },
  'heartbeat-failed': { code: 52, text: 'The heartbeat reported a failure' },
  imported: { code: 60, text: 'As another system told it' },
  corrected: { code: 61, text: 'Corrected under the agreement' },
  supposed: { code: 62, text: 'Supposed, to see what would follow' },

  'not-observed': { code: 80, text: 'No observation arrived' },
  'resolver-unavailable': { code: 81, text: "The agent's resolver does not answer" },
  'address-refused': { code: 82, text: 'Troth does not probe this address' },
  'program-missing': { code: 83, text: 'A program that this probe needs is not installed' },
  'agent-exhausted': { code: 84, text: 'The agent ran out of sockets or file handles' },
  'agent-stopped': { code: 85, text: 'The agent stopped during the run' },
  'config-invalid': { code: 86, text: 'The configuration cannot be used' },
  'internal-error': { code: 87, text: 'Troth itself failed' },
} as const satisfies Record<string, { code: number; text: string }>;
export type Reason = keyof typeof reasons;

export const verdictCode = (verdict: Verdict): number => verdicts.indexOf(verdict);
const reasonByCode = new Map<number, Reason>(
  Object.entries(reasons).map(([reason, { code }]) => [code, reason as Reason]),
);
/** The reason of a stored code; a code from a newer version reads as `internal-error`. */
export const reasonOf = (code: number): Reason => reasonByCode.get(code) ?? 'internal-error';
/** The verdict of a stored code; a code out of range reads as `unknown`. */
export const verdictOf = (code: number): Verdict => verdicts[code] ?? 'unknown';

/** Phases of one run, each in milliseconds and in this order; a phase that did not happen is left out. */
export const phases = ['dns', 'connect', 'tls', 'firstByte', 'transfer'] as const;
export type Phase = (typeof phases)[number];
export type Timings = Partial<Record<Phase, number>>;

/** What one run of a probe saw. */
export interface Outcome {
  verdict: Verdict;
  reason: Reason;
  /** Milliseconds from the first packet to the last needed byte, fractional; null when nothing was measured. */
  latencyMs: number | null;
  timings?: Timings;
  /** One line for people, at most 500 characters: what was expected and what came. */
  detail?: string;
  /** Further figures of this run, such as `statusCode` or `certificateDaysLeft`. */
  facts?: Record<string, string | number | boolean>;
}

/** Decides whether a probe may connect to an address; throws a ProbeFailure of reason `address-refused` where it may not. */
export interface AddressGuard {
  check(address: string, port: number): void;
}

/** The part of an AbortSignal that runs use; an AbortSignal is one too. */
export interface RunSignal {
  readonly aborted: boolean;
  /** The listener is called once, and never when the signal has aborted already. */
  addEventListener(type: 'abort', listener: () => void, options: { once: true }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface RunContext {
  /** Aborts when the timeout is over or the agent stops: a run must let go of its sockets then. */
  readonly signal: RunSignal;
  readonly timeoutMs: number;
  readonly guard: AddressGuard;
}

export interface ProbeKind<Config = unknown> {
  /** The name in configurations: `http`. */
  readonly kind: string;
  readonly title: string;
  readonly description: string;
  /** `push` kinds wait for a call from outside and are never run by an agent. */
  readonly mode: 'pull' | 'push';
  readonly defaults: { readonly everyMs: number; readonly timeoutMs: number };
  /** A zod object; fields that hold secrets carry `.meta({ secret: true })`. Every field has a `.describe()`. */
  readonly config: z.ZodType<Config>;
  /** The target in a few words: `https://payroll.internal/login`. Never a secret. */
  describe(config: Config): string;
  /** Targets as `troth check` takes them, one for each form; none of kinds that wait for a call. */
  readonly examples: readonly string[];
  /** Config (as input of the schema) from what `troth check <kind>` is given to look at. */
  fromTarget(target: string): unknown;
  /** Runs once. May throw a ProbeFailure; anything else thrown counts as `internal-error`. */
  run(config: Config, context: RunContext): Promise<Outcome>;
  /** Runs several at once where one process can serve many targets; outcomes in the order of the configs. */
  runMany?(configs: readonly Config[], context: RunContext): Promise<Outcome[]>;
}

/** Lets TypeScript infer the config of a kind from its schema. */
export const defineProbe = <Config>(kind: ProbeKind<Config>): ProbeKind<Config> => kind;

/** Thrown inside a run to end it with a verdict other than up. */
export class ProbeFailure extends Error {
  readonly reason: Reason;
  constructor(reason: Reason, detail: string) {
    super(detail);
    this.name = 'ProbeFailure';
    this.reason = reason;
  }
}

/** The first code of the reasons that are our own fault, never the target's. */
const firstOwnFault = reasons['not-observed'].code;
/** Whether a reason says that we, not the target, failed: its verdict is `unknown`. */
export const isOwnFault = (reason: Reason): boolean => reasons[reason].code >= firstOwnFault;

// ---- between server and agent ------------------------------------------------------------------------------------

/** What an agent needs to run one series (a probe at its location). */
export const seriesSpecSchema = z.object({
  series: z.int(),
  kind: z.string(),
  /** Changes with the config: what the agent made ready for one version serves until the next. */
  version: z.string(),
  /** The parsed config of the kind; secret fields are sealed for the location. */
  config: z.unknown(),
  everyMs: z.int().positive(),
  timeoutMs: z.int().positive(),
  degradedAboveMs: z.int().positive().nullable(),
  /** Failed attempts that confirm an outage, and how long after one the next attempt comes. */
  confirmFailures: z.int().min(1),
  recheckAfterMs: z.int().positive(),
});
export type SeriesSpec = z.infer<typeof seriesSpecSchema>;

export const roundRunSchema = seriesSpecSchema.extend({
  /** The owed slot, epoch ms by the server's clock. */
  slotMs: z.int(),
  /** When to start, ms after the round's `sentAtMs`; negative when overdue. */
  leadMs: z.number(),
  /** An extra attempt at the last slot, asked for because something that rests on this is suspect. */
  recheck: z.boolean().optional(),
});
export type RoundRun = z.infer<typeof roundRunSchema>;

/** One queue job: the probes of one location that are due in the same second. Empty rounds only confirm batches. */
export const roundSchema = z.object({
  location: z.string(),
  epoch: z.int(),
  sentAtMs: z.number(),
  runs: z.array(roundRunSchema),
  /** Batches of results that are committed, by agent: all up to `through`, and those of `beyond`. */
  confirmed: z.record(z.string(), z.object({ through: z.int(), beyond: z.array(z.int()) })),
});
export type Round = z.infer<typeof roundSchema>;

/**
 * One observation on the wire: series, slot (epoch ms), attempt (0 the slot's own run, 1.. re-checks), verdict code,
 * reason code, latency in microseconds or null, instant of the attempt (epoch ms), phase timings in microseconds in the
 * order of `phases` (null where absent) or null, detail or null, facts or null.
 */
export const wireObservationSchema = z.tuple([
  z.int(),
  z.int(),
  z.int().min(0).max(32_767),
  z.int().min(0).max(3),
  z.int().min(0).max(32_767),
  z.int().min(0).max(2_147_483_647).nullable(),
  z.int(),
  z.array(z.int().min(0).max(2_147_483_647).nullable()).max(phases.length).nullable(),
  z.string().max(500).nullable(),
  z.record(z.string().max(60), z.union([z.string().max(500), z.number(), z.boolean()])).nullable(),
]);
export type WireObservation = z.infer<typeof wireObservationSchema>;

/** One job on the results queue. A batch without observations is the agent's sign of life. */
export const resultBatchSchema = z.object({
  /** A uuid made when the agent starts. */
  agent: z.uuid(),
  location: z.string(),
  version: z.string(),
  /** 1, 2, 3 ... per agent; 0 for a sign of life, which is not confirmed. */
  batch: z.int().min(0),
  sentAtMs: z.number(),
  startedAtMs: z.number(),
  /** The agent's clock less the server's, ms. */
  clockOffsetMs: z.number(),
  inFlight: z.int().min(0),
  droppedRuns: z.int().min(0),
  unconfirmedBatches: z.int().min(0),
  observations: z.array(wireObservationSchema).max(20_000),
});
export type ResultBatch = z.infer<typeof resultBatchSchema>;

/** A run that is tried at a location and not stored; the job's return value is the Outcome. */
export const tryRunSchema = z.object({
  kind: z.string(),
  config: z.unknown(),
  timeoutMs: z.int().positive(),
});
export type TryRun = z.infer<typeof tryRunSchema>;

/** Queue and job names; a queue name holds no colon. */
export const resultsQueue = 'results';
export const roundsQueue = (location: string): string => `rounds-${location}`;
export const triesQueue = (location: string): string => `tries-${location}`;
export const jobNames = { round: 'round', batch: 'batch', try: 'try' } as const;
