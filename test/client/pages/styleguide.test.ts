import { mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import StyleguidePage from '../../../client/pages/StyleguidePage.vue';
import { densities } from '../../../client/model/board-layout.ts';
import { tileKinds } from '../../../client/model/tile-kind.ts';

beforeEach(() => void vi.spyOn(console, 'warn'));
afterEach(() => vi.restoreAllMocks());

it('the style guide shows a tile in every state and density, and every piece without a warning', () => {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: {} }] });
  const page = mount(StyleguidePage, { global: { plugins: [createPinia(), router] } });
  for (const kind of tileKinds) {
    // Up stands there once more, as a tile that is stale.
    expect(page.findAll(`[data-kind=${kind}]`)).toHaveLength(densities.length * (kind === 'up' ? 2 : 1));
  }
  expect(page.findAll('section').length).toBeGreaterThan(8);
  expect(console.warn).not.toHaveBeenCalled();
});
