import { secretPaths } from '../../probes/registry.ts';
import { hiddenSecret } from '../contract/catalog.ts';
import { keepSecrets as keepSecretsAt, type Config, type KeptSecrets } from '../platform/config-secrets.ts';
import { mapPaths, seal, unseal } from '../platform/secrets.ts';

export { replacedAt, secretPlaces, strayedSecrets, valueAt } from '../platform/config-secrets.ts';

/** Seals the secrets of a config for storage. */
export const sealConfig = (key: Buffer, kind: string, config: Config): Config =>
  mapPaths(config, secretPaths(kind), (plain) => seal(key, plain)) as Config;

/** Opens what `sealConfig` sealed. */
export const openConfig = (key: Buffer, kind: string, config: Config): Config =>
  mapPaths(config, secretPaths(kind), (sealed) => unseal(key, sealed)) as Config;

/** A config as it may be shown, sealed or not. */
export const hideSecrets = (kind: string, config: Config): Config =>
  mapPaths(config, secretPaths(kind), () => hiddenSecret) as Config;

/** Puts stored secrets of a kind's config back where the input shows them hidden. */
export const keepSecrets = (input: Config, stored: Config | undefined, kind: string): KeptSecrets =>
  keepSecretsAt(input, stored, secretPaths(kind));
