import { describe, expect, it } from 'vitest';
import { agreementDocument } from '../../../../server/agreements/document/agreement-document.ts';
import type { DocumentContext } from '../../../../server/agreements/document/document-context.ts';
import type { AgreementDocument, DocumentPartKey } from '../../../../server/contract/agreement-document.ts';
import { agreementDocumentSchema } from '../../../../server/contract/agreement-document.ts';
import { agreementInputSchema } from '../../../../server/contract/agreements.ts';
import { context, fullAgreement, fullDocument } from './full-agreement.ts';

const withChanges = (change: object, other: Partial<DocumentContext> = {}): AgreementDocument =>
  agreementDocument({ ...fullAgreement, ...change }, { ...context, ...other });

const blocksOf = (document: AgreementDocument, key: DocumentPartKey) =>
  document.parts.find((part) => part.key === key)?.blocks ?? [];
const termsOf = (document: AgreementDocument, key: DocumentPartKey): Record<string, string> =>
  Object.fromEntries(
    blocksOf(document, key).flatMap((block) =>
      block.kind === 'definitions' ? block.items.map(({ term, text }) => [term, text]) : [],
    ),
  );
/** The tables of a part: their rows as texts, notes in brackets. */
const tablesOf = (document: AgreementDocument, key: DocumentPartKey): string[][][] =>
  blocksOf(document, key).flatMap((block) =>
    block.kind === 'table'
      ? [
          block.rows.map((cells) =>
            cells.map((lines) => lines.map((one) => (one.isNote ? `[${one.text}]` : one.text)).join(' ')),
          ),
        ]
      : [],
  );
const paragraphsOf = (document: AgreementDocument, key: DocumentPartKey): string[] =>
  blocksOf(document, key).flatMap((block) => (block.kind === 'paragraph' ? [block.text] : []));

const bare = agreementInputSchema.parse({
  kind: 'OLA',
  title: 'Leads',
  provider: 'a',
  customer: 'b',
  effective: { from: '2026-01-01' },
  timeZone: 'UTC',
  objectives: { leads: { type: 'metric', metric: 'leads', atLeast: '10' } },
});

describe('the document of an agreement', () => {
  it('has its parts in their order, numbered without gaps, and is what the wire promises', () => {
    expect(fullDocument.parts.map(({ number, key }) => `${number} ${key}`)).toEqual([
      '1 parties',
      '2 scope',
      '3 definitions',
      '4 hours',
      '5 objectives',
      '6 severities',
      '7 duties',
      '8 continuity',
      '9 dependencies',
      '10 consequences',
      '11 review',
      '12 signatures',
    ]);
    expect(agreementDocumentSchema.parse(fullDocument)).toEqual(fullDocument);
  });

  it('leaves out what has nothing to say', () => {
    const document = agreementDocument(bare, { ...context, status: 'draft', version: null, supports: undefined });
    expect(document.parts.map(({ key }) => key)).toEqual([
      'parties',
      'definitions',
      'objectives',
      'consequences',
      'review',
      'signatures',
    ]);
    expect(Object.keys(termsOf(document, 'definitions'))).toEqual(['Reported value', 'Rounding']);
  });

  it('begins with version, status and dates; the last day is the one before it no longer holds', () => {
    expect(fullDocument.facts).toEqual([
      { term: 'Version', text: '3' },
      { term: 'Status', text: 'Signed, in force' },
      { term: 'In force', text: 'from 1 January 2026 to 31 December 2026' },
      { term: 'Written', text: '10 December 2025' },
    ]);
  });

  it.each([
    ['draft', 'Draft: not signed, not in force'],
    ['proposed', 'Proposed: not signed, not in force'],
    ['returned', 'Returned with comments: not signed, not in force'],
    ['declared', 'Declared, not signed'],
    ['ended', 'Ended: no longer in force'],
  ] as const)('that is %s says so at its head and at the foot of every page', (status, mark) => {
    const document = withChanges({ title: 'T'.repeat(120) }, { status });
    expect(document.mark).toBe(mark);
    expect(document.foot).toBe(`${'T'.repeat(59)}… · version 3 · ${mark}`);
  });

  it('bears no mark once it is signed', () => {
    expect(fullDocument.mark).toBeNull();
    expect(fullDocument.foot).toBe('Payroll for HR · version 3');
  });

  it('names the parties with contacts, escalation in turn and signatories', () => {
    expect(tablesOf(fullDocument, 'parties')).toEqual([
      [
        [
          'Provider',
          'HR IT\nhr-it@example.org',
          'Service desk, +49 30 1234-100, desk@example.org',
          '1. Jana Novák, head of HR IT\n2. Peter Groß, CIO',
        ],
        ['Customer', 'Human Resources', 'HR operations, +49 30 1234-200', '1. Dr. Anke Sørensen, head of HR'],
      ],
    ]);
    expect(termsOf(fullDocument, 'parties')).toEqual({
      'Signs as provider': 'Jana Novák (Head of HR IT)',
      'Signs as customer': 'Anke Sørensen (Head of HR) and Tom Weiß (Works council)',
    });
  });

  it('lists the services by category, those of its objectives too', () => {
    expect(termsOf(fullDocument, 'scope')).toEqual({
      'Application services': 'Payroll, Payslips',
      'Process services': 'Archive',
    });
  });

  it('defines every term it uses, as it counts', () => {
    const terms = termsOf(fullDocument, 'definitions');
    expect(terms['Eligible time']).toBe(
      'Service hours of a period in which this agreement is in force, less planned maintenance with the promised notice, what both parties agreed to exclude and excused time of services below.',
    );
    expect(terms['Down']).toBe(
      'From the first failed check of a confirmed outage until the good check that ends it; probes check at fixed intervals. What lasts less than 2 minutes as a whole is forgiven.',
    );
    expect(terms['Degraded']).toBe('Usable, but slow or with a supporting part failing; it counts as bad.');
    expect(terms['Unknown']).toBe('Time without a measurement; it is neither good nor bad, and lowers the coverage.');
    expect(terms['Availability']).toBe(
      '(measured time − bad time) ÷ measured time. Measured time is eligible time less unmonitored and unknown time; bad time is down and degraded time.',
    );
    expect(terms['Services below']).toBe(
      'Downtime while a service that this one rests on was down, and for 5 minutes after its recovery, is excused and does not count.',
    );
    expect(terms['Coverage']).toBe(
      'Known share of eligible time; below 95 % a figure is unproven, and consequences wait.',
    );
    expect(terms['Resolution']).toContain('The clock pauses while the case waits for the customer or an appointment.');
    expect(Object.keys(terms).join(', ')).toBe(
      'Eligible time, Down, Degraded, Unknown, Services below, Availability, Success, Latency, Outage, Mean time to restore, Mean time between failures, Response, Resolution, In time, Recovery, Age of backup or drill, Reported value, Coverage, Rounding',
    );
  });

  it('says otherwise where it counts otherwise', () => {
    const counting = {
      ...fullAgreement.counting,
      degraded: 'good',
      unknown: 'bad',
      minimumOutage: 0,
      upstream: 'counted',
      maintenanceAllowance: 0,
    };
    const document = withChanges({ counting, pausedBy: [] });
    const terms = termsOf(document, 'definitions');
    expect(terms['Availability']).toContain(
      'Measured time is eligible time less unmonitored time; bad time is down and unknown time.',
    );
    expect(terms['Unknown']).toBe('Time without a measurement; it counts as bad, and lowers the coverage.');
    expect(terms['Down']).not.toContain('forgiven');
    expect(terms['Services below']).toContain('counts in full');
    expect(terms['Eligible time']).not.toContain('maintenance');
    expect(terms['Resolution']).toContain('The clock never pauses.');
    expect(termsOf(document, 'hours')['Maintenance']).toBe(
      'Planned maintenance is not excused: what it takes from the service counts.',
    );
  });

  it('says service hours in words, with holidays and the exceptions that are still to come', () => {
    expect(termsOf(fullDocument, 'hours')).toEqual({
      'Service hours':
        'Office: Mon–Thu 08:00–18:00, Fri 08:00–12:00 and 13:00–16:00 (Europe/Berlin); closed on public holidays of Germany (BE); 24 December 2026 08:00–12:00; 31 December 2026 closed',
      'Support hours': 'The same as the service hours.',
      Maintenance:
        'Not counted where announced at least 5 days before it begins, up to 8 hours a month. Notice counts from its receipt; an overrun counts in full.',
    });
    expect(termsOf(withChanges({ calendar: null }), 'hours')['Service hours']).toBe('Around the clock');
  });

  it('puts the objectives in one table, and response and resolution in a matrix by severity', () => {
    const [objectives, incidents, requests] = tablesOf(fullDocument, 'objectives');
    expect(objectives).toEqual([
      [
        'Availability of payroll [Login and payslips, as users see them from the head office.]',
        'Payroll and Payslips [together: down when any of them is]',
        'At least 99.9 % availability',
      ],
      ['Speed of login', 'Payroll', 'At least 95 % of checks answered within 800 ms'],
      ['Checks', 'Payslips', 'At least 99.5 % of checks succeed'],
      ['Longest outage', 'Payroll', 'No outage longer than 1 hour 30 minutes'],
      ['Few outages', 'Payroll', 'At most 2 outages a month'],
      ['Restore', 'Payroll', 'Mean time to restore service at most 1 hour'],
      ['Between failures', 'Payroll', 'Mean time between failures at least 10 days'],
      ['Drill', 'Payroll', 'Restored within 4 hours, in all drills'],
      ['Backup', 'Payroll [told by payroll.backup]', 'Last good backup or drill never older than 1 day 2 hours'],
      ['Satisfaction', 'Values reported as “csat”', 'At least 4.2 points of 5 on average'],
    ]);
    expect(incidents).toEqual([
      ['1, the most severe', '15 minutes in at least 95 % of cases', '4 hours; at most 1 late a month'],
      ['3', '4 hours in at least 90 % of cases', '120 hours, in all cases'],
    ]);
    expect(requests).toEqual([['4', '72 hours in at least 90 % of cases']]);
    expect(paragraphsOf(fullDocument, 'objectives')).toEqual([
      'The provider promises the customer, judged over each calendar month by the clock of Europe/Berlin, at its real length where the clocks change:',
      'Incidents of all services are answered and resolved in this time, counted in support hours:',
      'Requests of all services are fulfilled in this time, counted in support hours:',
    ]);
  });

  it('ties each target to its objective, and each objective to one target', () => {
    const bound = blocksOf(fullDocument, 'objectives').flatMap((block) =>
      block.kind === 'table' ? block.rows.flat(2).flatMap(({ objective }) => objective ?? []) : [],
    );
    expect(bound.toSorted()).toEqual(Object.keys(fullAgreement.objectives).toSorted());
  });

  it('compares what it promises with what it rests on', () => {
    expect(paragraphsOf(fullDocument, 'dependencies')).toEqual([
      'What it rests on promises 99.85 % together, if outages come independently. This agreement promises more than that: Availability of payroll 99.9 %.',
    ]);
    const modest = { type: 'availability', title: '', note: '', services: [], combine: 'any-down', target: '99.85' };
    const document = withChanges({ objectives: { availability: modest } });
    expect(paragraphsOf(document, 'dependencies')).toEqual([
      'What it rests on promises 99.85 % together, if outages come independently. No availability promised here is higher.',
    ]);
  });

  it('says what follows, in amounts, and who decides', () => {
    const [actions, credits] = tablesOf(fullDocument, 'consequences');
    expect(actions).toEqual([
      ['Availability of payroll', 'attained below 99.5 %', 'Service review within five working days'],
      [
        'Urgent resolution',
        'missed in 2 of 3 periods',
        'Improvement plan, agreed with the customer and tracked until it is done',
      ],
    ]);
    expect(credits).toEqual([
      ['Availability of payroll', 'attained below 99.9 %', '5 %, 500.00\u00a0EUR'],
      ['Availability of payroll', 'attained below 99.0 %', '15 %, 1\u00a0500.00\u00a0EUR'],
    ]);
    expect(paragraphsOf(fullDocument, 'consequences')).toEqual([
      'Credits are shares of 10\u00a0000.00\u00a0EUR a month. Of several tiers of an objective the lowest that was missed counts alone. All credits together come to at most 20 % a month and 50 % a year. They are transferred from cost centre 4711 to 0815.',
      'The provider accepts what follows; only the customer may waive it, with a reason. Consequences wait while a figure is disputed. Either party may propose to correct a figure, with a reason; the other approves or rejects it. What is not answered within ten working days goes to the arbiter. Where the parties disagree, the CIO office decides as arbiter.',
    ]);
  });

  it('gives no credits while it is declared, and marks every missing signature', () => {
    const document = withChanges({}, { status: 'declared', signOffs: [] });
    expect(tablesOf(document, 'consequences')).toHaveLength(1);
    expect(paragraphsOf(document, 'consequences')[0]).toBe(
      'Credits are agreed by signature alone: while this agreement is declared and not signed, none are given.',
    );
    const signatures = blocksOf(document, 'signatures').flatMap((block) =>
      block.kind === 'signatures' ? block.parties.flatMap(({ people }) => people) : [],
    );
    expect(signatures.map(({ state }) => state)).toEqual(Array(3).fill('declared, not signed'));
  });

  it('shows who signed, for whom a delegate did, on the day of its zone, and who did not', () => {
    const people = blocksOf(fullDocument, 'signatures').flatMap((block) =>
      block.kind === 'signatures' ? block.parties.flatMap((party) => party.people) : [],
    );
    expect(people.map(({ name, state }) => `${name}: ${state}`)).toEqual([
      'Jana Novák: Signed on 15 December 2025',
      'Anke Sørensen: Signed by Olaf Brandt, delegate on 1 January 2026',
      'Tom Weiß: not signed',
    ]);
  });

  it('takes from a framework what it does not say itself', () => {
    const texts = { ...fullAgreement.texts, duties: '' };
    const framework = { title: 'IT terms', version: 2, texts: { duties: 'Tell us early.', purpose: 'not used' } };
    const document = withChanges({ texts }, { framework });
    expect(JSON.stringify(blocksOf(document, 'duties'))).toContain('Tell us early.');
    expect(JSON.stringify(blocksOf(document, 'scope'))).not.toContain('not used');
    expect(paragraphsOf(document, 'scope')).toEqual([
      'The terms of the framework agreement “IT terms”, version 2, apply. Where it and this agreement differ, this agreement holds.',
    ]);
  });

  it('says nothing that cannot be seen: marks that turn the direction of text are gone', () => {
    const document = withChanges({ title: 'Pay\u202Eroll\u2066 \u0007now' });
    expect(document.title).toBe('Payroll now');
  });
});
