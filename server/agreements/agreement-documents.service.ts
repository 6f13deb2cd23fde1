import { Injectable } from '@nestjs/common';
import { CalendarsService } from '../catalog/calendars.service.ts';
import { CatalogService } from '../catalog/catalog.service.ts';
import type { AgreementDocument, DocumentDifference } from '../contract/agreement-document.ts';
import { agreementInputSchema, type AgreementInput } from '../contract/agreements.ts';
import { calendarInputSchema } from '../contract/calendars.ts';
import { objectiveTitle, targetWords } from '../contract/objective-words.ts';
import { parseInput } from '../contract/input-issues.ts';
import { suggestion } from '../contract/suggestion.ts';
import { invalidInput } from '../platform/input.pipe.ts';
import { Problem } from '../platform/problem.ts';
import { AgreementsService } from './agreements.service.ts';
import { agreementDocument } from './document/agreement-document.ts';
import type { DocumentContext, SupportingObjective } from './document/document-context.ts';
import { documentDifference } from './document/document-difference.ts';
import type { AgreementTerms } from './terms.ts';

/** `draft`, or the number of a version; left out: what people mean by the agreement. */
export type WantedVersion = number | 'draft' | undefined;

interface Chosen {
  terms: AgreementInput;
  version: number | null;
  status: DocumentContext['status'];
  writtenAt: string;
}

/** Agreements as documents: with names for keys, as they are printed, signed and compared. */
@Injectable()
export class AgreementDocumentsService {
  constructor(
    readonly agreements: AgreementsService,
    readonly catalog: CatalogService,
    readonly calendars: CalendarsService,
  ) {}

  /** `figures`: how each objective stands, in words. @throws Problem not-found */
  async document(
    key: string,
    wanted: WantedVersion,
    figures: ReadonlyMap<string, string> = new Map(),
  ): Promise<AgreementDocument> {
    const chosen = choose(await this.agreements.termsOf(key), wanted);
    return agreementDocument(chosen.terms, await this.#context(chosen, figures));
  }

  /** What is being written, as it would be printed. @throws Problem invalid-input */
  async preview(input: unknown, nowMs: number): Promise<AgreementDocument> {
    const { value, issues } = parseInput(agreementInputSchema, input);
    if (value === undefined) throw invalidInput(issues);
    const writtenAt = new Date(nowMs).toISOString();
    const context = await this.#context({ terms: value, version: null, status: 'draft', writtenAt }, new Map());
    return agreementDocument(value, context);
  }

  /** What a later version says otherwise than an earlier one. @throws Problem not-found */
  async difference(key: string, from: WantedVersion, to: WantedVersion): Promise<DocumentDifference> {
    const agreement = await this.agreements.termsOf(key);
    const [earlier, later] = [choose(agreement, from), choose(agreement, to)];
    return documentDifference(
      { agreement: earlier.terms, context: await this.#context(earlier, new Map()) },
      { agreement: later.terms, context: await this.#context(later, new Map()) },
    );
  }

  async #context(
    { terms, version, status, writtenAt }: Chosen,
    figures: ReadonlyMap<string, string>,
  ): Promise<DocumentContext> {
    const { teams, services } = await this.catalog.state([]);
    const calendars = [terms.calendar, terms.supportCalendar].filter((one) => one != null);
    const definitions = await this.calendars.definitions(calendars);
    return {
      ...{ version, status, writtenAt, teams, services, figures },
      calendars: new Map(
        [...definitions].map(([key, { name, timeZone, week, holidays, exceptions }]) => [
          key,
          calendarInputSchema.parse({ name, timeZone, week, holidays, exceptions }),
        ]),
      ),
      supports: await this.#supports(terms),
    };
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

function choose(agreement: AgreementTerms, wanted: WantedVersion): Chosen {
  const { key, draft, versions, updatedAt } = agreement;
  const asDraft = (): Chosen | null =>
    draft && { terms: draft, version: null, status: 'draft', writtenAt: updatedAt.toISOString() };
  const asVersion = (number: number | undefined): Chosen | null => {
    const found = versions.find((version) => version.number === number);
    return found
      ? { terms: found.terms, version: found.number, status: found.status, writtenAt: found.createdAt }
      : null;
  };
  const chosen =
    wanted === undefined
      ? (asVersion(versions.at(-1)?.number) ?? asDraft())
      : wanted === 'draft'
        ? asDraft()
        : asVersion(wanted);
  if (chosen) return chosen;
  const known = [...versions.map(({ number }) => String(number)), ...(draft ? ['draft'] : [])];
  throw new Problem('not-found', `Agreement "${key}" has no version "${wanted}"${suggestion(String(wanted), known)}`);
}
