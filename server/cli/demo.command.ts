import type { Demo } from '../contract/demo.ts';
import type { Environment } from '../platform/config.ts';
import { readSampleSettings } from '../sample/sample-settings.ts';
import { defaultLocation, loadDemo } from '../start/demo.ts';
import { apiClient, type ServerOptions } from './api-client.ts';

const stateTexts: Readonly<Record<Demo['state'], string>> = {
  absent: 'There is no demo here.',
  loading: 'The demo is being loaded.',
  loaded: 'The demo is there.',
  failed: 'The demo could not be loaded; "troth demo remove" takes away what there is of it.',
};

/** Loads the demo organisation into a running server, removes it, or tells whether it is there. */
export async function runDemoCommand(
  { TROTH_DATA, TROTH_LOCATION }: Environment,
  act: 'status' | 'load' | 'remove',
  options: ServerOptions,
): Promise<void> {
  const api = apiClient(options);
  if (act === 'remove') {
    await api.send('DELETE', '/api/v1/demo');
    console.log('The demo is gone.');
  } else if (act === 'load') {
    const sample = readSampleSettings(TROTH_DATA);
    const place = sample && { location: TROTH_LOCATION ?? defaultLocation, ports: sample.ports };
    if (!(await loadDemo(api, place))) console.log(stateTexts.loaded);
  } else {
    const { state, step } = await api.get<Demo>('/api/v1/demo');
    console.log(state === 'loading' || state === 'failed' ? `${stateTexts[state]} ${step}` : stateTexts[state]);
  }
}
