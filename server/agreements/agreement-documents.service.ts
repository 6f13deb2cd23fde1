import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../probes/support/clock.ts';
import { CalendarsService } from '../catalog/calendars.service.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import { agreementPlaces, type AgreementDocument, type DocumentDifference } from '../contract/agreement-document.ts';
import { agreementInputSchema, type AgreementInput } from '../contract/agreements.ts';
import { calendarInputSchema } from '../contract/calendars.ts';
import { objectiveTitle, targetWords } from '../contract/objective-words.ts';
import { parseInput } from '../contract/input-issues.ts';
import { suggestion } from '../contract/suggestion.ts';
import { spanOfDays } from '../domain/local-time.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { Problem } from '../platform/problem.ts';
import { AgreementLifeRepository } from './agreement-life.repository.ts';
import { AgreementsService } from './agreements.service.ts';
import { agreementDocument } from './document/agreement-document.ts';
import type { DocumentContext, SignOff, SupportingObjective } from './document/document-context.ts';
import { documentDifference } from './document/document-difference.ts';
import { includedAt } from './framework-terms.ts';
import { FrameworksRepository } from './frameworks.repository.ts';
import { liveProposal, versionState } from './life-state.ts';
import type { AgreedService, AgreementSnapshot } from './snapshot.ts';
import type { AgreementTerms, AgreementText } from './terms.ts';

/** `draft`, or the number of a version; left out: what people mean by the agreement. */
export type WantedVersion = number | 'draft' | undefined;

interface Chosen {
  terms: AgreementInput;
  version: number | null;
  status: DocumentContext['status'];
  writtenAt: string;
  /** Id and snapshot of the version; null of a draft, and the latter of what was declared. */
  id: number | null;
  snapshot: AgreementSnapshot | null;
  /** When it no longer held, epoch ms; null while it does. */
  overMs: number | null;
}

/** Agreements as documents: with names for keys, as they are printed, signed and compared. */
@Injectable()
export class AgreementDocumentsService {
  constructor(
    readonly agreements: AgreementsService,
    readonly catalog: CatalogService,
    readonly calendars: CalendarsService,
    readonly life: AgreementLifeRepository,
    readonly frameworks: FrameworksRepository,
    readonly clock: SteadyClock,
  ) {}

  /** `figures`: how each objective stands, in words. @throws Problem not-found */
  async document(
    key: string,
    wanted: WantedVersion,
    figures: ReadonlyMap<string, string> = new Map(),
  ): Promise<AgreementDocument> {
    const chosen = choose(await this.agreements.termsOf(key), wanted, this.clock.now());
    return agreementDocument(chosen.terms, await this.#context(chosen, figures));
  }

  /** What is being written, as it would be printed. @throws Problem invalid-input */
  async preview(input: unknown, nowMs: number): Promise<AgreementDocument> {
    const { value, issues } = parseInput(agreementInputSchema, input);
    if (value === undefined) throw invalidInput(issues);
    return this.asDraft(value, nowMs);
  }

  /** A text as it is printed while it is a draft. */
  async asDraft(terms: AgreementInput, nowMs = this.clock.now()): Promise<AgreementDocument> {
    const writtenAt = new Date(nowMs).toISOString();
    const chosen: Chosen = { terms, version: null, status: 'draft', writtenAt, ...unkept };
    return agreementDocument(terms, await this.#context(chosen, new Map()));
  }

  /** What a later version says otherwise than an earlier one. @throws Problem not-found */
  async difference(key: string, from: WantedVersion, to: WantedVersion): Promise<DocumentDifference> {
    const agreement = await this.agreements.termsOf(key);
    const nowMs = this.clock.now();
    const [earlier, later] = [choose(agreement, from, nowMs), choose(agreement, to, nowMs)];
    return documentDifference(
      { agreement: earlier.terms, context: await this.#context(earlier, new Map()) },
      { agreement: later.terms, context: await this.#context(later, new Map()) },
    );
  }

  async #context(chosen: Chosen, figures: ReadonlyMap<string, string>): Promise<DocumentContext> {
    const { terms, version, status, writtenAt, snapshot } = chosen;
    const { teams, services } = await this.catalog.state([]);
    return {
      ...{ version, status, writtenAt, figures },
      teams: new Map<string, { name: string; email?: string | null }>([...placeTeams, ...teams]),
      services: new Map<string, Pick<AgreedService, 'name'> & { category?: AgreedService['category'] }>([
        [agreementPlaces.service, toBeChosen],
        ...services,
        ...Object.entries(snapshot?.services ?? {}),
      ]),
      calendars: await this.#calendarsOf(chosen),
      supports: await this.#supports(terms),
      signOffs: await this.#signOffs(chosen),
      framework: await this.#framework(chosen),
    };
  }

  /** As it was signed; of what was declared as it was while that held, of a draft as it is now. */
  async #framework({ terms, snapshot, overMs }: Chosen): Promise<DocumentContext['framework']> {
    if (terms.framework == null) return undefined;
    if (snapshot?.framework) return snapshot.framework;
    const [stored] = await this.frameworks.find([terms.framework]);
    return stored && includedAt(stored, overMs);
  }

  /** As they are now; those of a version as they were when it was proposed. */
  async #calendarsOf({ terms, snapshot }: Chosen): Promise<DocumentContext['calendars']> {
    const keys = [terms.calendar, terms.supportCalendar].filter((one) => one != null);
    const now = await this.calendars.definitions(keys);
    const calendars = [...now].map(([key, { name, timeZone, week, holidays, exceptions }]) => {
      const hours = snapshot?.calendars[key] ?? { timeZone, week, holidays, exceptions };
      return [key, calendarInputSchema.parse({ name, ...hours })] as const;
    });
    return new Map(calendars);
  }

  async #signOffs({ id, terms }: Chosen): Promise<SignOff[]> {
    if (id === null) return [];
    const signatures = await this.life.signatures([id]);
    return signatures.map(({ party, email, by, isDelegate, at, attachmentId }) => {
      const named = terms.parties[party].signatories.find((signatory) => signatory.email === email);
      return {
        ...{ side: party, email, signedAt: at.toISOString(), onPaper: attachmentId !== null },
        name: isDelegate || !named ? by.name : named.name,
      };
    });
  }

  async #supports(terms: AgreementInput): Promise<Map<string, SupportingObjective>> {
    const below = await this.agreements.objectivesBelow(terms);
    return new Map(
      below.map(({ reference, terms: { kind, title, period }, name, objective }) => [
        reference,
        {
          ...{ kind, agreement: title, title: objectiveTitle(name, objective) },
          target: targetWords(objective, period),
          availability: objective.type === 'availability' ? objective.target : null,
        },
      ]),
    );
  }
}

/** What is not chosen yet, in words; a team or service that has such a key is meant itself. */
const toBeChosen = { name: 'To be chosen' };
const placeTeams: [string, typeof toBeChosen][] = [
  [agreementPlaces.provider, toBeChosen],
  [agreementPlaces.customer, toBeChosen],
];

/** Of what nothing was kept with. */
const unkept = { id: null, snapshot: null, overMs: null } as const;

/** Null while it holds. */
function overMsOf({ effective: { from, to }, terms }: AgreementText, nowMs: number): number | null {
  const { toMs } = spanOfDays(from, to, terms.timeZone);
  return toMs <= nowMs ? toMs : null;
}

function choose(agreement: AgreementTerms, wanted: WantedVersion, nowMs: number): Chosen {
  const { key, draft, versions, proposals, updatedAt } = agreement;
  const all = [...versions, ...proposals];
  const asDraft = (): Chosen | null =>
    draft && {
      ...{ terms: draft, version: null, status: 'draft', writtenAt: updatedAt.toISOString() },
      ...unkept,
    };
  const asVersion = (number: number | undefined): Chosen | null => {
    const found = all.find((version) => version.number === number);
    return found
      ? {
          ...{ terms: found.terms, version: found.number, status: versionState(found, versions, nowMs) },
          ...{ writtenAt: found.createdAt, id: found.id, snapshot: found.snapshot },
          overMs: overMsOf(found, nowMs),
        }
      : null;
  };
  const chosen =
    wanted === undefined
      ? (asVersion(versions.at(-1)?.number) ?? asVersion(liveProposal(agreement)?.number) ?? asDraft())
      : wanted === 'draft'
        ? asDraft()
        : asVersion(wanted);
  if (chosen) return chosen;
  const known = [...all.map(({ number }) => String(number)), ...(draft ? ['draft'] : [])];
  throw new Problem('not-found', `Agreement "${key}" has no version "${wanted}"${suggestion(String(wanted), known)}`);
}
