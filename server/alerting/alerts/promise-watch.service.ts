import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  AgreementsService,
  currentTerms,
  versionAt,
  type AgreementTerms,
} from '../../agreements/agreements.service.ts';
import { BurnLinesService, type Burning } from '../../compliance/burn-lines.service.ts';
import { RunningFiguresService } from '../../compliance/running-figures.service.ts';
import type { RunningObjective } from '../../contract/compliance.ts';
import type { AlertRuleName } from '../../domain/alert-rules.ts';
import type { BurnLimit } from '../../domain/burn.ts';
import { lengthText } from '../../domain/length-text.ts';
import { spanOfDays } from '../../domain/local-time.ts';
import { percentText } from '../../domain/ratio.ts';
import { Database } from '../../platform/database.ts';
import { EventBus } from '../../platform/events.ts';
import { AlertIntakeService, type Firing } from './alert-intake.service.ts';
import { AlertWatchesRepository, type Watch, type WatchStep } from './alert-watches.repository.ts';
import { alertsChannel } from './alerts.event.ts';

/** Fingerprints that fire. */
interface PromiseState {
  readonly firing: readonly string[];
}

/** In the order of the limits. */
const burnRuleNames = ['burn-fast', 'burn', 'burn-slow', 'burn-lasting'] as const;
/** Figures that were not known are asked for again after this. */
const againMs = 30_000;

/**
 * Watches how promises stand: how fast their budgets burn, and whether they are at risk or breached. A draft has figures,
 * but nobody promised them: it calls nobody.
 */
@Injectable()
export class PromiseWatchService implements OnModuleInit {
  constructor(
    readonly watches: AlertWatchesRepository,
    readonly intake: AlertIntakeService,
    readonly burning: BurnLinesService,
    readonly figures: RunningFiguresService,
    readonly agreements: AgreementsService,
    readonly database: Database,
    readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    const watch = async (keys: readonly string[]): Promise<void> => {
      await this.watches.watchAgreements(keys, this.intake.nowMs());
      await this.database.notify(alertsChannel);
    };
    this.events.on('figures.changed', ({ agreements }) => watch(agreements));
    this.events.on('agreements.changed', ({ keys }) => watch(keys));
  }

  async look(watched: readonly Watch<PromiseState>[], nowMs: number): Promise<WatchStep<PromiseState>[]> {
    const keys = await this.watches.agreementKeys(watched.map(({ subject }) => subject));
    const terms = new Map((await this.agreements.terms([...keys.values()])).map((one) => [one.id, one]));
    const known = keys.size > 0 ? await this.figures.known([...keys.values()]) : new Map<string, null>();
    const steps: WatchStep<PromiseState>[] = [];
    for (const { subject, state } of watched) {
      const agreement = terms.get(subject);
      const was = state.firing ?? [];
      if (!agreement) {
        await this.intake.resolve({ fingerprints: was }, nowMs, 'The agreement is gone');
        steps.push({ subject, state: { firing: [] }, dueMs: null });
        continue;
      }
      if (!versionAt(agreement, nowMs)) {
        await this.intake.resolve({ fingerprints: was }, nowMs, 'The agreement is not in force');
        steps.push({ subject, state: { firing: [] }, dueMs: nextBeginMs(agreement, nowMs) });
        continue;
      }
      steps.push(await this.#lookAt(agreement, known.get(agreement.key) ?? null, was, nowMs));
    }
    return steps;
  }

  async #lookAt(
    agreement: AgreementTerms,
    objectives: readonly RunningObjective[] | null,
    was: readonly string[],
    nowMs: number,
  ): Promise<WatchStep<PromiseState>> {
    const burning = await this.burning.of(agreement, nowMs);
    const title = (key: string): string => objectives?.find((one) => one.key === key)?.title ?? key;
    const { fires, dueMs } = burnOf(burning, agreement, was, title, nowMs);
    const judged = objectives?.flatMap((one) => verdictFiring(agreement, one)) ?? [];
    // What is not known now stays as it is.
    const kept = objectives === null ? was.filter((name) => name.startsWith('objective-')) : [];
    const is = new Set([...fires, ...judged].map(({ fingerprint }) => fingerprint).concat(kept));
    const gone = was.filter((name) => !is.has(name));
    const worse = gone.filter((name) => is.has(breachOf(name)));
    await this.intake.resolve({ fingerprints: worse }, nowMs, 'It has not recovered: it is breached');
    await this.intake.resolve({ fingerprints: gone.filter((name) => !worse.includes(name)) }, nowMs);
    await this.intake.fire([...fires, ...judged].filter(({ fingerprint }) => !was.includes(fingerprint)));
    const nextMs = objectives === null ? Math.min(dueMs ?? Infinity, nowMs + againMs) : dueMs;
    return { subject: agreement.id, state: { firing: [...is] }, dueMs: nextMs };
  }
}

/** When the next version comes into force, epoch ms; null where none is signed for a later day. */
function nextBeginMs({ versions }: AgreementTerms, nowMs: number): number | null {
  const begins = versions.map(({ effective: { from, to }, terms }) => spanOfDays(from, to, terms.timeZone).fromMs);
  const later = begins.filter((beginMs) => beginMs > nowMs);
  return later.length > 0 ? Math.min(...later) : null;
}

const fingerprintOf = (rule: AlertRuleName, agreement: string, objective: string): string =>
  `${rule}/${agreement}/${objective}`;

const partOf = (agreement: AgreementTerms): NonNullable<Firing['agreement']> => {
  const { title, provider } = currentTerms(agreement);
  return { key: agreement.key, name: title, team: provider };
};

/** What burns, and when that is the next time otherwise. */
function burnOf(
  { objectives, horizonMs }: Burning,
  agreement: AgreementTerms,
  was: readonly string[],
  title: (key: string) => string,
  nowMs: number,
): { fires: Firing[]; dueMs: number | null } {
  const fires: Firing[] = [];
  const instants: number[] = [];
  for (const { key, line, limits } of objectives) {
    const [place, farthest] = [line.placeOf(nowMs), line.placeOf(horizonMs)];
    for (const [index, limit] of limits.entries()) {
      const rule = burnRuleNames[index]!;
      const fingerprint = fingerprintOf(rule, agreement.key, key);
      const is = line.burns(limit, was.includes(fingerprint), place);
      const turn = line.turn(limit, is, place, farthest);
      if (turn !== null) instants.push(line.instantOf(turn) ?? horizonMs);
      else if (is || line.hasBad) instants.push(horizonMs);
      if (!is) continue;
      const promise = partOf(agreement);
      fires.push({
        ...{ rule, fingerprint, agreement: promise, objective: key, sinceMs: nowMs },
        title: `${promise.name}: ${title(key)} burns its budget ${rule === 'burn-lasting' ? 'faster than it lasts' : 'too fast'}`,
        reason: burnReason(limit),
      });
    }
  }
  return { fires, dueMs: instants.length > 0 ? Math.max(nowMs + 1, Math.min(...instants)) : null };
}

const burnReason = ({ windowMs, shortWindowMs, share }: BurnLimit): string =>
  `At least ${percentText(share, 3, 'up').replace(/\.?0+$/, '')} % of the last ${lengthText(windowMs)} and of the last ${lengthText(shortWindowMs)} of agreed time was bad`;

function verdictFiring(
  agreement: AgreementTerms,
  { key, title, verdict, attained, reached, promise }: RunningObjective,
): Firing[] {
  const about = partOf(agreement);
  const reason = `Promised: ${promise}${attained ? `; so far ${attained.text}` : reached ? `; so far ${reached}` : ''}`;
  const firing = (rule: AlertRuleName, what: string): Firing[] => [
    {
      ...{ rule, fingerprint: fingerprintOf(rule, agreement.key, key), agreement: about, objective: key },
      ...{ title: `${about.name}: ${title} ${what}`, reason, sinceMs: Infinity },
    },
  ];
  if (verdict === 'at-risk') return firing('objective-at-risk', 'is at risk');
  if (verdict === 'breached') return firing('objective-breached', 'is breached');
  return verdict === 'below-target' ? firing('objective-breached', 'is below its target') : [];
}

/** What an objective that is at risk fires where it is breached. */
const breachOf = (fingerprint: string): string => fingerprint.replace('objective-at-risk/', 'objective-breached/');
