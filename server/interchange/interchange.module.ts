import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { AgreementsModule } from '../agreements/agreements.module.ts';
import { CatalogModule } from '../catalog/catalog.module.ts';
import { ConfigFileController } from './config-file.controller.ts';
import { ConfigFileService } from './config-file.service.ts';

/** The configuration as a file. */
@Module({
  imports: [AccessModule, CatalogModule, AgreementsModule],
  controllers: [ConfigFileController],
  providers: [ConfigFileService],
  exports: [ConfigFileService],
})
export class InterchangeModule {}
