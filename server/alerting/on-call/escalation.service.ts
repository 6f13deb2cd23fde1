import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../../probes/support/clock.ts';
import { PeopleService } from '../../access/people.service.ts';
import { TeamsService } from '../../catalog/teams.service.ts';
import type {
  EscalationMoment,
  EscalationPolicyInput,
  EscalationPreview,
  EscalationTarget,
  ToldTarget,
} from '../../contract/escalation.ts';
import { dayMs } from '../../domain/durations.ts';
import { escalationAt, type EscalationMoment as DueStep, escalationMoments } from '../../domain/escalation.ts';
import { DefinitionsService, schedulesOf } from './definitions.service.ts';
import { type EscalationWorld, toldTarget } from './told-target.ts';
import { RostersService } from './rosters.service.ts';

/** Hand-overs are told so far ahead at least, and so many of them. */
const handOversMs = dayMs;
const mostHandOvers = 20;

/** Who is told when nobody answers: worked out from policies, schedules and the people there are. */
@Injectable()
export class EscalationService {
  constructor(
    readonly definitions: DefinitionsService,
    readonly rosters: RostersService,
    readonly people: PeopleService,
    readonly teams: TeamsService,
    readonly clock: SteadyClock,
  ) {}

  /** Who would be told when, by a policy that is stored. @throws Problem not-found */
  async preview(key: string, at: string | undefined): Promise<EscalationPreview> {
    return this.previewOf((await this.definitions.get('escalation-policy', key)).input, at);
  }

  /** Who would be told when of an alert that fires at an instant, now where none is given, and that nobody acknowledges. */
  async previewOf(policy: EscalationPolicyInput, at: string | undefined): Promise<EscalationPreview> {
    const firedMs = at === undefined ? Math.floor(this.clock.now()) : Date.parse(at);
    const moments = escalationMoments(timingOf(policy), firedMs);
    const untilMs = Math.max(moments.at(-1)!.atMs, firedMs + handOversMs);
    const world = await this.#world([policy], firedMs, untilMs);
    const steps = moments.map(({ round, step, atMs }): EscalationMoment => ({
      ...{ at: told(atMs), afterSeconds: Math.round((atMs - firedMs) / 1_000), kind: 'step' },
      ...{ round: round + 1, step: step + 1 },
      targets: policy.steps[step]!.targets.map((target) => toldTarget(target, atMs, world)),
    }));
    const all = [...steps, ...(policy.handOver ? handOvers(policy, firedMs, untilMs, world) : [])];
    return { at: told(firedMs), moments: all.sort((a, b) => a.afterSeconds - b.afterSeconds) };
  }

  /** Targets of policies that reach nobody at an instant, in words, by policy. */
  async gapsOf(policies: readonly EscalationPolicyInput[], nowMs: number): Promise<string[][]> {
    const world = await this.#world(policies, nowMs, nowMs + 1);
    return policies.map(({ steps }) => {
      const targets = steps.flatMap((step) => step.targets).map((target) => toldTarget(target, nowMs, world));
      return [...new Set(targets.filter(({ gaps }) => gaps.length > 0).map(({ name }) => name))];
    });
  }

  /** Policies with all that tells whom they tell in [fromMs, toMs]: by key, those of these keys, or all of them. */
  async courses(fromMs: number, toMs: number, keys?: readonly string[]): Promise<Map<string, EscalationCourse>> {
    if (keys?.length === 0) return new Map();
    const policies = await this.definitions.find('escalation-policy', keys);
    const world = await this.#world(
      policies.map(({ input }) => input),
      fromMs,
      toMs,
    );
    return new Map(policies.map(({ key, input }) => [key, new EscalationCourse(input, world)]));
  }

  /** All that the targets of policies lead to, for questions about [fromMs, toMs]. */
  async #world(policies: readonly EscalationPolicyInput[], fromMs: number, toMs: number): Promise<EscalationWorld> {
    const keys = [...new Set(policies.flatMap(schedulesOf))];
    const schedules = keys.length > 0 ? await this.definitions.find('on-call-schedule', keys) : [];
    const loaded = await this.rosters.load(schedules, fromMs, toMs + 1);
    const teams = await this.#teamNames(policies);
    return {
      people: await this.people.named(),
      teams,
      rosters: new Map(loaded.map(({ defined, roster }) => [defined.key, { name: defined.input.name, roster }])),
    };
  }

  async #teamNames(policies: readonly EscalationPolicyInput[]): Promise<Map<string, string>> {
    const targets = policies.flatMap(({ steps }) => steps.flatMap((step) => step.targets));
    if (!targets.some(({ kind }) => kind === 'team')) return new Map();
    return this.teams.names();
  }
}

/** What a policy does about an alert, step by step. */
export class EscalationCourse {
  constructor(
    readonly policy: EscalationPolicyInput,
    readonly world: EscalationWorld,
  ) {}

  /**
   * Whom it tells now of an alert that it has followed since an instant and told last at another (null: never), and when
   * it tells next if nobody acknowledges; null: never again. `steps` are those that are due.
   */
  at(
    firedMs: number,
    toldMs: number | null,
    nowMs: number,
  ): { targets: ToldTarget[]; steps: readonly DueStep[]; nextMs: number | null } {
    const { due, nextMs } = escalationAt(timingOf(this.policy), firedMs, toldMs, nowMs);
    const steps = due.flatMap(({ step }) => this.policy.steps[step]!.targets);
    const handedOver = toldMs === null ? [] : this.#handOvers(firedMs, toldMs, nowMs).map(({ target }) => target);
    const targets = [...new Map([...steps, ...handedOver].map((one) => [`${one.kind} ${one.key}`, one])).values()];
    const later = this.#handOvers(firedMs, nowMs, nowMs + handOversMs).map(({ atMs }) => atMs);
    // Later hand-overs are looked for again when those of a day are over.
    const again = this.policy.handOver && schedulesOf(this.policy).length > 0 ? [nowMs + handOversMs] : [];
    const instants = [...(nextMs === null ? [] : [nextMs]), ...later, ...again];
    return {
      targets: targets.map((target) => toldTarget(target, nowMs, this.world)),
      steps: due,
      nextMs: instants.length > 0 ? Math.min(...instants) : null,
    };
  }

  /** No step comes after this of an alert that it has followed since an instant, though hand-overs may. */
  lastMs(firedMs: number): number {
    return escalationMoments(timingOf(this.policy), firedMs).at(-1)!.atMs;
  }

  /**
   * Since when it would have been followed if its next step came now, and when the last one was told; null: never, where it
   * begins anew since no step is left.
   */
  hastened(firedMs: number, toldMs: number | null, nowMs: number): { firedMs: number; toldMs: number | null } {
    const { nextMs } = escalationAt(timingOf(this.policy), firedMs, toldMs, nowMs);
    if (nextMs === null) return { firedMs: nowMs, toldMs: null };
    return { firedMs: firedMs - (nextMs - nowMs), toldMs: nowMs - 1 };
  }

  /** Whom the first step tells, for what needs no escalation. */
  first(nowMs: number): ToldTarget[] {
    return this.policy.steps[0]!.targets.map((target) => toldTarget(target, nowMs, this.world));
  }

  /** Schedules that were told by then and have another on call, in (fromMs, toMs]. */
  #handOvers(firedMs: number, fromMs: number, toMs: number): { target: EscalationTarget; atMs: number }[] {
    if (!this.policy.handOver || fromMs >= toMs) return [];
    return this.policy.steps.flatMap(({ after, targets }) =>
      targets.flatMap((target) => {
        const sinceMs = Math.max(fromMs, firedMs + after);
        if (target.kind !== 'schedule' || sinceMs >= toMs) return [];
        const changes = this.world.rosters.get(target.key)?.roster.handOvers(sinceMs, toMs) ?? [];
        return changes.map((atMs) => ({ target, atMs }));
      }),
    );
  }
}

const timingOf = ({ steps, repeat, repeatAfter }: EscalationPolicyInput) => ({
  ...{ repeat, repeatAfterMs: repeatAfter },
  steps: steps.map(({ after }) => ({ afterMs: after })),
});

/** The next on call of every schedule that was told by then, when a shift ends. */
function handOvers(
  policy: EscalationPolicyInput,
  firedMs: number,
  untilMs: number,
  world: EscalationWorld,
): EscalationMoment[] {
  const firstTold = new Map<string, number>();
  for (const { after, targets } of policy.steps) {
    for (const { kind, key } of targets)
      if (kind === 'schedule' && !firstTold.has(key)) firstTold.set(key, firedMs + after);
  }
  const found = [...firstTold].flatMap(([key, sinceMs]) =>
    (world.rosters.get(key)?.roster.handOvers(sinceMs, untilMs) ?? []).map((atMs): EscalationMoment => ({
      ...{ at: told(atMs), afterSeconds: Math.round((atMs - firedMs) / 1_000), kind: 'hand-over' },
      ...{
        round: null,
        step: null,
        targets: [toldTarget({ kind: 'schedule', key } satisfies EscalationTarget, atMs, world)],
      },
    })),
  );
  return found.sort((a, b) => a.afterSeconds - b.afterSeconds).slice(0, mostHandOvers);
}

const told = (atMs: number): string => new Date(atMs).toISOString();
