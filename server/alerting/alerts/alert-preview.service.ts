import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { AgreementsService, currentTerms } from '../../agreements/agreements.service.ts';
import type { AlertPreview, AlertPreviewQuery, AlertTelling } from '../../contract/alert-preview.ts';
import { alertRuleOf, type AlertRuleName } from '../../domain/alert-rules.ts';
import { dayMs } from '../../domain/durations.ts';
import { OutageFoldingService, type OutagePlace } from '../../incidents/outage-folding.service.ts';
import { invalidField } from '../../platform/problem.ts';
import { ChannelsService } from '../channels/channels.service.ts';
import { begin, goOn } from './alert-course.ts';
import { AlertDraftsService, type Firing } from './alert-drafts.service.ts';
import { AlertFactsRepository, type AlertedService } from './alert-facts.repository.ts';
import { AlertMutesService, type Muting } from './alert-mutes.service.ts';
import { AlertReachService, bearerOf, type Reach, type Reaching } from './alert-reach.service.ts';
import type { NewAlert, StoredAlert } from './stored-alert.ts';

const farthestMs = 400 * dayMs;
/** A policy that repeats all of its steps ends sooner. */
const longestCourseMs = 200 * dayMs;
const mostWaits = 20;
const mostMoments = 60;
/** What an incident tells knows itself of maintenance. */
const ofIncident: ReadonlySet<AlertRuleName> = new Set([
  ...(['service-down', 'silent-location', 'incident-urgent', 'incident-reported'] as const),
  ...(['outage-late', 'clock-warning', 'clock-breached'] as const),
]);

type Wait = AlertPreview['waits'][number];

/** Something that is supposed to fire. */
interface Supposed {
  readonly firing: Omit<Firing, 'sinceMs'>;
  readonly service: AlertedService | null;
}

/** Says what would happen if something fired, by what decides when it does. Changes nothing, and tells nobody. */
@Injectable()
export class AlertPreviewService {
  constructor(
    readonly drafts: AlertDraftsService,
    readonly mutes: AlertMutesService,
    readonly reaching: AlertReachService,
    readonly folding: OutageFoldingService,
    readonly facts: AlertFactsRepository,
    readonly agreements: AgreementsService,
    readonly channels: ChannelsService,
    readonly clock: SteadyClock,
  ) {}

  /** As things stand now, silences, maintenance and shifts as they are to be then. @throws Problem invalid-input */
  async preview(rule: AlertRuleName, query: AlertPreviewQuery): Promise<AlertPreview> {
    const nowMs = Math.floor(this.clock.now());
    const atMs = query.at === undefined ? nowMs : Date.parse(query.at);
    if (Math.abs(atMs - nowMs) > farthestMs) throw invalidField('at', 'must be at most 400 days from now');
    const { firing, service } = await this.#supposed(rule, query);
    const { firedMs, waits, below } = await this.#placed(rule, service, atMs);
    const [draft] = await this.drafts.of([{ ...firing, sinceMs: firedMs }], firedMs);
    const { labels, setting, alert } = draft!;
    const base = {
      ...{ at: iso(atMs), rule, urgency: setting.urgency, saidBy: below },
      setFor: setting.set && { scope: setting.set.scope, key: setting.set.key },
      labels: { ...labels, agreements: [...labels.agreements], tags: [...labels.tags] },
    };
    if (!alert) return { ...base, routes: [], way: null, waits, moments: [] };
    const reaching = await this.reaching.read(firedMs, firedMs + farthestMs + longestCourseMs);
    const names = await this.channels.names();
    const supposed = { ...unstored, ...alert, lastMs: firedMs };
    const told = below === null ? await this.#heldBack(alert, supposed, reaching) : { waits: [], toldMs: null };
    return {
      ...base,
      ...wayOf(supposed, reaching, names),
      waits: [...waits, ...told.waits],
      moments: told.toldMs === null ? [] : momentsOf({ ...supposed, muted: null }, reaching, told.toldMs, atMs, names),
    };
  }

  async #supposed(rule: AlertRuleName, { service, agreement }: AlertPreviewQuery): Promise<Supposed> {
    const { scopes, title } = alertRuleOf(rule);
    const needs = scopes.includes('service') ? 'service' : scopes.includes('agreement') ? 'agreement' : null;
    for (const [name, given] of Object.entries({ service, agreement })) {
      if (name === needs && given === undefined) throw invalidField(name, `is needed: ${rule} is about one`);
      if (name !== needs && given !== undefined)
        throw invalidField(name, `must be left out: ${rule} is about ${needs ? `the ${needs}` : 'neither'}`);
    }
    const firing = {
      ...{ rule, title, fingerprint: `${rule}/${service ?? agreement ?? ''}` },
      incidentId: ofIncident.has(rule) ? 0 : null,
    };
    if (service !== undefined) {
      const id = await this.facts.idOf(service);
      if (id === null) throw invalidField('service', `there is no service "${service}"`);
      const [found] = await this.facts.services([id]);
      return { firing: { ...firing, serviceId: id }, service: found! };
    }
    if (agreement === undefined) return { firing, service: null };
    const [found] = await this.agreements.terms([agreement]);
    if (!found) throw invalidField('agreement', `there is no agreement "${agreement}"`);
    const { title: name, provider: team } = currentTerms(found);
    return { firing: { ...firing, agreement: { key: agreement, name, team } }, service: null };
  }

  /** When it fires: an outage at the end of the maintenance that covers it, and not by itself where another explains it. */
  async #placed(
    rule: AlertRuleName,
    service: AlertedService | null,
    atMs: number,
  ): Promise<{ firedMs: number; waits: Wait[]; below: AlertPreview['saidBy'] }> {
    const waits: Wait[] = [];
    if (rule !== 'service-down' || !service) return { firedMs: atMs, waits, below: null };
    let firedMs = atMs;
    let place = await this.folding.placeOf(service, firedMs);
    while (place.coveredUntilMs !== null && waits.length < mostWaits) {
      waits.push({ by: 'maintenance', from: iso(firedMs), until: iso(place.coveredUntilMs), note: null });
      firedMs = place.coveredUntilMs;
      place = await this.folding.placeOf(service, firedMs);
    }
    return { firedMs, waits, below: await this.#saidBy(place) };
  }

  async #saidBy({ below }: OutagePlace): Promise<AlertPreview['saidBy']> {
    if (!below) return null;
    const [service] = await this.facts.services([below.serviceId]);
    return { service: { key: service!.key, name: service!.name }, incident: below.incidentId };
  }

  /** What mutes it one after the other, each looked at again at its end; null: it is never told as things stand. */
  async #heldBack(
    { dueMs, muted, firedMs }: NewAlert,
    alert: StoredAlert,
    { channels }: Reaching,
  ): Promise<{ waits: Wait[]; toldMs: number | null }> {
    const waits: Wait[] = muted === null ? [] : [{ by: muted, from: iso(firedMs), until: iso(dueMs), note: null }];
    let toldMs: number | null = dueMs;
    while (toldMs !== null && waits.length < mostWaits) {
      const muting = (await this.mutes.of([alert], toldMs)).get(alert.id);
      if (!muting) break;
      const { by, untilMs, note }: Muting = muting;
      waits.push({ by, from: iso(toldMs), until: untilMs === null ? null : iso(untilMs), note: note ?? null });
      toldMs = untilMs;
    }
    if (toldMs === null || channels.length > 0) return { waits, toldMs };
    return { waits: [...waits, { by: 'no-channel', from: iso(toldMs), until: null, note: null }], toldMs: null };
  }
}

/** What a row has beside what fired, before anybody was told. */
const unstored = {
  ...{ id: 0, repeats: 0, acknowledgedMs: null, acknowledgedBy: null, resolvedMs: null, assignedUser: null },
  ...{ assignedTeam: null, toldMs: null, toldIn: null, policy: null, escalatedMs: null, steppedMs: null, tellings: 0 },
};

const iso = (ms: number): string => new Date(ms).toISOString();

type Names = ReadonlyMap<string, string>;
const namedBy =
  (names: Names) =>
  (key: string): { key: string; name: string } => ({ key, name: names.get(key) ?? key });

function wayOf(alert: StoredAlert, reaching: Reaching, names: Names): Pick<AlertPreview, 'routes' | 'way'> {
  const { route, policy, channels } = reaching.wayOf(alert);
  const course = policy === null ? undefined : reaching.courses.get(policy);
  return {
    routes: reaching.asked(alert).map(({ key, input: { name, place }, misses }) => ({
      ...{ key, name, place, isTaken: misses.length === 0 },
      misses: misses.map(({ field, asked, has }) => ({ field, asked: [...asked], has: [...has] })),
    })),
    way: {
      by: route !== null ? 'route' : policy !== null ? 'team' : 'every-channel',
      policy: policy === null ? null : { key: policy, name: course?.policy.name ?? policy },
      channels: channels.map(namedBy(names)),
    },
  };
}

/** Everything that is told until somebody acknowledges, which nobody does; hand-overs for a day at least. */
function momentsOf(
  supposed: StoredAlert,
  reaching: Reaching,
  toldMs: number,
  atMs: number,
  names: Names,
): AlertTelling[] {
  const first = begin(supposed, reaching, toldMs);
  const moments = [momentOf(toldMs, first.reach, atMs, names)];
  const course = first.step.policy === null ? undefined : reaching.courses.get(first.step.policy);
  const endMs = Math.max(toldMs + dayMs, course?.lastMs(toldMs) ?? 0);
  let alert: StoredAlert = { ...supposed, ...first.step };
  while (alert.dueMs !== null && alert.dueMs <= endMs && moments.length < mostMoments) {
    const nowMs = alert.dueMs;
    const { step, reach } = goOn(alert, reaching, nowMs);
    // What goes on without a step that is due goes over to whoever has the turn now.
    const kind = reach?.told.steps.length === 0 ? 'hand-over' : 'step';
    if (reach) moments.push({ ...momentOf(nowMs, reach, atMs, names), kind });
    alert = { ...alert, ...step };
  }
  return moments;
}

function momentOf(nowMs: number, { bearers, told, isEveryChannel }: Reach, atMs: number, names: Names): AlertTelling {
  const [step] = told.steps;
  const people = new Map(told.targets.flatMap((target) => target.people.map((one) => [one.name, one.displayName])));
  const named = namedBy(names);
  return {
    ...{ at: iso(nowMs), afterSeconds: Math.round((nowMs - atMs) / 1_000), kind: 'step' },
    ...{ round: step ? step.round + 1 : null, step: step ? step.step + 1 : null, isEveryChannel },
    targets: told.targets.map((one) => (one.kind === 'channel' ? { ...one, ...named(one.key) } : one)),
    channels: [...bearers].map(([key, bearer]) => ({
      ...named(key),
      person: bearer === bearerOf(key) ? null : (people.get(bearer) ?? bearer),
    })),
  };
}
