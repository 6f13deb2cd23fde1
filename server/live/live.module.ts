import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { CatalogModule } from '../catalog/catalog.module.ts';
import { ComplianceModule } from '../compliance/compliance.module.ts';
import { ProbingModule } from '../probing/probing.module.ts';
import { BoardBudgets } from './board-budgets.service.ts';
import { BoardEvents } from './board-events.service.ts';
import { BoardFigures } from './board-figures.service.ts';
import { BoardFiguresRepository } from './board-figures.repository.ts';
import { BoardController } from './board.controller.ts';
import { BoardProjection } from './board-projection.service.ts';
import { BoardMaintenances } from './board-maintenance.service.ts';
import { BoardRepository } from './board.repository.ts';
import { BoardViews } from './board-views.service.ts';
import { BoardsController } from './boards.controller.ts';
import { BoardsRepository } from './boards.repository.ts';
import { BoardsService } from './boards.service.ts';
import { DataNews } from './data-news.service.ts';
import { LedgerNews } from './ledger-news.service.ts';
import { LiveGateway } from './live.gateway.ts';

@Module({
  imports: [AccessModule, CatalogModule, ProbingModule, ComplianceModule],
  controllers: [BoardController, BoardsController],
  providers: [
    BoardRepository,
    BoardFiguresRepository,
    BoardsRepository,
    BoardBudgets,
    BoardEvents,
    BoardFigures,
    BoardMaintenances,
    BoardProjection,
    BoardsService,
    BoardViews,
    DataNews,
    LedgerNews,
    LiveGateway,
  ],
})
export class LiveModule {}
