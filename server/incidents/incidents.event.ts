/** What other features hear of incidents, inside the transaction that changed them. */
import type { IncidentKind } from '../contract/incidents.ts';

export interface IncidentNews {
  readonly id: number;
  readonly kind: IncidentKind;
  readonly severity: number;
  /** `probe` where probes opened it. */
  readonly source: string;
  /** Services that it is about; where some have joined it, those. */
  readonly serviceIds: readonly number[];
  /** The service whose outage opened it, or the location that is silent. */
  readonly rootServiceId: number | null;
  readonly locationId: number | null;
  /** It was over before anybody learnt of it. */
  readonly isLate: boolean;
  /** What was done: `opened`, `acknowledged`, `joined`. */
  readonly act: string;
}

declare module '../platform/events.ts' {
  interface TransactionEvents {
    /** Incidents of these services are different from an instant on, epoch ms. */
    'incidents.changed': { serviceIds: readonly number[]; fromMs: number };
    /** Also those that are opened again. */
    'incident.opened': { incidents: readonly IncidentNews[] };
    /** Whatever was done beside opening and resolving. */
    'incident.changed': { incidents: readonly IncidentNews[] };
    /** Also those that are closed or merged before they were resolved. */
    'incident.resolved': { incidents: readonly IncidentNews[] };
  }
}
