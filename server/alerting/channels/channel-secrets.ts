import { Inject, Injectable } from '@nestjs/common';
import { hiddenSecret } from '../../contract/catalog.ts';
import type { Config } from '../../platform/config-secrets.ts';
import { KEYRING, mapPaths, seal, unseal, type Keyring } from '../../platform/secrets.ts';
import { channelKind } from './channel-kinds.ts';

interface Configured {
  kind: string;
  config: Config;
}

/** Secrets of channels: sealed where they are stored, hidden where they are shown. */
@Injectable()
export class ChannelSecrets {
  readonly #key: Buffer;

  constructor(@Inject(KEYRING) keyring: Keyring) {
    this.#key = keyring.atRest;
  }

  seal({ kind, config }: Configured): Config {
    return mapPaths(config, channelKind(kind)!.secrets, (plain) => seal(this.#key, plain)) as Config;
  }

  open({ kind, config }: Configured): Config {
    return mapPaths(config, channelKind(kind)?.secrets ?? [], (sealed) => unseal(this.#key, sealed)) as Config;
  }

  /** Of a kind that is not known nothing is shown: nobody knows what of it is secret. */
  hide({ kind, config }: Configured): Config {
    const known = channelKind(kind);
    return known ? (mapPaths(config, known.secrets, () => hiddenSecret) as Config) : {};
  }
}
