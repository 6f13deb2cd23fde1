import { mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import TimingWaterfall from '../../../../client/components/service/TimingWaterfall.vue';

it('draws the phases that happened one after the other, to scale', () => {
  const chart = mount(TimingWaterfall, { props: { timings: { connect: 25, firstByte: 75 } } });
  expect(chart.findAll('[data-phase]').map((phase) => phase.attributes('data-phase'))).toEqual([
    'connect',
    'firstByte',
  ]);
  const bars = chart.findAll<HTMLElement>('.bar').map(({ element }) => [element.style.left, element.style.width]);
  expect(bars).toEqual([
    ['0%', '25%'],
    ['25%', '75%'],
  ]);
  expect(chart.text()).toContain('75 ms');
});
