import { Inject, Injectable } from '@nestjs/common';
import { AuditService } from '../../access/audit.service.ts';
import { Database, isDatabaseAway } from '../../platform/database.ts';
import { LOGGER, type Logger } from '../../platform/logger.ts';
import { Problem } from '../../platform/problem.ts';
import { asActor, tellImport } from './acting.ts';
import { HistoryImportsRepository, type StoredImport } from './history-imports.repository.ts';
import { isMissing } from './import-reading.ts';
import { ImportRowsRepository } from './import-rows.repository.ts';
import type { ReadRow } from './import-rows.ts';
import { ImportTargetsService } from './import-targets.service.ts';

const tellEveryMs = 500;

/** Takes a checked file over: all of it in one transaction, or nothing. */
@Injectable()
export class HistoryApplyService {
  constructor(
    readonly imports: HistoryImportsRepository,
    readonly rows: ImportRowsRepository,
    readonly targets: ImportTargetsService,
    readonly database: Database,
    readonly audit: AuditService,
    @Inject(LOGGER) readonly log: Logger,
  ) {}

  /** Ended in the middle, it is as if it had not begun; done already, nothing is done. */
  async apply(id: number): Promise<void> {
    const found = await this.imports.find(id);
    if (!found?.confirmedBy) return;
    try {
      await asActor(found.confirmedBy, `import-${id}`, () => this.database.transaction(() => this.#apply(id)));
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      const isTold = error instanceof Problem;
      if (!isTold) this.log.error({ err: error, import: id }, 'a file with history could not be taken over');
      const message = isTold ? error.message : 'Troth failed to take the file over; its log says why';
      await this.imports.failApply(id, { row: null, column: null, message });
    }
    await tellImport(this.database, id);
  }

  async #apply(id: number): Promise<void> {
    const found = await this.imports.holdApplying(id);
    if (!found) return;
    const find = await this.targets.finder(found.kind);
    const progress = this.#progress(found);
    const sum = { replaced: 0, fromMs: Infinity, toMs: -Infinity };
    const subjects = await this.rows.subjects(id);
    for (const { subject, fromMs, toMs } of subjects) {
      const target = await find(subject);
      if (isMissing(target)) throw new Problem('conflict', target.message);
      sum.replaced += await target.takeOver({ fromMs, toMs }, progress(this.rows.ofSubject(id, subject)));
      sum.fromMs = Math.min(sum.fromMs, fromMs);
      sum.toMs = Math.max(sum.toMs, toMs);
    }
    await this.audit.record({
      ...{ action: 'history.imported', subjectKind: 'import', subject: String(id) },
      detail: {
        ...{ file: found.name, kind: found.kind, rows: found.rows, subjects: subjects.length, replaced: sum.replaced },
        ...{ from: new Date(sum.fromMs).toISOString(), to: new Date(sum.toMs).toISOString() },
      },
    });
    await this.imports.finishApply(id);
  }

  /** Notes how far it has come where everybody sees it, while what is done is seen by nobody yet. */
  #progress({ id }: StoredImport) {
    let [done, toldMs] = [0, performance.now()];
    const tell = () =>
      this.database.outside(async () => {
        await this.imports.noteApplied(id, done);
        await tellImport(this.database, id);
      });
    return async function* counted(batches: AsyncIterable<ReadRow[]>): AsyncGenerator<ReadRow[]> {
      for await (const batch of batches) {
        yield batch;
        done += batch.length;
        if (performance.now() - toldMs < tellEveryMs) continue;
        toldMs = performance.now();
        await tell();
      }
    };
  }
}
