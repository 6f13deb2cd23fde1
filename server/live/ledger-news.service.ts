import { Injectable } from '@nestjs/common';
import { ledgerChannel } from '../consequences/consequences.service.ts';
import { Database } from '../platform/database.ts';

type Listener = (agreement: string | null) => void;

/** Hears from every server whenever the ledger or a review of an agreement became another. */
@Injectable()
export class LedgerNews {
  readonly #listeners: Listener[] = [];

  constructor(readonly database: Database) {}

  /** Calls back with the key of the agreement; null where it may have been any. */
  onChanged(listener: Listener): void {
    this.#listeners.push(listener);
  }

  listen(): void {
    const tell = (agreement: string | null): void => {
      for (const listener of this.#listeners) listener(agreement);
    };
    this.database.listen(ledgerChannel, tell, () => tell(null));
  }
}
