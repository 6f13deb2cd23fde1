import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import {
  AgreementsService,
  currentTerms,
  endingOf,
  versionAt,
  type AgreementTerms,
} from '../agreements/agreements.service.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import type { OwnPromises } from '../contract/own-promises.ts';
import type { ObjectiveVerdict } from '../domain/verdict.ts';
import { currentActor } from '../platform/request-context.ts';
import { followsText } from './follows-text.ts';
import { RunningFiguresService } from './running-figures.service.ts';
import type { ToldPromise } from './running-telling.ts';

type Standing = OwnPromises[number];

/** The more somebody has to know of it, the earlier it is told. */
const loudness: Readonly<Record<ObjectiveVerdict, number>> = {
  ...{ breached: 0, missed: 0, 'below-target': 1, 'at-risk': 2, 'no-data': 3, 'on-track': 4, met: 4 },
};

/** What was promised to the teams of the one who asks, and how that stands now. */
@Injectable()
export class OwnPromisesService {
  constructor(
    readonly agreements: AgreementsService,
    readonly running: RunningFiguresService,
    readonly catalog: CatalogService,
    readonly clock: SteadyClock,
  ) {}

  async list(): Promise<OwnPromises> {
    const { memberOf = [] } = currentActor();
    if (memberOf.length === 0) return [];
    const nowMs = this.clock.now();
    const own = (await this.agreements.terms()).filter(
      (agreement) => memberOf.includes(currentTerms(agreement).customer) && endingOf(agreement, nowMs)?.kind !== 'over',
    );
    if (own.length === 0) return [];
    const figures = await this.running.sentences(own.map(({ key }) => key));
    const { teams } = await this.catalog.state([]);
    const team = (key: string) => ({ key, name: teams.get(key)?.name ?? key });
    return own
      .map((agreement) => this.#standing(agreement, figures.get(agreement.key) ?? [], team, nowMs))
      .sort(byNeed);
  }

  #standing(
    agreement: AgreementTerms,
    figures: readonly ToldPromise[],
    team: (key: string) => Standing['provider'],
    nowMs: number,
  ): Standing {
    const { title, provider, customer } = currentTerms(agreement);
    const terms = versionAt(agreement, nowMs)?.terms ?? currentTerms(agreement);
    const basis = figures[0]?.basis ?? agreement.versions.at(-1)?.status ?? 'draft';
    return {
      ...{ agreement: { key: agreement.key, title }, provider: team(provider), customer: team(customer), basis },
      ...{ period: figures[0]?.period ?? terms.period, ending: endingOf(agreement, nowMs) },
      promises: figures.map(({ key, title: name, verdict, unproven, disputed, sentence }) => ({
        ...{ key, title: name, verdict, unproven, disputed, sentence, follows: followsText(terms, key, basis) },
      })),
    };
  }
}

const worst = ({ promises }: Standing): number => Math.min(...promises.map(({ verdict }) => loudness[verdict]), 5);
const byNeed = (a: Standing, b: Standing): number =>
  worst(a) - worst(b) || a.agreement.title.localeCompare(b.agreement.title, 'en');
