import { Injectable } from '@nestjs/common';
import { AuditService } from '../access/audit.service.ts';
import {
  CatalogDocumentService,
  type CatalogChange,
  type DocumentOptions,
  type DocumentPlan,
} from '../catalog/catalog-document.service.ts';
import type { ConfigDifference } from '../contract/config-file.ts';
import { Database } from '../platform/database.ts';
import { Problem } from '../platform/problem.ts';
import { ConfigFile } from './config-file.ts';
import { writeConfigFile } from './config-file-writer.ts';
import { placeholderName } from './variables.ts';

const everything: DocumentOptions = { prune: true };

/** The whole configuration as one file. */
@Injectable()
export class ConfigFileService {
  readonly #catalog: CatalogDocumentService;
  readonly #database: Database;
  readonly #audit: AuditService;

  constructor(catalog: CatalogDocumentService, database: Database, audit: AuditService) {
    this.#catalog = catalog;
    this.#database = database;
    this.#audit = audit;
  }

  /** What an apply would change; changes nothing. @throws Problem invalid-input with every fault and its place, too-large */
  async plan(text: string, options = everything): Promise<ConfigDifference> {
    const file = new ConfigFile(text, process.env);
    return answer(checked(file, await this.#catalog.plan(file.catalog, options)), false);
  }

  /** Makes everything as the file says, or nothing at all. @throws Problem as `plan` does */
  async apply(text: string, options = everything): Promise<ConfigDifference> {
    const file = new ConfigFile(text, process.env);
    // What is wrong by itself is only compared, to tell all its faults, and never written.
    if (file.faults([]).length > 0) checked(file, await this.#catalog.plan(file.catalog, options));
    return this.#database.transaction(async () => {
      const changes = checked(file, await this.#catalog.apply(file.catalog, options));
      if (changes.length > 0) {
        await this.#audit.record({
          action: 'config.applied',
          subjectKind: 'config',
          subject: 'file',
          detail: counts(changes),
        });
      }
      return answer(changes, true);
    });
  }

  /** Everything as a file (YAML); secrets are variables, named for the place they stand at. */
  async export(): Promise<string> {
    return writeConfigFile((variable) =>
      this.#catalog.export((probe, path) => variable(placeholderName({ probe, path }))),
    );
  }
}

function checked(file: ConfigFile, { changes, issues }: DocumentPlan): readonly CatalogChange[] {
  const faults = file.faults(issues);
  if (faults.length === 0) return changes;
  const told = faults.map(
    ({ line, column, path, message }) => `line ${line}, column ${column}: ${path ? `${path}: ` : ''}${message}`,
  );
  throw new Problem('invalid-input', told.join('\n'), { issues: faults });
}

const answer = (changes: readonly CatalogChange[], applied: boolean): ConfigDifference => ({
  applied,
  changes: changes.map(({ action, kind, key, fields }) => ({
    ...{ action, kind, key },
    fields: fields.map(({ path, from, to }) => ({ path: path.join('.'), from, to })),
  })),
});

function counts(changes: readonly CatalogChange[]): Record<string, number> {
  const count: Record<string, number> = {};
  for (const { action } of changes) count[action] = (count[action] ?? 0) + 1;
  return count;
}
