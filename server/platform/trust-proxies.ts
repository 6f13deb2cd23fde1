import type { NestExpressApplication } from '@nestjs/platform-express';
import { ConfigError } from './config.ts';

/** Believes `X-Forwarded-For` of the named proxies, of none by default. @throws ConfigError */
export function trustProxies(app: NestExpressApplication, proxies: string | undefined): void {
  try {
    app.set('trust proxy', proxies ? proxies.split(',').map((proxy) => proxy.trim()) : false);
  } catch (error) {
    throw new ConfigError(`Bad configuration.\n  TROTH_TRUST_PROXY: ${(error as Error).message}`, { cause: error });
  }
}
