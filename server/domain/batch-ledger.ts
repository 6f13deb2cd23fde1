/** Which numbered batches of an agent are committed: all up to `through`, and those of `beyond`. */
export interface BatchLedger {
  through: number;
  beyond: readonly number[];
}

/** The ledger with one more batch in it; a batch twice is a batch once. */
export function commitBatch(ledger: BatchLedger, batch: number): BatchLedger {
  if (hasBatch(ledger, batch)) return ledger;
  const beyond = new Set([...ledger.beyond, batch]);
  let { through } = ledger;
  while (beyond.delete(through + 1)) through += 1;
  return { through, beyond: [...beyond].sort((a, b) => a - b) };
}

export const hasBatch = ({ through, beyond }: BatchLedger, batch: number): boolean =>
  batch <= through || beyond.includes(batch);
