import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { demoPrefix, type DemoLoad } from '../contract/demo.ts';
import { Database } from '../platform/database.ts';
import { Problem } from '../platform/problem.ts';
import { DemoCatalogService } from './demo-catalog.service.ts';
import { demoFrameworks } from './demo-agreements.ts';
import { DemoHistoryService } from './demo-history.service.ts';
import { demoCalendars, demoMaintenance } from './demo-hours.ts';
import { demoIncidents } from './demo-incidents.ts';
import { demoMetrics } from './demo-metrics.ts';
import { demoTrouble } from './demo-outages.ts';
import { demoTeams } from './demo-people.ts';
import { demoAgreementKeys, DemoPromisesService, reportedKeys } from './demo-promises.service.ts';
import { demoServices } from './demo-services.ts';
import { DemoTime } from './demo-time.ts';
import { DemoRepository, type DemoKind } from './demo.repository.ts';

interface Step {
  /** What is done, in words. */
  title: string;
  run(): Promise<void>;
}

/** So many incidents are entered in one transaction. */
const incidentsAtOnce = 100;

/** Fills an installation with the demo, step by step: whatever a step makes is marked in the transaction that makes it. */
@Injectable()
export class DemoLoaderService {
  constructor(
    readonly demo: DemoRepository,
    readonly catalog: DemoCatalogService,
    readonly promises: DemoPromisesService,
    readonly history: DemoHistoryService,
    readonly database: Database,
    readonly clock: SteadyClock,
  ) {}

  /**
   * Gives up as soon as somebody else has taken the demo over.
   * @throws Problem conflict where something has the name of a thing of the demo already; DemoTaken
   */
  async load(token: string, load: DemoLoad): Promise<void> {
    const time = new DemoTime(this.clock.now());
    await this.#assertNamesAreFree(time);
    const steps = this.#plan(token, time, load);
    for (const [place, { title, run }] of steps.entries()) {
      await this.demo.note(token, title, place, steps.length);
      await run();
    }
  }

  #plan(token: string, time: DemoTime, load: DemoLoad): Step[] {
    const trouble = demoTrouble(time);
    const { catalog, promises, history } = this;
    const keys = namesOf(time);
    const made = (
      title: string,
      kinds: readonly DemoKind[],
      names: Partial<Record<DemoKind, readonly string[]>>,
      make: () => Promise<void>,
    ): Step => ({ title, run: () => this.#make(token, kinds, names, make) });
    return [
      made('Teams and hours', ['team', 'calendar'], keys, () => catalog.makeTeamsAndHours(time)),
      made('Services', ['service'], keys, () => catalog.makeServices(load)),
      ...[...trouble].map(([service, pieces]) => ({
        title: `History of ${demoServices.find(({ key }) => key === service)!.name}`,
        run: () => history.importTimeline(service, pieces, time),
      })),
      made('Numbers that teams push', ['metric'], keys, () => history.pushMetrics(time)),
      ...inGroups(demoIncidents(trouble, time)).map((incidents) =>
        made(
          `Incidents from ${incidents[0]!.startedAt!.slice(0, 10)} on`,
          ['incident'],
          { incident: incidents.map(({ reference }) => reference!) },
          () => history.enterIncidents(incidents),
        ),
      ),
      made('Maintenance', ['maintenance'], keys, () => catalog.makeMaintenance(time)),
      made('Framework terms', ['framework'], keys, () => promises.makeFrameworks()),
      ...demoAgreementKeys.map((key) =>
        made(`Agreement ${nameOf(key)}`, ['agreement'], { agreement: [key] }, () => promises.make(key, time)),
      ),
      ...reportedKeys.map((key) => ({ title: `Reports of ${nameOf(key)}`, run: () => promises.freeze(key, time) })),
      { title: 'Corrections', run: () => promises.contest(trouble, time) },
    ];
  }

  /** All of it or nothing, and nothing where the demo is somebody else's by then. */
  #make(
    token: string,
    kinds: readonly DemoKind[],
    names: Partial<Record<DemoKind, readonly string[]>>,
    make: () => Promise<void>,
  ): Promise<void> {
    return this.database.transaction(async () => {
      await make();
      for (const kind of kinds) await this.demo.mark(kind, names[kind] ?? []);
      await this.demo.hold(token);
    });
  }

  async #assertNamesAreFree(time: DemoTime): Promise<void> {
    const taken: string[] = [];
    for (const [kind, names] of Object.entries(namesOf(time)) as [DemoKind, readonly string[]][])
      for (const name of await this.demo.taken(kind, names)) taken.push(`${kind} "${name}"`);
    if (taken.length === 0) return;
    const named = taken.slice(0, 5).join(', ');
    throw new Problem(
      'conflict',
      `The demo makes things that are there already: ${named}. Delete or rename them first`,
    );
  }
}

const nameOf = (key: string): string => key.slice(demoPrefix.length);

/** How everything of the demo is called, by kind; incidents are known by numbers that nobody else gives. */
const namesOf = (time: DemoTime): Partial<Record<DemoKind, readonly string[]>> => ({
  team: Object.keys(demoTeams),
  calendar: Object.keys(demoCalendars(time)),
  service: demoServices.map(({ key }) => key),
  maintenance: Object.keys(demoMaintenance(time)),
  framework: Object.keys(demoFrameworks),
  agreement: demoAgreementKeys,
  metric: Object.keys(demoMetrics(time)),
  incident: demoIncidents(demoTrouble(time), time).map(({ reference }) => reference!),
});

function inGroups<Item>(items: readonly Item[]): Item[][] {
  const groups: Item[][] = [];
  for (let at = 0; at < items.length; at += incidentsAtOnce) groups.push(items.slice(at, at + incidentsAtOnce));
  return groups;
}
