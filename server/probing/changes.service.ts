import { Injectable } from '@nestjs/common';
import { reasonOf, reasons } from '../../probes/contract.ts';
import type { Page } from '../contract/catalog.ts';
import type { StateChange } from '../contract/probing.ts';
import { type ServiceState, serviceStates } from '../domain/service-state.ts';
import { invalidField } from '../platform/problem.ts';
import { type ChangePlace, type ChangeRow, ChangesRepository } from './changes.repository.ts';

/** What became of all services, for people who were away. */
@Injectable()
export class ChangesService {
  constructor(readonly repository: ChangesRepository) {}

  /** Newest first; the cursor names the last change of a page. */
  async page(fromMs: number, toMs: number, limit: number, cursor?: string): Promise<Page<StateChange>> {
    const rows = await this.repository.newest(fromMs, toMs, cursor === undefined ? null : placeOf(cursor), limit + 1);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(view), next: rows.length > limit && last ? `${last.from_ms}-${last.service_id}` : null };
  }
}

function placeOf(cursor: string): ChangePlace {
  const [, fromMs, serviceId] = /^(\d{1,15})-(\d{1,9})$/.exec(cursor) ?? [];
  if (!fromMs) throw invalidField('cursor', 'is not one of this list');
  return { fromMs: Number(fromMs), serviceId: Number(serviceId) };
}

const stateOf = (code: number): ServiceState => serviceStates[code] ?? 'unknown';

function view({ key, name, before, state: code, reason, from_ms, to_ms }: ChangeRow): StateChange {
  const state = stateOf(code);
  return {
    service: { key, name },
    before: before === null ? null : stateOf(before),
    state,
    reason: state === 'up' || state === 'unmonitored' ? null : reasons[reasonOf(reason)].text,
    from: new Date(from_ms).toISOString(),
    to: to_ms === null ? null : new Date(to_ms).toISOString(),
  };
}
