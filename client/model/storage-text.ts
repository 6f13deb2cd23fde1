import type { StoragePart } from '../../server/contract/system.ts';

/** What a part of the database holds, and what its rows are. */
export const storageTexts: Readonly<Record<StoragePart, { title: string; rows: string }>> = {
  fresh: { title: 'Observations of today and yesterday', rows: 'observations' },
  packed: { title: 'Older observations, packed', rows: 'hours of a series' },
  details: { title: 'Details of failures and changes', rows: 'details' },
  buckets: { title: 'Latency by minute, hour and day', rows: 'buckets' },
  timelines: { title: 'Timelines', rows: 'intervals' },
  audit: { title: 'Audit trail', rows: 'entries' },
  queues: { title: 'Queues', rows: 'rows' },
  other: { title: 'Catalog, accounts and all else', rows: 'rows' },
};
