import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { ENVIRONMENT, type Environment } from '../../platform/config.ts';
import { DutiesService } from '../../probing/duties.service.ts';
import { ProbingModule } from '../../probing/probing.module.ts';
import { DeadMansSwitchService, pingEveryMs } from './dead-mans-switch.service.ts';

/** Tells the outside that everything works, by the one server at a time that dispatches. */
@Module({ imports: [ProbingModule], providers: [DeadMansSwitchService] })
export class DeadMansSwitchModule implements OnApplicationBootstrap {
  constructor(
    @Inject(ENVIRONMENT) readonly environment: Environment,
    readonly duties: DutiesService,
    readonly deadMansSwitch: DeadMansSwitchService,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.environment.TROTH_DEADMAN_URL || !this.environment.TROTH_ROLES.includes('dispatch')) return;
    this.deadMansSwitch.register();
    const run = async () => void (await this.deadMansSwitch.ping());
    this.duties.start({ name: 'dead-man\u2019s switch', everyMs: pingEveryMs, run });
  }
}
