import { describe, expect, it } from 'vitest';
import { serviceNotes } from '../../../client/model/service-notes.ts';
import type { ServiceDetail } from '../../../server/contract/probing.ts';

type Probes = ServiceDetail['probes'];
const seen = { verdict: 'up' } as Probes[number]['series'][number]['last'];
const probe = (key: string, last: typeof seen, paused = false): Probes[number] => ({
  probe: { key: `payroll.${key}`, name: '', paused } as Probes[number]['probe'],
  series: [{ location: 'hq', state: 'unknown', suspect: false, nextSlot: '2026-03-01T10:00:00.000Z', last }],
});
const notes = (probes: Probes, paused = false) =>
  serviceNotes({ service: { paused } as ServiceDetail['service'], now: null, probes }, (at) => at.slice(11, 16));

describe('the notes of a service', () => {
  it('are none where everything is measured', () => expect(notes([probe('login', seen)])).toEqual([]));

  it.each<[string, Probes, boolean, RegExp]>([
    ['it is paused', [probe('login', seen)], true, /^This service is paused: .* neither up nor down\.$/],
    ['it has no probe', [], false, /^Nothing measures this service yet/],
    ['all its probes are paused', [probe('login', seen, true)], false, /^All probes of this service are paused/],
    [
      'nothing was seen yet',
      [probe('login', null)],
      false,
      /^Nothing was ever observed\. The next run is due at 10:00\.$/,
    ],
    ['one probe is new', [probe('login', seen), probe('api', null)], false, /^Probe api was never observed yet\.$/],
    ['one probe is paused', [probe('login', seen), probe('api', null, true)], false, /^1 of 2 probes are paused/],
  ])('say that %s', (_what, probes, paused, words) => {
    const [first, ...rest] = notes(probes, paused);
    expect([first, rest]).toEqual([expect.stringMatching(words), []]);
  });
});
