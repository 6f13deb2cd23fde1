import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { ProbingModule } from '../probing/probing.module.ts';
import { BoardController } from './board.controller.ts';
import { BoardProjection } from './board-projection.service.ts';
import { BoardRepository } from './board.repository.ts';
import { LiveGateway } from './live.gateway.ts';

@Module({
  imports: [AccessModule, ProbingModule],
  controllers: [BoardController],
  providers: [BoardRepository, BoardProjection, LiveGateway],
})
export class LiveModule {}
