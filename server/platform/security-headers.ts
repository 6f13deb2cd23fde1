import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import helmet, { type HelmetOptions } from 'helmet';
import { isAsset } from './static-client.ts';

/** The pages of the API's documentation write style sheets into themselves; those of the client do not. */
const isApiDocs = (request: IncomingMessage) => /^\/api\/docs(\/|$|\?)/.test(request.url ?? '');

/** Headers by which a browser protects who reads: what a page may do stands at the page, not at its dozens of assets. */
export function securityHeaders({ https }: { https: boolean }): RequestHandler {
  const strictTransportSecurity = https ? { maxAge: 180 * 86_400, includeSubDomains: false } : false;
  const ofPages = pageHeaders(strictTransportSecurity);
  const ofAssets = assetHeaders(strictTransportSecurity);
  return (request, response, next) => (isAsset(request.path) ? ofAssets : ofPages)(request, response, next);
}

type TransportSecurity = NonNullable<HelmetOptions['strictTransportSecurity']>;

/** Same origin for everything; scripts and style sheets from files alone, `style` attributes for charts. */
const pageHeaders = (strictTransportSecurity: TransportSecurity) =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: [(request) => (isApiDocs(request) ? "'self' 'unsafe-inline'" : "'self'")],
        styleSrcAttr: ["'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });

/** Read as what they are, and by the pages of this server alone. */
const assetHeaders = (strictTransportSecurity: TransportSecurity) =>
  helmet({
    strictTransportSecurity,
    contentSecurityPolicy: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    referrerPolicy: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xFrameOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
