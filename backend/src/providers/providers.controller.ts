import { Body, Controller, Get, HttpCode, Param, Put } from '@nestjs/common';
import { Asker, type Principal, Scopes } from '../auth/access.js';
import {
  Provider,
  ProviderChange,
  type ProviderStream,
  ProviderStreamChange,
  type ProviderView,
} from '../contract/providers.js';
import { ProvidersService } from './providers.service.js';

@Controller('v1/providers')
export class ProvidersController {
  constructor(private readonly providers: ProvidersService) {}

  @Get()
  @Scopes('read', 'edit')
  list(): { providers: ProviderView[] } {
    return { providers: this.providers.list() };
  }

  @Put(':provider')
  @Scopes('admin')
  @HttpCode(200)
  change(
    @Param('provider', { schema: Provider }) provider: Provider,
    @Body({ schema: ProviderChange }) change: ProviderChange,
    @Asker() asker: Principal,
  ): Promise<ProviderView> {
    return this.providers.change(provider, change, asker.id);
  }

  /** What a group, list or topic of the provider stands for here; none: for itself alone. */
  @Put(':provider/streams')
  @Scopes('edit')
  @HttpCode(200)
  mapStream(
    @Param('provider', { schema: Provider }) provider: Provider,
    @Body({ schema: ProviderStreamChange }) change: ProviderStreamChange,
    @Asker() asker: Principal,
  ): Promise<ProviderStream> {
    return this.providers.mapStream(provider, change, asker.id);
  }
}
