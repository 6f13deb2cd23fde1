import { describe, expect, it } from 'vitest';
import type { Consequence } from '../../../server/contract/consequences.ts';
import { actsOf, beginOf } from '../../../client/model/consequence-acts.ts';
import {
  actText,
  ledgerFiles,
  moneyText,
  nextText,
  owedText,
  placeText,
  stateText,
  totalsText,
} from '../../../client/model/consequence-text.ts';

const nothing = {
  ...{ accept: false, contest: false, waive: false, decide: false, book: false, plan: false, finish: false },
};
const credit: Consequence = {
  id: 7,
  agreement: { key: 'hr-payroll', title: 'Payroll for HR' },
  provider: { key: 'hr-it', name: 'HR IT' },
  customer: { key: 'hr', name: 'HR' },
  arbiter: { key: 'cio', name: 'CIO' },
  ...{ period: '2026-10', timeZone: 'UTC', revision: 1, kind: 'credit', version: 1, state: 'proposed', isOpen: true },
  objective: { key: 'availability', title: 'Availability' },
  ...{ what: 'Credit of 500.00 EUR', why: '99.86 % is below 99.9 %' },
  credit: {
    ...{ amount: '500.00', currency: 'EUR', percent: '5', below: '99.9', bookedBefore: '0.00', transfer: '500.00' },
    ...{ costCentres: { from: '4711', to: '0815' }, journal: null },
  },
  action: null,
  ...{ proposedAt: '2026-11-02T00:00:00.000Z', answerDueAt: '2026-11-17T00:00:00.000Z', isDisputed: false },
  ...{ supersedes: null, supersededBy: null, acts: [], may: nothing },
};
const action: Consequence = {
  ...{ ...credit, kind: 'action', what: 'Service review', credit: null },
  action: { party: 'provider', owner: '', dueOn: '2026-12-01', isOverdue: false, note: null },
};
/** A revision left 200 of 500 that were booked. */
const repayment: Consequence = {
  ...credit,
  credit: { ...credit.credit!, amount: '200.00', bookedBefore: '500.00', transfer: '-300.00' },
};
const before = Date.parse('2026-11-10T00:00:00Z');
const after = Date.parse('2026-11-20T00:00:00Z');

describe('who owes whom what', () => {
  it.each([
    ['waiting', 'HR IT would owe HR 500.00\u00a0EUR.'],
    ['proposed', 'By the agreement HR IT owes HR 500.00\u00a0EUR.'],
    ['contested', 'HR IT contests that it owes HR 500.00\u00a0EUR.'],
    ['accepted', 'HR IT owes HR 500.00\u00a0EUR.'],
    ['booked', 'HR IT has credited HR 500.00\u00a0EUR.'],
    ['waived', 'HR waived 500.00\u00a0EUR that HR IT owed.'],
    ['dismissed', 'CIO decided that HR IT does not owe 500.00\u00a0EUR.'],
    ['superseded', 'Credit of 500.00\u00a0EUR: no longer owed.'],
  ] as const)('of a credit that is %s', (state, text) => {
    expect(owedText({ ...credit, state })).toBe(text);
  });

  it.each([
    ['waiting', 'HR would owe HR IT 300.00\u00a0EUR back.'],
    ['proposed', 'By the agreement HR owes HR IT 300.00\u00a0EUR back.'],
    ['contested', 'HR contests that it owes HR IT 300.00\u00a0EUR back.'],
    ['accepted', 'HR owes HR IT 300.00\u00a0EUR back.'],
    ['booked', 'HR has paid HR IT 300.00\u00a0EUR back.'],
    ['waived', 'HR IT waived 300.00\u00a0EUR that HR owed back.'],
    ['dismissed', 'CIO decided that HR does not owe 300.00\u00a0EUR back.'],
    ['superseded', 'Repayment of 300.00\u00a0EUR: no longer owed.'],
  ] as const)('of a repayment that is %s', (state, text) => {
    expect(owedText({ ...repayment, state })).toBe(text);
  });

  it('of actions, whichever party does them', () => {
    expect(owedText(action)).toBe('HR IT owes HR: Service review');
    expect(owedText({ ...action, action: { ...action.action!, party: 'customer' } })).toBe(
      'HR owes HR IT: Service review',
    );
    expect(owedText({ ...action, state: 'done' })).toBe('HR IT has done for HR: Service review');
  });
});

describe('an entry that gave way', () => {
  const gone = { act: 'superseded', party: null, by: 'Troth', at: '2026-11-12T10:00:00.000Z', journal: null } as const;
  const acts = [{ ...gone, reason: 'The report of October 2026, revision 2' }];

  it('says where it is told anew, and by which revision', () => {
    expect(owedText({ ...action, state: 'superseded', supersededBy: 63, acts })).toBe(
      'Told anew in entry 63, by the report of October 2026, revision 2: Service review',
    );
    expect(owedText({ ...credit, state: 'superseded', supersededBy: 64, acts })).toBe(
      'Credit of 500.00\u00a0EUR: told anew in entry 64, by the report of October 2026, revision 2.',
    );
    expect(owedText({ ...repayment, state: 'superseded', supersededBy: 65, acts })).toMatch(
      /told anew in entry 65, by/,
    );
  });

  it('says that nothing is owed where nothing stands in its place', () => {
    expect(owedText({ ...action, state: 'superseded', acts })).toBe(
      'No longer owed, by the report of October 2026, revision 2: Service review',
    );
  });
});

describe('which it is among others of the same amount', () => {
  it('is told by its agreement, its period and the promise', () => {
    expect(placeText(credit)).toBe('Payroll for HR · report of October 2026 · Availability');
    expect(placeText({ ...action, revision: null, objective: null, period: '2026-Q3' })).toBe(
      'Payroll for HR · review of Quarter 3 of 2026',
    );
  });
});

describe('amounts', () => {
  it('are read in groups of three', () => {
    expect(['0.05', '999.00', '1000.00', '-1234567.50'].map((amount) => moneyText(amount, 'EUR'))).toEqual([
      '0.05\u00a0EUR',
      '999.00\u00a0EUR',
      '1\u202f000.00\u00a0EUR',
      '-1\u202f234\u202f567.50\u00a0EUR',
    ]);
  });

  it('are summed up for a pair of teams, with what is to be done', () => {
    const { provider, customer } = credit;
    const pair = { provider, customer, credits: [], actions: 0, overdue: 0 };
    const eur = { currency: 'EUR', owed: '50.00', proposed: '20.00' };
    expect(totalsText({ ...pair, credits: [eur], actions: 3, overdue: 1 })).toBe(
      '50.00\u00a0EUR owed, 20.00\u00a0EUR proposed; 3 actions open, 1 of them overdue',
    );
    expect(totalsText({ ...pair, credits: [{ ...eur, owed: '-30.00', proposed: '0.00' }] })).toBe(
      '30.00\u00a0EUR to go back',
    );
    expect(totalsText({ ...pair, credits: [{ ...eur, owed: '0.00', proposed: '-30.00' }] })).toBe(
      '30.00\u00a0EUR proposed to go back',
    );
    expect(totalsText({ ...pair, actions: 1 })).toBe('1 action open');
    expect(totalsText(pair)).toBe('');
  });
});

describe('who must act', () => {
  it('is the provider until its time is over, then the arbiter too', () => {
    expect(nextText(credit, before)).toBe(
      'HR IT is to accept or contest it before 2026-11-17 00:00:00 UTC; after that CIO may decide.',
    );
    expect(nextText(credit, after)).toBe('HR IT has not answered in time: CIO may decide now.');
    expect(nextText({ ...credit, arbiter: null }, after)).toMatch(/^HR IT is to accept or contest it before/);
    expect(nextText({ ...credit, isDisputed: true }, after)).toMatch(/^A correction that touches it waits/);
  });

  it('is the customer where something goes back, which the provider may waive', () => {
    expect(nextText(repayment, before)).toMatch(/^HR is to accept or contest it before .*CIO may decide/);
    expect(nextText(repayment, after)).toBe('HR has not answered in time: CIO may decide now.');
    expect(nextText({ ...repayment, arbiter: null }, after)).toMatch(/^HR is to accept or contest it before/);
    expect(nextText({ ...repayment, state: 'waiting' }, after)).toMatch(/; HR IT may waive it\.$/);
    expect(nextText({ ...repayment, state: 'contested', arbiter: null }, after)).toMatch(/or HR IT waives it/);
  });

  it('is told of what is contested, accepted and over', () => {
    expect(nextText({ ...credit, state: 'contested' }, after)).toMatch(/^CIO decides/);
    expect(nextText({ ...credit, state: 'contested', arbiter: null }, after)).toMatch(/names no arbiter/);
    expect(nextText({ ...credit, state: 'accepted' }, after)).toBe(
      '500.00\u00a0EUR are to be booked from cost centre 4711 to 0815.',
    );
    expect(nextText({ ...repayment, state: 'accepted' }, after)).toBe(
      '300.00\u00a0EUR are to go back from cost centre 0815 to 4711.',
    );
    expect(nextText({ ...action, state: 'accepted' }, after)).toBe('HR IT is to do it by 2026-12-01.');
    expect(nextText({ ...credit, state: 'booked', isOpen: false }, after)).toBe('');
  });

  it('has a state in a word', () => {
    expect(stateText({ ...credit, state: 'accepted' })).toBe('To be booked');
    expect(stateText({ ...action, state: 'accepted' })).toBe('To be done');
    expect(stateText({ ...action, state: 'accepted', action: { ...action.action!, isOverdue: true } })).toBe('Overdue');
    expect(stateText({ ...credit, state: 'waived' })).toBe('Waived');
  });
});

describe('an act', () => {
  it('is offered where the server allows it, the nearest first', () => {
    expect(actsOf(credit)).toEqual([]);
    const mine = { ...credit, may: { ...nothing, accept: true, contest: true, waive: true } };
    const waive = actsOf({ ...action, may: { ...nothing, waive: true } })[0]!;
    expect(waive.words).toMatch(/^HR IT owes HR: Service review\. Nothing is owed for it any more\. This stays/);
    expect(actsOf(mine).map(({ name }) => name)).toEqual(['accept', 'contest', 'waive']);
    expect(actsOf({ ...credit, may: { ...nothing, decide: true } }).map(({ fixed }) => fixed)).toEqual([
      { outcome: 'upheld' },
      { outcome: 'dismissed' },
    ]);
  });

  it('with what goes back is not called a credit', () => {
    const [accept] = actsOf({ ...repayment, may: { ...nothing, accept: true } });
    expect(accept).toMatchObject({
      title: 'Accept this repayment?',
      said: 'The repayment is accepted and can be booked.',
    });
  });

  it('asks for what it needs: of an action who does it and by when', () => {
    const fieldsOf = (entry: Consequence) =>
      actsOf({ ...entry, may: { ...nothing, accept: true } })[0]!.fields.map(({ name }) => name);
    expect(fieldsOf(credit)).toEqual(['reason']);
    expect(fieldsOf(action)).toEqual(['owner', 'dueOn', 'reason']);
    expect(beginOf(action)).toMatchObject({ owner: '', dueOn: '2026-12-01' });
  });

  it('is told with who did it for whom', () => {
    const at = '2026-11-12T10:00:00.000Z';
    const done = { party: 'provider', by: 'paula', at, reason: '', journal: null } as const;
    expect(actText({ ...done, act: 'accepted' }, credit)).toBe('Accepted by paula for HR IT, 2026-11-12 10:00:00 UTC');
    expect(actText({ ...done, act: 'booked', journal: 'J-1' }, credit)).toMatch(/^Booked under J-1 by paula for HR IT/);
    expect(actText({ ...done, act: 'superseded', party: null }, credit)).toBe('Superseded, 2026-11-12 10:00:00 UTC');
  });
});

describe('the files of the ledger', () => {
  it('are narrowed as the list is', () => {
    expect(ledgerFiles({ agreement: 'hr-payroll', state: '' })[0]!.href).toBe(
      '/api/v1/consequences/export.csv?agreement=hr-payroll',
    );
    expect(ledgerFiles({})[1]!.href).toBe('/api/v1/consequences/export.xlsx');
  });
});
