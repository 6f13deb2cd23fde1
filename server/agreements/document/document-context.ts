/** What a document says beside the agreement itself: names for its keys, its version, its signatures. */
import type { AgreementInput, AgreementKind, ObjectiveInput } from '../../contract/agreements.ts';
import type { DocumentStatus } from '../../contract/agreement-document.ts';
import type { CalendarInput } from '../../contract/calendars.ts';
import type { categories } from '../../contract/catalog.ts';

export type Side = 'provider' | 'customer';

/** An objective of another agreement that this one rests on. */
export interface SupportingObjective {
  readonly kind: AgreementKind;
  /** Of the other agreement. */
  readonly agreement: string;
  readonly title: string;
  /** In words. */
  readonly target: string;
  /** Percent of an availability target such as `99.95`; null for any other objective. */
  readonly availability: string | null;
}

/** Texts that stand in for those that the agreement leaves empty. */
export interface FrameworkTerms {
  readonly title: string;
  readonly version: number;
  readonly texts: Partial<AgreementInput['texts']>;
}

export interface SignOff {
  readonly side: Side;
  /** Of the signatory that was named, by whom a delegate signs too. */
  readonly email: string;
  /** Who signed. */
  readonly name: string;
  readonly signedAt: string;
  /** A signed paper was attached in the place of a signature here. */
  readonly onPaper?: boolean;
}

export interface DocumentContext {
  /** Null while it has none. */
  readonly version: number | null;
  readonly status: DocumentStatus;
  /** ISO 8601: when this version was last written. It dates the PDF, so that the same version gives the same file. */
  readonly writtenAt: string;
  /** By key; a key that is missing is shown as it is. */
  readonly teams: ReadonlyMap<string, { readonly name: string; readonly email?: string | null | undefined }>;
  readonly services: ReadonlyMap<string, { readonly name: string; readonly category?: (typeof categories)[number] }>;
  readonly calendars: ReadonlyMap<string, CalendarInput>;
  /** By reference such as `network-ola/core`. */
  readonly supports?: ReadonlyMap<string, SupportingObjective> | undefined;
  /** Present figures by key of objective, such as `99.95 %, on track`. */
  readonly figures?: ReadonlyMap<string, string> | undefined;
  readonly signOffs?: readonly SignOff[] | undefined;
  readonly framework?: FrameworkTerms | undefined;
}

/** An agreement with its context: what every part is written from. */
export interface Source {
  readonly agreement: AgreementInput;
  readonly context: DocumentContext;
}

export const teamName = ({ context }: Source, key: string): string => context.teams.get(key)?.name ?? key;
export const serviceName = ({ context }: Source, key: string): string => context.services.get(key)?.name || key;

export const objectivesOf = ({ agreement }: Source): [string, ObjectiveInput][] => Object.entries(agreement.objectives);

export type TextName = keyof AgreementInput['texts'];

/** Whether a text is what the framework says. */
export const isOfFramework = ({ agreement, context }: Source, name: TextName): boolean =>
  agreement.texts[name].trim() === '' && (context.framework?.texts[name]?.trim() ?? '') !== '';

/** A free text: the agreement's own, or that of its framework. */
export const textOf = ({ agreement, context }: Source, name: TextName): string =>
  agreement.texts[name].trim() || (context.framework?.texts[name]?.trim() ?? '');
