import { Injectable } from '@nestjs/common';
import type { CatalogChange } from './catalog-difference.ts';
import { kindsInOrder, type CatalogKind } from './catalog-kinds.ts';

/** Something outside of the catalog rests on a thing in it. */
export interface OutsideUse {
  kind: CatalogKind;
  key: string;
  /** What it is, in words: `agreement hr-payroll`. */
  by: string;
}
type FindUses = (keys: readonly string[]) => Promise<readonly Omit<OutsideUse, 'kind'>[]>;

/**
 * What higher features let rest on the catalog. A feature registers when it starts, for each kind of thing that it refers
 * to; whoever deletes such a thing is then refused, and told by what it is used. It is asked inside the transaction
 * of the deletion, with the keys of all things of the kind that shall go.
 */
@Injectable()
export class CatalogReferences {
  readonly #finders = new Map<CatalogKind, FindUses[]>();

  register(kind: CatalogKind, find: FindUses): void {
    this.#finders.set(kind, [...(this.#finders.get(kind) ?? []), find]);
  }

  /** What outside uses the things that shall go. */
  async usesOf(deletions: readonly CatalogChange[]): Promise<OutsideUse[]> {
    const uses: OutsideUse[] = [];
    for (const kind of kindsInOrder) {
      const keys = deletions.filter((change) => change.kind === kind).map(({ key }) => key);
      if (keys.length === 0) continue;
      for (const find of this.#finders.get(kind) ?? []) {
        uses.push(...(await find(keys)).map((use) => ({ kind, ...use })));
      }
    }
    return uses;
  }
}
