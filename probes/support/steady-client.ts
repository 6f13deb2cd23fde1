import pg from 'pg';

/**
 * A connection of a pool whose loss never ends the process. Whoever has it learns of the loss by the next statement; one
 * that is lost between two statements has nobody else who listens, and Node ends a process for an error that nobody hears.
 */
export class SteadyClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
