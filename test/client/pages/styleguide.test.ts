import { mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Component } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import StyleguidePage from '../../../client/pages/StyleguidePage.vue';
import { densities } from '../../../client/model/board-layout.ts';
import { tileKinds } from '../../../client/model/tile-kind.ts';

const kit = import.meta.glob<Component>('../../../client/components/kit/*.vue', { eager: true, import: 'default' });
const fields = import.meta.glob<Component>('../../../client/components/form/*Input.vue', {
  eager: true,
  import: 'default',
});
/** Drawn from what the server, or the rest of a certain form, holds. */
const elsewhere = /(Objective|Holidays|Period)Input/;

beforeEach(() => void vi.spyOn(console, 'warn'));
afterEach(() => vi.restoreAllMocks());

function guide() {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: {} }] });
  // A canvas has no picture here: the chart itself is seen in a browser.
  return mount(StyleguidePage, { global: { plugins: [createPinia(), router], stubs: { LatencyChart: true } } });
}

it('the style guide shows a tile of every kind in every density, and every piece without a warning', () => {
  const page = guide();
  const tiles = page.findAllComponents({ name: 'BoardTile' });
  for (const density of densities) {
    const kinds = tiles
      .filter((tile) => tile.props('density') === density)
      .map((tile) => tile.find('[data-kind]').attributes('data-kind'));
    expect(kinds).toEqual(expect.arrayContaining([...tileKinds]));
  }
  expect(page.findAll('section').length).toBeGreaterThan(8);
  expect(console.warn).not.toHaveBeenCalled();
});

it('nothing of the kit, and no field of a form, is missing in the style guide', () => {
  const page = guide();
  const wanted = Object.entries({ ...kit, ...fields }).filter(([file]) => !elsewhere.test(file));
  expect(wanted.length).toBeGreaterThan(30);
  const missing = wanted.filter(([, component]) => !page.findComponent(component).exists());
  expect(missing.map(([file]) => file)).toEqual([]);
});
