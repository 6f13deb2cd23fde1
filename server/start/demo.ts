import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../cli/api-client.ts';
import { CommandError } from '../cli/command-error.ts';
import type { Demo, DemoLoad } from '../contract/demo.ts';
import { sampleHost, sampleName } from '../sample/part.ts';
import type { SamplePorts } from '../sample/sample-settings.ts';

/** Where the agent stands that is started together with the server, unless it is told. */
export const defaultLocation = 'local';
const askEveryMs = 500;

export interface DemoPlace {
  location: string;
  ports: SamplePorts;
}

/**
 * Has the demo organisation loaded, unless it is there, and tells how far that is; its services are watched at the sample
 * where there is one. Answers whether it was loaded now. @throws CommandError when it fails
 */
export async function loadDemo(
  api: ApiClient,
  place: DemoPlace | null,
  print: (line: string) => void = console.log,
): Promise<boolean> {
  if ((await api.get<Demo>('/api/v1/demo')).state === 'loaded') return false;
  const startedMs = performance.now();
  print('Loading the demo organisation ...');
  let demo = await api.post<Demo>('/api/v1/demo', demoLoad(place));
  for (let told = ''; demo.state === 'loading'; demo = await api.get<Demo>('/api/v1/demo')) {
    if (demo.step !== told) print(`  ${String(demo.done).padStart(3)} of ${demo.steps}  ${demo.step}`);
    told = demo.step;
    await sleep(askEveryMs);
  }
  if (demo.state !== 'loaded') throw new CommandError(`The demo could not be loaded. ${demo.step}`);
  print(
    `The demo is loaded (${Math.round((performance.now() - startedMs) / 1_000)} s). "troth demo remove" takes it away.`,
  );
  return true;
}

function demoLoad(place: DemoPlace | null): DemoLoad {
  if (place === null) return { probes: [] };
  const { location, ports } = place;
  return {
    location,
    probes: [
      { kind: 'http', config: { url: `http://${sampleHost}:${ports.http}/` } },
      { kind: 'tcp', config: { host: sampleHost, port: ports.tcp } },
      { kind: 'dns', config: { name: sampleName, server: `${sampleHost}:${ports.dns}` } },
    ],
  };
}
