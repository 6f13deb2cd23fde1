import { describe, expect, it } from 'vitest';
import { incidentInputSchema } from '../../../server/contract/incidents.ts';
import { maintenanceInputSchema } from '../../../server/contract/maintenance.ts';
import { timelineImportSchema } from '../../../server/contract/probing.ts';
import { demoMaintenance } from '../../../server/demo/demo-hours.ts';
import { demoIncidents } from '../../../server/demo/demo-incidents.ts';
import { demoMetrics } from '../../../server/demo/demo-metrics.ts';
import { demoTimeline, demoTrouble } from '../../../server/demo/demo-outages.ts';
import { demoServices } from '../../../server/demo/demo-services.ts';
import { demoTeams } from '../../../server/demo/demo-people.ts';
import { DemoTime } from '../../../server/demo/demo-time.ts';

/** First and last days, a leap day, and the days after clocks were changed. */
const days = ['2026-11-26', '2026-01-01', '2028-02-29', '2026-03-30', '2027-11-01', '2026-12-31'];
const timeOf = (day: string) => new DemoTime(Date.parse(`${day}T09:41:13.512Z`));

describe('the organisation', () => {
  it('has 6 teams and 30 services, each after those that it rests on', () => {
    expect(Object.keys(demoTeams)).toHaveLength(6);
    expect(demoServices).toHaveLength(30);
    const before = new Set<string>();
    for (const { key, dependsOn } of demoServices) {
      expect(dependsOn.filter((one) => !before.has(one))).toEqual([]);
      before.add(key);
    }
  });
});

describe.each(days)('the history of a demo that is loaded on %s', (day) => {
  const time = timeOf(day);
  const trouble = demoTrouble(time);

  it('is the same each time', () => {
    expect(demoTrouble(timeOf(day))).toEqual(trouble);
    expect(demoIncidents(trouble, time)).toEqual(demoIncidents(demoTrouble(timeOf(day)), timeOf(day)));
  });

  it('covers 13 months of every watched service without a gap', () => {
    expect([...trouble.keys()]).toEqual(demoServices.filter(({ isWatched }) => isWatched).map(({ key }) => key));
    for (const pieces of trouble.values()) {
      const { intervals } = timelineImportSchema.parse({ intervals: demoTimeline(pieces, time) });
      expect(intervals[0]!.from).toBe(new Date(time.fromMs).toISOString());
      expect(intervals.at(-1)!.to).toBe(new Date(time.nowMs).toISOString());
      expect(intervals.slice(1).filter(({ from }, index) => from !== intervals[index]!.to)).toEqual([]);
    }
    expect(time.today.with({ day: 1 }).since(time.first, { largestUnit: 'months' }).months).toBe(13);
  });

  it('has outages over both changes of the clocks, below other services, degraded stretches and gaps', () => {
    const all = [...trouble.values()].flat();
    for (const atMs of time.clockChanges())
      expect(
        all.some(({ service, fromMs, toMs }) => service === 'demo-core-network' && fromMs < atMs && toMs > atMs),
      ).toBe(true);
    expect(time.clockChanges().length).toBeGreaterThanOrEqual(2);
    const inherited = all.filter(({ cause }) => cause !== null);
    expect(inherited.length).toBeGreaterThan(20);
    for (const { service, cause } of inherited)
      expect(demoServices.find(({ key }) => key === service)!.dependsOn).toContain(cause!.service);
    expect(new Set(all.map(({ state }) => state))).toEqual(new Set(['down', 'degraded', 'unknown']));
  });

  it('has incidents, numbers and maintenance that can be entered as they are', () => {
    const incidents = demoIncidents(trouble, time);
    expect(incidents.length).toBeGreaterThan(200);
    for (const incident of incidents) incidentInputSchema.parse(incident);
    expect(new Set(incidents.map(({ reference }) => reference)).size).toBe(incidents.length);
    expect(new Set(incidents.map(({ kind }) => kind ?? 'incident'))).toEqual(new Set(['incident', 'request', 'drill']));
    const values = Object.values(demoMetrics(time)).flat();
    expect(values.filter(({ at }) => Date.parse(at) > time.nowMs)).toEqual([]);
    for (const one of Object.values(demoMaintenance(time))) maintenanceInputSchema.parse(one);
  });
});
