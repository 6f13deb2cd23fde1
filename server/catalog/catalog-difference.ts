import { differences, type FieldChange, type Fields } from '../domain/differences.ts';
import {
  catalogKinds,
  kindsInOrder,
  shownProbeFields,
  storedOf,
  type CatalogDrafts,
  type CatalogKind,
  type CatalogState,
  type DraftOf,
  type StoredOf,
} from './catalog-kinds.ts';
import { probeFields, probeKey, type ProbeDraft, type StoredProbe } from './definitions.ts';
import { valueAt } from './probe-secrets.ts';

export interface ChangeOf<Kind extends CatalogKind> {
  kind: Kind;
  /** `payroll`, or `payroll.login` for a probe. */
  key: string;
  /** `adopt`: what people made in the browser now belongs to the file. */
  action: 'create' | 'update' | 'adopt' | 'delete';
  /** What differs; empty for a thing that is new or goes. */
  fields: readonly FieldChange[];
  stored: StoredOf<Kind> | undefined;
  draft: DraftOf<Kind> | undefined;
}
export type CatalogChange = { [Kind in CatalogKind]: ChangeOf<Kind> }[CatalogKind];

/** Whether a thing is different afterwards, and not only in other hands. */
export const isMaterial = ({ action, fields }: CatalogChange): boolean => action !== 'adopt' || fields.length > 0;

type OpenConfig = (probe: StoredProbe) => ProbeDraft['config'];

/** What has to change so that every draft is what is stored. In order of kind, then of the drafts. */
export function draftChanges(state: CatalogState, drafts: CatalogDrafts, openConfig: OpenConfig): CatalogChange[] {
  return kindsInOrder.flatMap((kind) =>
    kind === 'probe'
      ? drafts.probes.flatMap((draft) => probeChange(state.probes.get(probeKey(draft)), draft, openConfig))
      : drafts[catalogKinds[kind].section].flatMap((draft) => changeOf(kind, state, draft as ManagedDraft)),
  );
}

/** What goes because the file made it once, or owns its service, and names it no more. */
export function prunedChanges(state: CatalogState, drafts: CatalogDrafts): CatalogChange[] {
  const services = new Set(drafts.services.map(({ key }) => key));
  const probes = new Set(drafts.probes.map(probeKey));
  return kindsInOrder.toReversed().flatMap((kind) => {
    if (kind === 'probe') {
      const gone = [...state.probes].filter(([key, { service }]) => services.has(service) && !probes.has(key));
      return gone.map(([key, stored]) => deletion('probe', key, stored));
    }
    const named = new Set((drafts[catalogKinds[kind].section] as readonly ManagedDraft[]).map(({ key }) => key));
    const gone = [...storedOf(state, kind)].filter(([key, { managedBy }]) => managedBy === 'file' && !named.has(key));
    return gone.map(([key, stored]) => deletion(kind, key, stored));
  });
}

export const deletion = (kind: CatalogKind, key: string, stored: StoredOf<CatalogKind>): CatalogChange =>
  ({ kind, key, action: 'delete', fields: [], stored, draft: undefined }) as CatalogChange;

type ManagedKind = Exclude<CatalogKind, 'probe'>;
type ManagedDraft = DraftOf<ManagedKind>;

function changeOf(kind: ManagedKind, state: CatalogState, draft: ManagedDraft): CatalogChange[] {
  const stored = storedOf(state, kind).get(draft.key) as StoredOf<ManagedKind> | undefined;
  const change = (action: CatalogChange['action'], fields: readonly FieldChange[]) =>
    ({ kind, key: draft.key, action, fields, stored, draft }) as CatalogChange;
  if (!stored) return [change('create', [])];
  const fieldsOf = catalogKinds[kind].fieldsOf as (thing: ManagedDraft) => Fields;
  const fields = differences(fieldsOf(stored), fieldsOf(draft));
  const adopts = stored.managedBy !== draft.managedBy;
  if (!adopts && fields.length === 0) return [];
  return [change(adopts ? 'adopt' : 'update', fields)];
}

function probeChange(stored: StoredProbe | undefined, draft: ProbeDraft, openConfig: OpenConfig): CatalogChange[] {
  const key = probeKey(draft);
  if (!stored) return [{ kind: 'probe', key, action: 'create', fields: [], stored, draft }];
  const before = { ...stored, config: openConfig(stored) };
  // Compared in the clear, told hidden: a secret that changes is a difference from ******** to ********.
  const fields = differences(probeFields(before), probeFields(draft)).map(({ path }) => ({
    path,
    from: valueAt(shownProbeFields(before), path) ?? null,
    to: valueAt(shownProbeFields(draft), path) ?? null,
  }));
  return fields.length === 0 ? [] : [{ kind: 'probe', key, action: 'update', fields, stored, draft }];
}
