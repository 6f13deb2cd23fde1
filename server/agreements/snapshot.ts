/** What the figures of an agreement rest on beside its text, as it is when it is proposed and signed. */
import type { CalendarDefinition } from '../catalog/calendars.service.ts';
import type { ServiceDefinition, UpstreamRef } from '../catalog/catalog.service.ts';
import { differences, type FieldChange, type Fields } from '../domain/differences.ts';
import { groupBy } from '../domain/grouping.ts';
import type { IncludedFramework } from './framework-terms.ts';

/** A service below another one; `leadMs`: so long its failure may go unseen. */
export type AgreedUpstream = Pick<UpstreamRef, 'key' | 'depth' | 'leadMs'>;

export interface AgreedProbe {
  kind: string;
  role: string;
  everyMs: number;
  failures: number;
  recheckAfterMs: number;
  degradedAboveMs: number | null;
  quorum: number | null;
  locations: readonly string[];
}

export interface AgreedService {
  name: string;
  category: ServiceDefinition['category'];
  atLeast: number | null;
  /** All that it rests on, farthest first; none of services that are only rested on. */
  upstream: readonly AgreedUpstream[];
  probes: Readonly<Record<string, AgreedProbe>>;
}

/** By key. How time counts stands in the text itself. */
export interface AgreementSnapshot {
  calendars: Readonly<Record<string, CalendarDefinition>>;
  services: Readonly<Record<string, AgreedService>>;
  /** Framework terms as they were; left out where the agreement includes none. */
  framework?: IncludedFramework;
}

/** `services` holds those of the agreement and all that they rest on. */
export function snapshotOf(
  calendars: ReadonlyMap<string, CalendarDefinition>,
  services: readonly ServiceDefinition[],
  upstream: readonly UpstreamRef[],
  framework: IncludedFramework | null,
): AgreementSnapshot {
  const below = groupBy(upstream, ({ serviceId }) => serviceId);
  return {
    ...(framework ? { framework } : {}),
    calendars: Object.fromEntries([...calendars].map(([key, calendar]) => [key, hoursAlone(calendar)])),
    services: Object.fromEntries(
      services.map(({ id, key, name, category, atLeast, probes }) => [
        key,
        {
          ...{ name, category, atLeast },
          upstream: (below.get(id) ?? []).map((ref) => ({ key: ref.key, depth: ref.depth, leadMs: ref.leadMs })),
          probes: Object.fromEntries(probes.map((probe) => [probe.key, agreedProbe(probe)])),
        },
      ]),
    ),
  };
}

const hoursAlone = ({ timeZone, week, holidays, exceptions }: CalendarDefinition): CalendarDefinition => ({
  ...{ timeZone, week, holidays, exceptions },
});

const agreedProbe = (probe: ServiceDefinition['probes'][number]): AgreedProbe => ({
  ...{ kind: probe.kind, role: probe.role, everyMs: probe.everyMs },
  ...{ failures: probe.confirm.failures, recheckAfterMs: probe.confirm.recheckAfterMs },
  ...{ degradedAboveMs: probe.degradedAboveMs, quorum: probe.quorum, locations: probe.locations },
});

/** What is otherwise now than when it was agreed. */
export const changedSince = (agreed: AgreementSnapshot, now: AgreementSnapshot): FieldChange[] =>
  differences(agreed as unknown as Fields, now as unknown as Fields);
