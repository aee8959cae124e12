import { type DynamicModule, Inject, Module, type ModuleMetadata, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { edgeRoutes } from './edge.js';
import { EdgeHits } from './edge-hits.js';
import { LinksController } from './links.controller.js';
import { LinksService } from './links.service.js';
import { PreferencesController } from './preferences.controller.js';
import { PreferencesService } from './preferences.service.js';

@Module({
  controllers: [LinksController],
  providers: [EdgeHits, LinksService, PreferencesController, PreferencesService],
  exports: [EdgeHits, LinksService, PreferencesService],
})
export class PreferencesModule implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(PreferencesController) private readonly controller: PreferencesController,
  ) {}

  /** @param bindings the modules and providers that give `PreferencePorts` and `PreferenceSettings` */
  static with(bindings: Pick<ModuleMetadata, 'imports' | 'providers'>): DynamicModule {
    return { module: PreferencesModule, ...bindings };
  }

  onModuleInit(): void {
    const fastify: FastifyInstance = this.host.httpAdapter.getInstance();
    fastify.register((scope) => edgeRoutes(scope, this.controller));
  }
}
