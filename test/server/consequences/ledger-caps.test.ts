import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LedgerRecordingService } from '../../../server/consequences/ledger-recording.service.ts';
import type { ReportContent } from '../../../server/contract/reports.ts';
import { capped } from '../../../server/domain/consequences.ts';
import { amountText } from '../../../server/domain/money.ts';
import { periodOf } from '../../../server/domain/period.ts';
import { ratioOfPercent } from '../../../server/domain/ratio.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { signedAgreement, signers, type Signers } from '../../support/signed-agreement.ts';

let server: TestServer;
let people: Signers;

const base = 1_000_000n;
const caps = { period: ratioOfPercent('20'), year: ratioOfPercent('50') };
const [periodCap, yearCap] = [200_000n, 500_000n];
const promises = ['availability', 'speed'];

beforeAll(async () => {
  server = await startTestServer({ TROTH_ROLES: 'api' });
  const put = (path: string, body: unknown) => server.request('PUT', `/api/v1/${path}`, body);
  await put('teams/it', { name: 'IT' });
  await put('teams/hr', { name: 'HR' });
  await put('services/payroll', { name: 'Payroll', owner: 'it' });
  people = await signers(server, 'it', 'hr');
  await signedAgreement(
    server,
    'payroll',
    {
      ...{ kind: 'SLA', title: 'Payroll', provider: 'it', customer: 'hr', timeZone: 'UTC' },
      effective: { from: '2001-01-01' },
      objectives: {
        availability: { type: 'availability', services: ['payroll'], target: '99.9' },
        speed: { type: 'latency', services: ['payroll'], threshold: '1s', target: '95' },
      },
      consequences: {
        base: { amount: '10000.00', currency: 'EUR' },
        credits: promises.map((objective) => ({ objective, below: '90', percent: '50' })),
        cap: { period: '20', year: '50' },
      },
    },
    people,
  );
});
afterAll(() => server?.close());

/** What reports say of a year: the amounts of each month, each with those of the months before it in its caps. */
class ReportedYear {
  readonly #earned = new Map<number, bigint[]>();
  readonly #reported = new Map<number, bigint[]>();
  readonly #revisions = new Map<number, number>();

  constructor(readonly year: number) {}

  freeze(month: number, earned: bigint[]): Promise<void> {
    this.#earned.set(month, earned);
    return this.#record(month);
  }

  /** Reports after a revised one are derived anew, in order of time. */
  async settle(): Promise<void> {
    for (const month of [...this.#earned.keys()].toSorted((a, b) => a - b)) await this.#record(month);
  }

  /** What is more than nothing, in order of period and promise. */
  get totals(): { place: string; cents: bigint }[] {
    return [...this.#reported]
      .toSorted(([a], [b]) => a - b)
      .flatMap(([month, amounts]) =>
        amounts.map((cents, at) => ({ place: `${this.#label(month)} ${promises[at]}`, cents })),
      )
      .filter(({ cents }) => cents > 0n);
  }

  #label(month: number): string {
    return `${this.year}-${String(month).padStart(2, '0')}`;
  }

  async #record(month: number): Promise<void> {
    const before = [...this.#reported].filter(([other]) => other < month).flatMap(([, amounts]) => amounts);
    const given = before.reduce((sum, one) => sum + one, 0n);
    const amounts = capped(this.#earned.get(month)!, base, caps, given);
    this.#reported.set(month, amounts);
    const revision = (this.#revisions.get(month) ?? 0) + 1;
    this.#revisions.set(month, revision);
    const credits = amounts.map((amount, at) => ({
      ...{ objective: promises[at]!, version: 1, below: '90', percent: '50', currency: 'EUR' },
      ...{ amount: amountText(amount), state: 'proposed', why: 'It was missed' },
    }));
    const content = {
      parts: [{ version: 1, basis: 'signed', objectives: [] }],
      consequences: { credits, actions: [] },
    };
    await server.app.get(LedgerRecordingService).record({
      ...{ agreement: 'payroll', period: periodOf(this.#label(month), 'UTC')!, revision },
      content: content as unknown as ReportContent,
    });
  }
}

interface Credit {
  id: number;
  period: string;
  objective: string;
  cents: number;
  state: string;
}

/** Credits of a year that are not superseded, in order of period and promise. */
const creditsOf = (year: number): Promise<Credit[]> =>
  server.database.query<Credit>(
    `select c.id, c.period, c.objective, c.amount_cents as cents, s.state
     from consequences c join consequence_states s on s.consequence_id = c.id
     where c.period like $1 and s.state <> 'superseded' order by c.period, c.objective`,
    [`${year}-%`],
  );
const placeOf = ({ period, objective }: Credit): string => `${period} ${objective}`;
/** Those that nobody waived: what was decided stays as it was, also where a cap would take of it. */
const claimed = (credits: readonly Credit[]) => credits.filter(({ state }) => state !== 'waived');
const sumOf = (credits: readonly Credit[]): bigint => credits.reduce((sum, { cents }) => sum + BigInt(cents), 0n);

async function assertWithinCaps(year: number): Promise<void> {
  const credits = claimed(await creditsOf(year));
  expect(sumOf(credits) <= yearCap).toBe(true);
  for (const period of new Set(credits.map((credit) => credit.period)))
    expect(sumOf(credits.filter((credit) => credit.period === period)) <= periodCap).toBe(true);
}

async function answer(year: number, pick: number, acts: readonly [string, keyof Signers, object][]): Promise<void> {
  const credits = await creditsOf(year);
  const entry = credits[pick % Math.max(1, credits.length)];
  for (const [name, who, body] of entry ? acts : [])
    await server.request('POST', `/api/v1/consequences/${entry!.id}/${name}`, body, { cookie: people[who] });
}

const step = fc.oneof(
  fc.record({
    kind: fc.constant('freeze' as const),
    month: fc.integer({ min: 1, max: 5 }),
    earned: fc.tuple(fc.bigInt(0n, 250_000n), fc.bigInt(0n, 250_000n)),
  }),
  fc.record({ kind: fc.constant('settle' as const) }),
  fc.record({
    kind: fc.constant('answer' as const),
    pick: fc.nat(9),
    acts: fc.constantFrom<readonly [string, keyof Signers, object][]>(
      [['accept', 'provider', {}]],
      [['waive', 'customer', { reason: 'A good year' }]],
      [
        ['accept', 'provider', {}],
        ['book', 'provider', { journal: 'J-1' }],
      ],
    ),
  }),
);

let nextYear = 2001;

it('a credit that was waived is not asked for again where an earlier period comes to take of its cap', async () => {
  const reports = new ReportedYear(nextYear);
  const year = nextYear++;
  await reports.freeze(1, [200_000n, 0n]);
  await reports.freeze(2, [0n, 0n]);
  await reports.freeze(3, [150_000n, 0n]);
  await reports.freeze(4, [100_000n, 0n]);
  await answer(year, 1, [['waive', 'customer', { reason: 'A good year' }]]);
  const standing = async () =>
    (await creditsOf(year)).map(({ id, period, cents, state }) => ({ id, period, cents, state }));
  const [january, march, april] = await standing();
  expect(march).toMatchObject({ cents: 150_000, state: 'waived' });
  await reports.freeze(2, [200_000n, 0n]);
  const february = expect.objectContaining({ period: `${year}-02`, cents: 200_000 });
  expect(await standing()).toEqual([january, february, march]);
  await reports.settle();
  expect(await standing()).toEqual([january, february, march]);
  await reports.freeze(2, [0n, 0n]);
  await reports.settle();
  expect(await standing()).toEqual([january, march, { ...april, id: expect.any(Number) }]);
});

it('random ledgers keep to the caps of period and year at every step, and come to what the reports say', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 10 }), async (steps) => {
      const year = nextYear++;
      const reports = new ReportedYear(year);
      for (const one of steps) {
        if (one.kind === 'freeze') await reports.freeze(one.month, one.earned);
        else if (one.kind === 'settle') await reports.settle();
        else await answer(year, one.pick, one.acts);
        await assertWithinCaps(year);
      }
      await reports.settle();
      const credits = await creditsOf(year);
      const waived = new Map(credits.filter(({ state }) => state === 'waived').map((one) => [placeOf(one), one.cents]));
      const standing = claimed(credits).filter(({ cents }) => cents > 0);
      expect(standing.map((one) => `${placeOf(one)} ${one.cents}`)).toEqual(
        reports.totals.filter(({ place }) => !waived.has(place)).map(({ place, cents }) => `${place} ${cents}`),
      );
      for (const { place, cents } of reports.totals)
        expect(BigInt(waived.get(place) ?? cents) >= cents, place).toBe(true);
      await assertWithinCaps(year);
    }),
    { numRuns: 15, endOnFailure: true },
  );
}, 60_000);
