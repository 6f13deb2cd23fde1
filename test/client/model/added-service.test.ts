import { describe, expect, it } from 'vitest';
import {
  type AddedService,
  chosenRows,
  renamed,
  toNewServices,
  toRow,
  withFaults,
} from '../../../client/model/added-service.ts';
import { newServicesSchema } from '../../../server/contract/catalog.ts';
import type { Proposal } from '../../../server/contract/proposals.ts';

const proposal = (more: Partial<Proposal> = {}): Proposal => ({
  line: 1,
  text: '10.0.0.1 Core',
  problem: null,
  name: 'Core',
  key: 'core',
  takenKey: null,
  watchedBy: null,
  sameAsLine: null,
  probes: [
    { kind: 'icmp', title: 'Ping', target: '10.0.0.1', because: '', config: { host: '10.0.0.1' }, timeoutMs: 5_000 },
    {
      kind: 'tcp',
      title: 'TCP',
      target: '10.0.0.1:22',
      because: '',
      config: { host: '10.0.0.1', port: 22 },
      timeoutMs: 5_000,
    },
  ],
  ...more,
});
let id = 0;
const row = (more?: Partial<Proposal>): AddedService => toRow((id += 1), proposal(more));
const shared = { owner: 'it', location: 'hq', category: 'network' } as const;

describe('a row of what is added', () => {
  it('is chosen at first, unless it is watched already, named before, or cannot be read', () => {
    const rows = [row(), row({ watchedBy: 'a.b' }), row({ sameAsLine: 1 }), row({ problem: 'no', probes: [] })];
    expect(rows.map(({ isChosen }) => isChosen)).toEqual([true, false, false, false]);
    expect(rows[1]!.notes).toEqual(['Watched already, by a.b.']);
    expect(chosenRows(rows)).toEqual([rows[0]]);
  });

  it('has a key that follows its name until somebody writes one', () => {
    expect(renamed(row(), 'Büro Köln')).toMatchObject({ name: 'Büro Köln', key: 'buro-koln' });
    expect(renamed({ ...row(), key: 'mine', isOwnKey: true }, 'Other')).toMatchObject({ key: 'mine' });
  });

  it('becomes a service with the probe that was chosen, as the server takes it', () => {
    const body = toNewServices([{ ...row(), choice: 1 }], shared);
    expect(body.services[0]).toEqual({
      key: 'core',
      name: 'Core',
      owner: 'it',
      category: 'network',
      probes: { tcp: { kind: 'tcp', config: { host: '10.0.0.1', port: 22 }, locations: ['hq'] } },
    });
    expect(newServicesSchema.safeParse(body).success).toBe(true);
  });

  it('shows the faults that the server found in it, and loses them where it found none', () => {
    const rows = [row(), row(), { ...row(), faults: { key: 'old' } }];
    const sent = [rows[1]!, rows[2]!];
    const issues = [
      { path: 'services.0.key', message: 'taken' },
      { path: 'services.0.key', message: 'later' },
      { path: 'services.0.probes.icmp.locations.0', message: 'gone' },
    ];
    expect(withFaults(rows, sent, issues).map(({ faults }) => faults)).toEqual([
      {},
      { key: 'taken', probes: 'gone' },
      {},
    ]);
  });
});
