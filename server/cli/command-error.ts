/** A command could not do what it was asked: its message is for the person at the terminal, the exit code 1. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/** A command was asked wrongly: exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}
