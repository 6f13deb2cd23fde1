import { Injectable } from '@nestjs/common';
import { currentTerms, servicesOf, type AgreementTerms } from '../agreements/agreements.service.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import { ComplianceService, type Evidence } from '../compliance/compliance.service.ts';
import { incidentKinds } from '../contract/incidents.ts';
import type { ReportContent, ReportIncident, ReportPart, ReportTrend } from '../contract/reports.ts';
import { centsOf } from '../domain/money.ts';
import type { Period } from '../domain/period.ts';
import { IncidentsService } from '../incidents/incidents.service.ts';
import { proposedConsequences, type ConsequencePart } from './proposed-consequences.ts';
import { objectiveMarks, reportGist, trendOf, verdictOfAll } from './report-gist.ts';
import type { ReportStamp } from './reports.repository.ts';

export interface ContentAsk {
  agreement: AgreementTerms;
  period: Period;
  /** What came later does not count. */
  asOfMs: number;
  revision: number;
  reason: string | null;
  /** The newest reports of the periods before, the latest first. */
  before: readonly Pick<ReportStamp, 'period' | 'gist'>[];
}

const trendLength = 12;
const allSeverities = [1, 2, 3, 4, 5];

/** Derives what a report says from what was measured and recorded: the same evidence gives the same report. */
@Injectable()
export class ReportContentService {
  constructor(
    readonly compliance: ComplianceService,
    readonly incidents: IncidentsService,
    readonly catalog: CatalogService,
  ) {}

  async build(ask: ContentAsk): Promise<ReportContent> {
    const { agreement, period, asOfMs, revision, reason, before } = ask;
    const evidence = await this.compliance.evidence(agreement, period, asOfMs);
    const parts = evidence.map(({ part, from, to, objectives }): ReportPart => ({
      ...{ version: part.version!, basis: part.basis, from, to, objectives },
    }));
    const marks = objectiveMarks(parts);
    const own: ReportTrend = { period: period.label, verdict: verdictOfAll(marks), objectives: marks };
    const past = before.slice(0, trendLength - 1).map(({ period: label, gist }) => trendOf(label, gist));
    const trend = [...past.toReversed(), own];
    const consequences = proposedConsequences({
      parts: consequenceParts(evidence),
      trend,
      givenThisYear: givenIn(period.label.slice(0, 4), before, evidence),
    });
    // Those of the parts that held, not of terms that came later: the same evidence must give the same report.
    const terms = evidence.at(-1)?.part.terms ?? currentTerms(agreement);
    const services = await this.#services(evidence);
    return {
      ...{ format: 1, agreement: agreement.key, kind: terms.kind, title: terms.title },
      ...(await this.#parties(terms)),
      period: { label: period.label, from: iso(period.fromMs), to: iso(period.toMs), timeZone: terms.timeZone },
      ...{ asOf: iso(asOfMs), revision, reason },
      gist: reportGist(marks, parts, consequences),
      ...{ parts, incidents: await this.#incidents(services, period, asOfMs), consequences, trend },
      services: Object.fromEntries([...services.values()].map(({ key, name }) => [key, name])),
    };
  }

  async #parties({ provider, customer }: { provider: string; customer: string }) {
    const { teams } = await this.catalog.state([]);
    const party = (key: string) => ({ key, name: teams.get(key)?.name ?? key });
    return { provider: party(provider), customer: party(customer) };
  }

  /** By id: those of the agreement, and those below that something falls to. */
  async #services(evidence: readonly Evidence[]): Promise<Map<number, { key: string; name: string; isOwn: boolean }>> {
    const own = new Set(evidence.flatMap(({ part }) => servicesOf(part.terms)));
    const below = evidence.flatMap(({ objectives }) =>
      objectives.flatMap(({ result }) => result.upstream.map(({ service }) => service)),
    );
    const refs = await this.catalog.serviceRefs([...new Set([...own, ...below])]);
    return new Map(refs.map(({ id, key, name }) => [id, { key, name, isOwn: own.has(key) }]));
  }

  /** Those that hurt the services of the agreement in the period, as they were known when it had settled. */
  async #incidents(
    services: ReadonlyMap<number, { key: string; isOwn: boolean }>,
    { fromMs, toMs }: Period,
    asOfMs: number,
  ): Promise<ReportIncident[]> {
    const serviceIds = [...services].filter(([, { isOwn }]) => isOwn).map(([id]) => id);
    if (serviceIds.length === 0) return [];
    const ask = { serviceIds, kinds: incidentKinds, severities: allSeverities, fromMs, toMs };
    const known = (ms: number | null): string | null => (ms === null || ms > asOfMs ? null : iso(ms));
    return (await this.incidents.decidable(ask)).map((incident) => ({
      ...{ id: incident.id, kind: incident.kind, title: incident.title, severity: incident.severity },
      services: incident.serviceIds.flatMap((id) => services.get(id)?.key ?? []).toSorted(),
      startedAt: iso(incident.startedMs),
      clockedAt: iso(incident.clockedMs),
      respondedAt: known(incident.respondedMs),
      resolvedAt: known(incident.resolvedMs),
      pauses: incident.pauses
        .filter((pause) => pause.fromMs <= asOfMs)
        .map((pause) => ({ reason: pause.reason, from: iso(pause.fromMs), to: known(pause.toMs) })),
    }));
  }
}

const iso = (atMs: number): string => new Date(atMs).toISOString();

function consequenceParts(evidence: readonly Evidence[]): ConsequencePart[] {
  const agreed = evidence.map(
    ({ objectives }) => objectives.find(({ result }) => result.seconds)?.result.seconds?.agreed,
  );
  const areKnown = agreed.every((seconds) => seconds !== undefined);
  return evidence.map(({ part, from, to, objectives }, index) => ({
    version: part.version!,
    terms: part.terms,
    isSigned: part.basis !== 'declared' && part.basis !== 'draft',
    weight: areKnown ? Math.round(agreed[index]! * 1_000) : Date.parse(to) - Date.parse(from),
    results: objectives.map(({ result }) => result),
  }));
}

/** Credits of earlier periods of a year, in the smallest unit of the currency that holds now. */
function givenIn(year: string, before: ContentAsk['before'], evidence: readonly Evidence[]): bigint {
  const currency = evidence.at(-1)?.part.terms.consequences.base?.currency;
  return before
    .filter(({ period, gist }) => period.startsWith(year) && gist.credit?.currency === currency)
    .reduce((sum, { gist }) => sum + (gist.credit ? centsOf(gist.credit.amount) : 0n), 0n);
}
