import { AsyncLocalStorage } from 'node:async_hooks';
import type { AuditEntry, Permission } from '../contract/access.ts';

/** Who acts: an account, an API token, a display, Troth itself, or nobody yet. */
export interface Actor {
  kind: AuditEntry['actor']['kind'];
  name: string;
  permissions: ReadonlySet<Permission>;
  /** Keys of the teams whose services the actor may change; `all` for those who are not bound to teams. */
  teams: readonly string[] | 'all';
  /** Keys of the teams that a person is a member of, for whom the actor may speak. */
  memberOf?: readonly string[];
  /** The only board that a display may read; it may do nothing else. */
  board?: string;
}

export const anonymous: Actor = { kind: 'anonymous', name: 'anonymous', permissions: new Set(), teams: [] };
export const system: Actor = { kind: 'system', name: 'troth', permissions: new Set(), teams: 'all' };

/** What one request, or one act of Troth's own, carries along wherever it calls. */
export interface RequestContext {
  requestId: string;
  /** The peer's address; null for acts of Troth's own. */
  address: string | null;
  actor: Actor;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const currentContext = (): RequestContext | undefined => storage.getStore();

/** Who acts right now; outside of requests it is Troth itself. */
export const currentActor = (): Actor => storage.getStore()?.actor ?? system;

/** Runs `work` with a context of its own. */
export const withContext = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);

/** Runs `work` within the same request, as done by another. */
export const actingAs = <T>(actor: Actor, work: () => T): T =>
  withContext({ requestId: '', address: null, ...currentContext(), actor }, work);
