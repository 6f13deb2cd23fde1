import { Injectable } from '@nestjs/common';
import { SteadyClock } from '../../../probes/support/clock.ts';
import type { ListQuery, Page, PutQuery } from '../../contract/catalog.ts';
import {
  escalationPolicyInputSchema,
  type EscalationPolicy,
  type EscalationPolicyInput,
  type EscalationPreview,
} from '../../contract/escalation.ts';
import { parseInput } from '../../contract/input-issues.ts';
import { invalidInput } from '../../platform/input.pipe.ts';
import { definedKinds, policyFields } from './defined-things.ts';
import { type Defined, DefinitionsService } from './definitions.service.ts';
import { EscalationService } from './escalation.service.ts';

const kind = 'escalation-policy';

/** Escalation policies. */
@Injectable()
export class PoliciesService {
  constructor(
    readonly definitions: DefinitionsService,
    readonly escalation: EscalationService,
    readonly clock: SteadyClock,
  ) {}

  async page(query: ListQuery): Promise<Page<EscalationPolicy>> {
    const { items, next } = await this.definitions.page(kind, query);
    return { items: await this.#views(items), next };
  }

  /** @throws Problem not-found */
  async get(key: string): Promise<EscalationPolicy> {
    const [view] = await this.#views([await this.definitions.get(kind, key)]);
    return view!;
  }

  /** Answers whether the policy is new. */
  put(key: string, input: unknown, query: PutQuery): Promise<boolean> {
    return this.definitions.put(kind, key, readInput(input), query);
  }

  delete(key: string): Promise<void> {
    return this.definitions.delete(kind, key);
  }

  restore(key: string): Promise<void> {
    return this.definitions.restore(kind, key);
  }

  /** What a policy that is still being written would do. @throws Problem invalid-input */
  async preview(input: unknown, at: string | undefined): Promise<EscalationPreview> {
    const policy = readInput(input);
    const faults = definedKinds[kind].faults(policy, policy, await this.definitions.names());
    if (faults.length > 0) throw invalidInput(faults);
    return this.escalation.previewOf(policy, at);
  }

  async #views(policies: readonly Defined<'escalation-policy'>[]): Promise<EscalationPolicy[]> {
    const gaps = await this.escalation.gapsOf(
      policies.map(({ input }) => input),
      Math.floor(this.clock.now()),
    );
    return policies.map((policy, at) => ({
      ...policyFields(policy.input),
      ...{ key: policy.key, managedBy: policy.managedBy, updatedAt: policy.updatedAt.toISOString() },
      mayChange: this.definitions.mayChange(policy),
      gaps: gaps[at]!,
    }));
  }
}

function readInput(input: unknown): EscalationPolicyInput {
  const { value, issues } = parseInput(escalationPolicyInputSchema, input);
  if (value === undefined) throw invalidInput(issues);
  return value;
}
