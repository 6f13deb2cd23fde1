import type { Environment } from '../platform/config.ts';
import { callSample, type PartStates } from '../sample/sample-control.ts';
import { isPartName, partNames, readSampleSettings, type SampleSettings } from '../sample/sample-settings.ts';
import { startSampleTarget } from '../sample/sample-target.ts';
import { CommandError, UsageError } from './command-error.ts';
import { tellSupervisor, untilToldToStop } from './stop-signal.ts';

/** Runs the sample target itself; the supervisor tells where its heartbeat goes. */
export async function runSample(environment: Environment): Promise<void> {
  const sample = await startSampleTarget(environment.TROTH_DATA, settingsOf(environment));
  process.on('message', (message: { type: string; url: string }) => {
    if (message.type === 'heartbeat') sample.sendHeartbeatTo(message.url);
  });
  tellSupervisor({ type: 'ready' });
  await untilToldToStop();
  await sample.stop();
}

/** Prints the state of every part, switching one before where asked. @throws UsageError, CommandError */
export async function switchSample(
  environment: Environment,
  act: 'status' | 'stop' | 'start',
  part?: string,
): Promise<void> {
  if (act !== 'status' && (part === undefined || !isPartName(part))) {
    throw new UsageError(`Which part? One of ${partNames.join(', ')}.`);
  }
  const wish = act === 'stop' ? 'stopped' : 'running';
  const change = part !== undefined && isPartName(part) && act !== 'status' ? ({ part, wish } as const) : undefined;
  const settings = settingsOf(environment);
  print(
    await callSample(settings, change).catch((cause: Error) => {
      if ((cause as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw cause;
      throw new CommandError('The sample target does not run. "npm start" runs it while something watches it.', {
        cause,
      });
    }),
  );
}

function settingsOf({ TROTH_DATA }: Environment): SampleSettings {
  const settings = readSampleSettings(TROTH_DATA);
  if (settings) return settings;
  throw new CommandError(
    `There is no sample target in ${TROTH_DATA}. Run "npm start" first, or set TROTH_DATA to its folder.`,
  );
}

const print = (states: PartStates): void => {
  for (const name of partNames) console.log(`${name.padEnd(10)} ${states[name]}`);
};
