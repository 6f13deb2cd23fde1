/** Numbers that the teams of the demo push. */
import { DemoRandom } from './demo-random.ts';
import type { DemoTime } from './demo-time.ts';

export interface DemoValue {
  value: string;
  at: string;
}

/** By key of the metric, in order of time. */
export function demoMetrics(time: DemoTime): Record<string, DemoValue[]> {
  const daily = (name: string, valueOf: (random: DemoRandom, monthsAgo: number) => number, digits: number) =>
    valuesOf(time, name, (day) => day.dayOfWeek <= 5, valueOf, digits);
  const weekly = (name: string, valueOf: (random: DemoRandom, monthsAgo: number) => number, digits: number) =>
    valuesOf(time, name, (day) => day.dayOfWeek === 5, valueOf, digits);
  return {
    'demo-satisfaction': daily(
      'satisfaction',
      (random, ago) => (ago === 4 || ago === 3 ? 3.9 : 4.3) + random.next() * 0.5,
      1,
    ),
    'demo-leads': daily('leads', (random, ago) => random.whole(4, ago === 8 || ago === 5 ? 6 : 10), 0),
    'demo-leads-accepted': weekly(
      'accepted',
      (random, ago) => random.whole(ago === 5 ? 58 : 70, ago === 5 ? 68 : 84),
      0,
    ),
    'demo-leads-called': weekly('called', (random, ago) => random.whole(ago === 7 ? 88 : 95, 99), 0),
    'demo-leads-without-feedback': weekly('feedback', (random) => random.whole(0, 6), 0),
  };
}

function valuesOf(
  time: DemoTime,
  name: string,
  isCounted: (day: DemoTime['today']) => boolean,
  valueOf: (random: DemoRandom, monthsAgo: number) => number,
  digits: number,
): DemoValue[] {
  const random = new DemoRandom(name);
  const values: DemoValue[] = [];
  for (const day of time.days) {
    if (!isCounted(day)) continue;
    const monthsAgo = (time.today.year - day.year) * 12 + time.today.month - day.month;
    const value = valueOf(random, monthsAgo).toFixed(digits);
    const atMs = time.at(day, '17:30');
    if (atMs < time.nowMs) values.push({ value, at: new Date(atMs).toISOString() });
  }
  return values;
}
