import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { requirementKey, type Requirement } from '../platform/allow.decorator.ts';

export interface RouteRequirement {
  /** `UsersController.list`. */
  handler: string;
  requirement: Requirement | undefined;
}

/** Nest keeps the path of a route handler under this name. */
const pathKey = 'path';

/** Looks at every route once at start: one that does not say who may call it stops the start. */
@Injectable()
export class RouteRequirements implements OnModuleInit {
  readonly #discovery: DiscoveryService;
  readonly #scanner: MetadataScanner;
  readonly #reflector: Reflector;

  constructor(discovery: DiscoveryService, scanner: MetadataScanner, reflector: Reflector) {
    this.#discovery = discovery;
    this.#scanner = scanner;
    this.#reflector = reflector;
  }

  onModuleInit(): void {
    const open = this.list().filter(({ requirement }) => requirement === undefined);
    if (open.length === 0) return;
    const names = open.map(({ handler }) => handler).join(', ');
    throw new Error(`Routes without @Allow, @SignedIn or @Public: ${names}`);
  }

  list(): RouteRequirement[] {
    return this.#discovery.getControllers().flatMap(({ metatype }) => {
      if (!metatype) return [];
      const prototype = metatype.prototype as Record<string, unknown>;
      return this.#scanner
        .getAllMethodNames(prototype)
        .map((name) => ({ name, method: prototype[name] as Function }))
        .filter(({ method }) => Reflect.hasMetadata(pathKey, method))
        .map(({ name, method }) => ({
          handler: `${metatype.name}.${name}`,
          requirement: this.#reflector.getAllAndOverride<Requirement | undefined>(requirementKey, [method, metatype]),
        }));
    });
  }
}
