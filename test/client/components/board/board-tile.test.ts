import { mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import BoardTile from '../../../../client/components/board/BoardTile.vue';
import type { Density } from '../../../../client/model/board-layout.ts';
import type { BoardService } from '../../../../server/contract/live.ts';
import { useClockStore } from '../../../../client/stores/clock.store.ts';
import { boardService } from '../../board-service.ts';

beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-03-01T10:00:00.000Z') }));
afterEach(() => vi.useRealTimers());

const show = (service: BoardService, density: Density = 'full', stale = false) =>
  mount(BoardTile, { props: { service, density, stale, current: false }, global: { plugins: [createPinia()] } });

describe('a tile', () => {
  it('says state, name, since when and latency in words, beside its mark', () => {
    const tile = show(boardService());
    expect(tile.text()).toContain('Up');
    expect(tile.text()).toContain('Payroll');
    expect(tile.text()).toContain('2 h');
    expect(tile.text()).toContain('42 ms');
    expect(tile.find('svg path').attributes('d')).toBeTruthy();
    expect(tile.get('a').attributes('href')).toBe('/services/payroll');
  });

  it('says why it is down', () => {
    const tile = show(boardService({ state: 'down', reason: 'Connection refused', latencyMs: null }));
    expect(tile.get('a').attributes('data-kind')).toBe('down');
    expect(tile.text()).toContain('Connection refused');
  });

  it('shows a suspect as such while its state stays', () => {
    const tile = show(boardService({ suspect: true }));
    expect(tile.get('a').attributes('data-kind')).toBe('suspect');
    const small = show(boardService({ suspect: true }), 'line');
    expect(small.get('a').attributes('aria-label')).toContain('Payroll: Up, suspect, since 2026-03-01');
  });

  it.each(['full', 'roomy', 'compact'] as const)('says on a %s tile for how long it is stale', (density) => {
    const tile = show(boardService({ observedAt: '2026-03-01T09:57:00.000Z' }), density, true);
    expect(tile.text()).toContain('stale 3 min');
    expect(tile.get('a').classes()).toContain('hatched');
    expect(tile.text()).not.toContain('42 ms');
  });

  it('keeps its whole story for readers where only the mark has room', () => {
    const tile = show(boardService(), 'mark', true);
    expect(tile.text()).toBe('');
    expect(tile.get('a').attributes('aria-label')).toMatch(
      /Payroll: Up, since .*, 42 ms, 99.99 % this month, stale, last seen/,
    );
  });

  it('counts its age on with the shared clock', async () => {
    const tile = show(boardService({ since: '2026-03-01T09:59:30.000Z' }), 'compact');
    expect(tile.text()).toContain('30 s');
    vi.advanceTimersByTime(31_000);
    await nextTick();
    expect(tile.text()).toContain('1 min');
  });

  it('does not count on what is no longer known', async () => {
    const tile = show(boardService({ since: '2026-03-01T09:59:30.000Z' }), 'compact');
    const clock = useClockStore();
    clock.hold('2026-03-01T10:00:05.000Z');
    vi.advanceTimersByTime(600_000);
    await nextTick();
    expect(tile.text()).toContain('35 s');
    clock.hold(null);
    await nextTick();
    expect(tile.text()).toContain('10 min');
  });

  it('shows the uptime of the month, rounded down, and the line of latencies where it has room', () => {
    const tile = mount(BoardTile, {
      props: { service: boardService(), density: 'full', stale: false, current: false, sparkline: true },
      global: { plugins: [createPinia()] },
    });
    expect(tile.text()).toContain('99.99 %');
    expect(tile.get('[aria-hidden] svg path').attributes('d')).toMatch(/^M0 0L1 0/);
    expect(show(boardService(), 'compact').text()).toContain('99.99 %');
    expect(show(boardService({ uptime: null })).text()).not.toContain('%');
  });

  it('leads nowhere on a display without an account', () => {
    const tile = mount(BoardTile, {
      props: { service: boardService(), density: 'full', stale: false, current: true, links: false },
      global: { plugins: [createPinia()] },
    });
    expect(tile.find('a').exists()).toBe(false);
    expect(tile.get('[data-key]').attributes('role')).toBe('group');
  });

  it('never reads the name of a service as HTML', () => {
    const tile = show(boardService({ name: '<img src=x onerror=alert(1)>', state: 'down', reason: '<b>no</b>' }));
    expect(tile.find('img').exists()).toBe(false);
    expect(tile.find('b').exists()).toBe(false);
  });
});
