import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { jsonPathSchema, type JsonValue } from '../../probes/support/json-path.ts';
import { AccessService } from '../access/access.service.ts';
import { AuditService } from '../access/audit.service.ts';
import type { HookAnswer, IncidentHook, IncidentHookInput } from '../contract/incident-hooks.ts';
import { incidentInputSchema, type Incident, type IncidentAct, type IncidentState } from '../contract/incidents.ts';
import { Database } from '../platform/database.ts';
import { Problem, invalidField } from '../platform/problem.ts';
import { actingAs, type Actor } from '../platform/request-context.ts';
import { KEYRING, type Keyring } from '../platform/secrets.ts';
import { readPayload, type HookNews } from './hook-mappings.ts';
import { signatureDigest, type SignatureHeaders } from './hook-signature.ts';
import { IncidentHooksRepository, type StoredHook } from './incident-hooks.repository.ts';
import { IncidentWriterService } from './incident-writer.service.ts';
import { IncidentsService } from './incidents.service.ts';

/** What brings an incident from where it is to what another system says of it. */
const towards: Readonly<Record<IncidentState, readonly IncidentAct[]>> = {
  ...{ open: [], acknowledged: ['acknowledge'], pending: ['acknowledge', 'pend'] },
  ...{ resolved: ['resolve'], closed: ['resolve', 'close'] },
};

/** Tickets of other systems become incidents here: signed, each once, by a mapping. */
@Injectable()
export class IncidentHooksService {
  constructor(
    readonly hooks: IncidentHooksRepository,
    readonly incidents: IncidentsService,
    readonly writer: IncidentWriterService,
    readonly access: AccessService,
    readonly audit: AuditService,
    readonly database: Database,
    @Inject(KEYRING) readonly keyring: Keyring,
  ) {}

  /** With their secrets: for those who may change them. @throws Problem forbidden */
  async list(): Promise<IncidentHook[]> {
    this.access.assertMayChange(null);
    return (await this.hooks.all()).map((hook) => this.#view(hook));
  }

  /** @throws Problem forbidden, invalid-input */
  put(key: string, input: IncidentHookInput): Promise<IncidentHook> {
    this.access.assertMayChange(null);
    for (const [field, path] of Object.entries(input.mapping.paths)) {
      const { error } = jsonPathSchema.safeParse(path);
      if (error) throw invalidField(`mapping.paths.${field}`, error.issues[0]!.message);
    }
    return this.database.transaction(async () => {
      await this.hooks.write(key, input);
      await this.audit.record({
        action: 'incident-hook.written',
        subjectKind: 'incident-hook',
        subject: key,
        detail: input,
      });
      return this.#view((await this.hooks.byKey(key))!);
    });
  }

  /** Its address and secret never hold again. @throws Problem forbidden, not-found */
  async delete(key: string): Promise<void> {
    this.access.assertMayChange(null);
    await this.database.transaction(async () => {
      if (!(await this.hooks.delete(key))) throw new Problem('not-found', `There is no incident hook "${key}"`);
      await this.audit.record({ action: 'incident-hook.deleted', subjectKind: 'incident-hook', subject: key });
    });
  }

  /** Takes what another system tells. @throws Problem not-found, forbidden, conflict, invalid-input */
  async take(token: string, headers: SignatureHeaders, body: Buffer, payload: JsonValue): Promise<HookAnswer> {
    const hook = await this.#hookOf(token);
    const digest = signatureDigest(headers, body, this.#secret(hook), this.writer.nowMs());
    if (digest === null) throw new Problem('forbidden', 'The signature does not hold, or is older than five minutes');
    const actor: Actor = { kind: 'token', name: hook.name, permissions: new Set(['incidents:write']), teams: 'all' };
    return actingAs(actor, () =>
      this.database.transaction(async () => {
        if (!(await this.hooks.firstSight(hook.id, digest)))
          throw new Problem('conflict', 'This was received before: the same signature is taken once');
        return this.#tell(hook, readPayload(hook.kind, hook.mapping, payload));
      }),
    );
  }

  async #tell(hook: StoredHook, news: HookNews): Promise<HookAnswer> {
    const { reference } = news;
    if (reference === null) throw invalidField('reference', 'is not where the mapping says');
    const known = await this.writer.writes.holdReference(reference);
    const incident = known === null ? await this.#open(hook, news) : await this.#change(known, news);
    if (news.state !== null) await this.#bring(incident, news.state);
    return { incident: incident.id, isNew: known === null };
  }

  #open(hook: StoredHook, news: HookNews): Promise<Incident> {
    if (news.service === null) throw invalidField('service', 'is not where the mapping says, and none stands for it');
    const { reference, severity, impact, urgency, reportedAt } = news;
    return this.incidents.create(
      incidentInputSchema.parse({
        ...{ title: news.title ?? reference, description: news.description ?? '', services: [news.service] },
        ...{ source: hook.name === 'probe' ? hook.key : hook.name, reference, impact, urgency },
        ...(severity === null ? {} : { severity, severityReason: `So it stands at ${hook.name}` }),
        ...(reportedAt === null ? {} : { reportedAt }),
      }),
    );
  }

  #change(id: number, { title, description, severity, impact, urgency }: HookNews): Promise<Incident> {
    const change = {
      ...(title === null ? {} : { title }),
      ...(description === null ? {} : { description }),
      ...(impact === null ? {} : { impact }),
      ...(urgency === null ? {} : { urgency }),
      ...(severity === null ? {} : { severity, severityReason: 'So it stands where it comes from' }),
    };
    return this.incidents.change(id, change, undefined);
  }

  async #bring({ id, state }: Incident, wanted: IncidentState): Promise<void> {
    const isOver = state === 'resolved' || state === 'closed';
    const isWantedOver = wanted === 'resolved' || wanted === 'closed';
    if (state === wanted || (state === 'closed' && isWantedOver)) return;
    const acts: IncidentAct[] = [
      ...(isOver && !isWantedOver ? (['reopen'] as const) : []),
      ...(state === 'pending' && !isWantedOver ? (['resume'] as const) : []),
      ...towards[wanted],
    ];
    for (const act of acts)
      await this.incidents.act(id, act, act === 'pend' ? { note: '', reason: 'customer' } : { note: '' });
  }

  async #hookOf(token: string): Promise<StoredHook> {
    const id = /^(\d{1,9})-/.exec(token)?.[1];
    const hook = id === undefined ? null : await this.hooks.byId(Number(id));
    const [expected, given] = [Buffer.from(hook ? this.#token(hook) : ''), Buffer.from(token)];
    if (!hook || expected.length !== given.length || !timingSafeEqual(expected, given))
      throw new Problem('not-found', 'There is no incident hook at this address');
    return hook;
  }

  #token = ({ id }: StoredHook): string => `${id}-${this.keyring.token('incident-hook', id)}`;
  #secret = ({ id }: StoredHook): string => this.keyring.token('incident-hook-secret', id);

  #view(hook: StoredHook): IncidentHook {
    const { key, name, kind, mapping, createdAt, updatedAt } = hook;
    return {
      ...{ key, name, kind, mapping, path: `/api/v1/incident-hooks/${this.#token(hook)}`, secret: this.#secret(hook) },
      ...{ createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() },
    };
  }
}
