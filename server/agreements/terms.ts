/** Agreements as they are judged: what held when. */
import type { AgreementInput, AgreementStatus } from '../contract/agreements.ts';
import type { StoredAgreement, StoredVersion } from './agreements.repository.ts';
import { readAgreement } from './written-agreement.ts';

/** One text of an agreement that is in force, was, or will be. */
export interface TermsVersion {
  number: number;
  status: AgreementStatus;
  terms: AgreementInput;
  /** Local dates of the agreement's zone; `to` is the first day on which it no longer holds. */
  effective: { from: string; to: string | null };
  createdAt: string;
}

export interface AgreementTerms {
  id: number;
  key: string;
  managedBy: 'file' | null;
  draft: AgreementInput | null;
  /** Those in force at some time, in order of it. */
  versions: readonly TermsVersion[];
  createdAt: Date;
  updatedAt: Date;
}

const toVersion = ({ number, document, effectiveFrom, effectiveTo, createdAt }: StoredVersion): TermsVersion => ({
  number,
  status: 'declared',
  terms: readAgreement(document),
  effective: { from: effectiveFrom, to: effectiveTo },
  createdAt: new Date(createdAt).toISOString(),
});

export const toTerms = ({ versions, draft, ...agreement }: StoredAgreement): AgreementTerms => ({
  ...agreement,
  draft: draft === null ? null : readAgreement(draft),
  versions: versions
    .filter(({ state }) => state !== 'replaced')
    .map(toVersion)
    .sort((a, b) => (a.effective.from < b.effective.from ? -1 : 1)),
});

/** The text that people mean by the agreement: the newest that came into force, else the draft. */
export const currentTerms = ({ versions, draft }: AgreementTerms): AgreementInput => versions.at(-1)?.terms ?? draft!;
