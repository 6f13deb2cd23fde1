import { Injectable } from '@nestjs/common';
import { AuditService } from '../access/audit.service.ts';
import {
  AgreementsDocumentService,
  type AgreementChange,
  type AgreementPlan,
} from '../agreements/agreements-document.service.ts';
import {
  FrameworksDocumentService,
  type FrameworkChange,
  type FrameworkPlan,
} from '../agreements/frameworks-document.service.ts';
import {
  OnCallDocumentService,
  type OnCallChange,
  type OnCallPlan,
} from '../alerting/on-call/on-call-document.service.ts';
import {
  CatalogDocumentService,
  type CatalogChange,
  type DocumentOptions,
  type DocumentPlan,
} from '../catalog/catalog-document.service.ts';
import type { ConfigDifference } from '../contract/config-file.ts';
import { toldChanges } from '../domain/differences.ts';
import { Problem } from '../platform/problem.ts';
import { ConfigFile } from './config-file.ts';
import { writeConfigFile } from './config-file-writer.ts';
import { placeholderName } from './variables.ts';

const everything: DocumentOptions = { prune: true };

/** The whole configuration as one file. */
@Injectable()
export class ConfigFileService {
  readonly #catalog: CatalogDocumentService;
  readonly #agreements: AgreementsDocumentService;
  readonly #frameworks: FrameworksDocumentService;
  readonly #onCall: OnCallDocumentService;
  readonly #audit: AuditService;

  constructor(
    catalog: CatalogDocumentService,
    agreements: AgreementsDocumentService,
    frameworks: FrameworksDocumentService,
    onCall: OnCallDocumentService,
    audit: AuditService,
  ) {
    this.#catalog = catalog;
    this.#agreements = agreements;
    this.#frameworks = frameworks;
    this.#onCall = onCall;
    this.#audit = audit;
  }

  /** What an apply would change; changes nothing. @throws Problem invalid-input with every fault and its place, too-large */
  async plan(text: string, options = everything): Promise<ConfigDifference> {
    const file = new ConfigFile(text, process.env);
    return answer(checked(file, await this.#planAll(file, options)), false);
  }

  /** Makes everything as the file says, or nothing at all. @throws Problem as `plan` does */
  async apply(text: string, options = everything): Promise<ConfigDifference> {
    const file = new ConfigFile(text, process.env);
    // What is wrong by itself is only compared, to tell all its faults, and never written.
    if (file.faults([]).length > 0) checked(file, await this.#planAll(file, options));
    return this.#catalog.exclusively(async () => {
      const plan = await this.#planAll(file, options);
      const changes = checked(file, plan);
      await this.#catalog.write(plan.catalog.changes);
      await this.#frameworks.write(plan.frameworks.changes);
      await this.#agreements.write(plan.agreements.changes);
      await this.#onCall.write(plan.onCall.changes);
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
    return writeConfigFile(async (variable) => {
      const catalog = await this.#catalog.export((probe, path) => variable(placeholderName({ probe, path })));
      const agreements = await this.#agreements.export();
      const frameworks = await this.#frameworks.export();
      const { onCallSchedules, escalationPolicies, alertRoutes } = await this.#onCall.export();
      return {
        ...catalog,
        ...filled({ frameworks }),
        ...filled({ agreements }),
        ...filled({ onCallSchedules }),
        ...filled({ escalationPolicies }),
        ...filled({ alertRoutes }),
      };
    });
  }

  async #planAll(file: ConfigFile, options: DocumentOptions): Promise<FilePlan> {
    const catalog = await this.#catalog.plan(file.catalog, options);
    const frameworks = await this.#frameworks.plan(file.frameworks, options);
    const names = { ...catalog.names, frameworks: frameworks.keys };
    const agreements = await this.#agreements.plan(file.agreements, names, options);
    return { catalog, frameworks, agreements, onCall: await this.#onCall.plan(file.onCall, names, options) };
  }
}

/** What a file would change, by feature. */
interface FilePlan {
  catalog: DocumentPlan;
  frameworks: FrameworkPlan;
  agreements: AgreementPlan;
  onCall: OnCallPlan;
}

/** A section, where it holds anything. */
const filled = (section: Record<string, object>): object =>
  Object.values(section).some((things) => Object.keys(things).length > 0) ? section : {};

type FileChange = CatalogChange | FrameworkChange | AgreementChange | OnCallChange;

function checked(file: ConfigFile, { catalog, frameworks, agreements, onCall }: FilePlan): readonly FileChange[] {
  const parts = [catalog, frameworks, agreements, onCall];
  const faults = file.faults(parts.flatMap(({ issues }) => issues));
  if (faults.length === 0) return parts.flatMap<FileChange>(({ changes }) => changes);
  const told = faults.map(
    ({ line, column, path, message }) => `line ${line}, column ${column}: ${path ? `${path}: ` : ''}${message}`,
  );
  throw new Problem('invalid-input', told.join('\n'), { issues: faults });
}

const answer = (changes: readonly FileChange[], applied: boolean): ConfigDifference => ({
  applied,
  changes: changes.map(({ action, kind, key, fields }) => ({
    ...{ action, kind, key },
    fields: toldChanges(fields),
  })),
});

function counts(changes: readonly FileChange[]): Record<string, number> {
  const count: Record<string, number> = {};
  for (const { action } of changes) count[action] = (count[action] ?? 0) + 1;
  return count;
}
