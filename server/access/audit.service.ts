import { Injectable } from '@nestjs/common';
import type { AuditEntry, AuditQuery } from '../contract/access.ts';
import type { Page } from '../contract/catalog.ts';
import { withoutSecrets } from '../platform/logger.ts';
import { currentActor, currentContext } from '../platform/request-context.ts';
import { AuditRepository } from './audit.repository.ts';

export interface AuditRecord {
  /** What was done: the kind of thing and a verb in the past, `service.changed`. */
  action: string;
  subjectKind: string;
  /** The key of the thing. */
  subject: string;
  /** What was changed, as plain data; fields named like secrets are blanked. */
  detail?: unknown;
}

/** Who did what and when: written in the transaction of the act, never changed. */
@Injectable()
export class AuditService {
  readonly #repository: AuditRepository;

  constructor(repository: AuditRepository) {
    this.#repository = repository;
  }

  /** Call it inside the transaction that does the act, which it then shares the fate of. */
  record(record: AuditRecord): Promise<void> {
    return this.recordAll([record]);
  }

  /** Records many acts in one statement. */
  async recordAll(records: readonly AuditRecord[]): Promise<void> {
    const { kind, name } = currentActor();
    const address = currentContext()?.address ?? null;
    await this.#repository.append(
      records.map(({ detail, ...rest }) => ({
        actor: { kind, name },
        ...rest,
        detail: withoutSecrets(detail),
        address,
      })),
    );
  }

  page(query: AuditQuery): Promise<Page<AuditEntry>> {
    return this.#repository.page(query);
  }
}
