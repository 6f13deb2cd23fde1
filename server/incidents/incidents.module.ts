import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { IncidentsController } from './incidents.controller.ts';
import { IncidentsRepository } from './incidents.repository.ts';
import { IncidentsService } from './incidents.service.ts';

/** What hurts a service and what users ask for, with the instants that their clocks run on. */
@Module({
  imports: [AccessModule],
  controllers: [IncidentsController],
  providers: [IncidentsRepository, IncidentsService],
  exports: [IncidentsService],
})
export class IncidentsModule {}
