import { describe, expect, it } from 'vitest';
import {
  filterChoices,
  listedServices,
  matchingServices,
  noFilter,
  queryOf,
  type SortColumn,
  viewOf,
} from '../../../client/model/service-list.ts';
import { boardService } from '../board-service.ts';

const net = { key: 'net', name: 'Network' };
const services = [
  boardService({ key: 'a', name: 'Anvil', tier: 2, latencyMs: null, tags: ['prod'] }),
  boardService({ key: 'b', name: 'Backup', state: 'down', owner: net, category: 'network', latencyMs: 80 }),
  boardService({ key: 'c', name: 'Chat 10', suspect: true, latencyMs: 5, since: null }),
  boardService({ key: 'd', name: 'Chat 9', latencyMs: 900, tags: ['prod', 'eu'], since: '2026-03-01T09:00:00.000Z' }),
];
const order = (column: SortColumn, isDescending = false) =>
  listedServices(services, [], { column, isDescending }).map(({ key }) => key);

describe('the list of services', () => {
  it('stands in the address, and is the same when it is read back', () => {
    const query = {
      q: 'chat',
      state: 'down,up',
      team: 'net',
      category: 'network',
      tag: 'eu',
      tier: '2',
      sort: '-latency',
    };
    expect(queryOf(viewOf(query))).toEqual(query);
    expect(queryOf(viewOf({}))).toEqual({});
  });

  it('takes no notice of what an address says wrongly', () => {
    const { filter, sorting } = viewOf({ state: 'down,nonsense', sort: '-nothing', team: ['a', 'b'] });
    expect([filter.kinds, filter.team, sorting]).toEqual([['down'], '', { column: 'state', isDescending: false }]);
  });

  it.each([
    ['every word, wherever it stands', { text: 'hr-it chat' }, ['c', 'd']],
    ['a team', { team: 'net' }, ['b']],
    ['a category', { category: 'network' }, ['b']],
    ['a tag', { tag: 'eu' }, ['d']],
    ['a tier', { tier: '2' }, ['a']],
    ['all of them together', { tag: 'prod', tier: '1' }, ['d']],
  ])('finds by %s', (_what, parts, keys) => {
    expect(matchingServices(services, { ...noFilter, ...parts }).map(({ key }) => key)).toEqual(keys);
  });

  it('shows the chosen states, a suspect one as that', () => {
    const sorting = { column: 'name', isDescending: false } as const;
    expect(listedServices(services, ['suspect', 'down'], sorting).map(({ key }) => key)).toEqual(['b', 'c']);
  });

  it('sorts by urgency at first, equals as they came', () => {
    expect(order('state')).toEqual(['b', 'c', 'a', 'd']);
  });

  it('sorts numbers in names as numbers, and what was not measured last in both directions', () => {
    expect(order('name')).toEqual(['a', 'b', 'd', 'c']);
    expect(order('latency')).toEqual(['c', 'b', 'd', 'a']);
    expect(order('latency', true)).toEqual(['d', 'b', 'c', 'a']);
    expect(order('since')).toEqual(['d', 'a', 'b', 'c']);
  });

  it('offers what the services have', () => {
    const { team, category, tag, tier } = filterChoices(services);
    expect(team.map(({ text }) => text)).toEqual(['HR IT', 'Network']);
    expect(category.map(({ value }) => value)).toEqual(['network', 'application']);
    expect(tag.map(({ value }) => value)).toEqual(['eu', 'prod']);
    expect(tier.map(({ value }) => value)).toEqual(['1', '2']);
  });
});
