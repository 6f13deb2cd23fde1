import { Injectable } from '@nestjs/common';

/** Typed events that a lower feature publishes inside its transaction; features add theirs by declaration merging. */
export interface TransactionEvents {
  'catalog.changed': { serviceIds: readonly number[]; locationsChanged: boolean };
  /** Calendars of these keys have other openings, or are gone, or back. */
  'calendars.changed': { keys: readonly string[] };
}
type Name = keyof TransactionEvents;
type Listener<N extends Name> = (event: TransactionEvents[N]) => Promise<void> | void;

/** Calls listeners one after the other, in the publisher's transaction: a listener that throws rolls it back. */
@Injectable()
export class EventBus {
  readonly #listeners = new Map<Name, Listener<never>[]>();

  on<N extends Name>(name: N, listener: Listener<N>): void {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener as Listener<never>]);
  }

  async publish<N extends Name>(name: N, event: TransactionEvents[N]): Promise<void> {
    for (const listener of this.#listeners.get(name) ?? []) await (listener as Listener<N>)(event);
  }
}
