/**
 * Resolves when this process is told to end: by a signal, or by the loss of the supervisor that started it. A second
 * signal ends it at once.
 */
export function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    let isTold = false;
    const onSignal = () => {
      if (isTold) process.exit(1);
      isTold = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
    if (process.connected) process.once('disconnect', resolve);
  });
}

/** Tells the supervisor, if there is one. */
export function tellSupervisor(message: object): void {
  if (process.connected) process.send!(message);
}
