import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Asker, holds, type Principal, Scopes } from '../auth/access.js';
import {
  AcknowledgeIncident,
  AlertSettings,
  AlertSettingsAnswer,
  AlertSettingsChange,
  AlertTest,
  AssignIncident,
  Digest,
  Incident,
  Incidents,
  IncidentsQuery,
  LiftPause,
  MuteIncident,
  Notices,
  PauseSends,
  ResolveIncident,
  SendPause,
  SendPauses,
} from '../contract/alerts.js';
import { SendPauses as Pauses } from '../permissions/send-pauses.service.js';
import { AlertSettingsService } from './alert-settings.js';
import { DigestService } from './digest.service.js';
import { IncidentsService } from './incidents.service.js';
import { NoticesService } from './notices.service.js';

const Id = z.uuid();

@ApiTags('alerts')
@Scopes('read')
@Controller('v1/alerts')
export class AlertsController {
  constructor(
    private readonly incidents: IncidentsService,
    private readonly pauses: Pauses,
    private readonly notices: NoticesService,
    private readonly digests: DigestService,
  ) {}

  @Get()
  @ApiOkResponse({ standardSchema: Incidents })
  async list(@Query({ schema: IncidentsQuery }) query: IncidentsQuery): Promise<Incidents> {
    return { incidents: await this.incidents.list(query, new Date()) };
  }

  /** What the weekly mail would say now. */
  @Get('digest')
  @ApiOkResponse({ standardSchema: Digest })
  digest(): Promise<Digest> {
    return this.digests.of(new Date());
  }

  @Get('notices')
  @ApiOkResponse({ standardSchema: Notices })
  async allNotices(): Promise<Notices> {
    return { notices: await this.notices.list('') };
  }

  @Get('pauses')
  @Scopes('read', 'send')
  @ApiOkResponse({ standardSchema: SendPauses })
  listPauses(): SendPauses {
    return { pauses: this.pauses.list(Date.now()) };
  }

  @Post('pauses/:id/lift')
  @HttpCode(200)
  @Scopes('edit', 'approve')
  @ApiOkResponse({ standardSchema: SendPause })
  lift(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: LiftPause }) body: LiftPause,
    @Asker() asker: Principal,
  ): Promise<SendPause> {
    return this.pauses.lift(id, body.why ?? null, asker.id, Date.now());
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: Incident })
  one(@Param('id', { schema: Id }) id: string): Promise<Incident> {
    return this.incidents.byId(id);
  }

  @Get(':id/notices')
  @ApiOkResponse({ standardSchema: Notices })
  async noticesOf(@Param('id', { schema: Id }) id: string): Promise<Notices> {
    await this.incidents.byId(id);
    return { notices: await this.notices.list(id) };
  }

  @Post(':id/acknowledge')
  @HttpCode(200)
  @Scopes('edit', 'approve')
  @ApiOkResponse({ standardSchema: Incident })
  acknowledge(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: AcknowledgeIncident }) body: AcknowledgeIncident,
    @Asker() asker: Principal,
  ): Promise<Incident> {
    return this.incidents.acknowledge(id, body, asker.id, new Date());
  }

  @Post(':id/assign')
  @HttpCode(200)
  @Scopes('edit', 'approve')
  @ApiOkResponse({ standardSchema: Incident })
  assign(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: AssignIncident }) body: AssignIncident,
    @Asker() asker: Principal,
  ): Promise<Incident> {
    return this.incidents.assign(id, body, asker.id, new Date());
  }

  @Post(':id/resolve')
  @HttpCode(200)
  @Scopes('edit', 'approve')
  @ApiOkResponse({ standardSchema: Incident })
  resolve(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: ResolveIncident }) body: ResolveIncident,
    @Asker() asker: Principal,
  ): Promise<Incident> {
    return this.incidents.resolve(id, body, asker.id, new Date());
  }

  @Post(':id/mute')
  @HttpCode(200)
  @Scopes('edit', 'approve')
  @ApiOkResponse({ standardSchema: Incident })
  mute(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: MuteIncident }) body: MuteIncident,
    @Asker() asker: Principal,
  ): Promise<Incident> {
    return this.incidents.mute(id, body, asker.id, new Date());
  }

  @Post(':id/pause-sends')
  @HttpCode(200)
  @Scopes('edit', 'approve')
  @ApiOkResponse({ standardSchema: SendPauses })
  async pauseSends(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: PauseSends }) body: PauseSends,
    @Asker() asker: Principal,
  ): Promise<SendPauses> {
    return { pauses: await this.incidents.pauseSends(id, body, asker.id, new Date()) };
  }
}

/** Stands before `AlertsController`, whose `:id` would take the word. */
@ApiTags('alerts')
@Scopes('admin')
@Controller('v1/alerts/settings')
export class AlertSettingsController {
  constructor(
    private readonly settings: AlertSettingsService,
    private readonly notices: NoticesService,
  ) {}

  @Get()
  @Scopes('read')
  @ApiOkResponse({ standardSchema: AlertSettings })
  read(@Asker() asker: Principal): AlertSettings {
    return this.settings.view(holds(asker, 'admin'));
  }

  @Put()
  @ApiOkResponse({ standardSchema: AlertSettingsAnswer })
  async change(
    @Body({ schema: AlertSettingsChange }) next: AlertSettingsChange,
    @Asker() asker: Principal,
  ): Promise<AlertSettingsAnswer> {
    const signing_secret = await this.settings.change(next, asker.id);
    return { ...this.settings.view(true), signing_secret };
  }

  /** Sends something harmless to every recipient, now. */
  @Post('test')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: AlertTest })
  test(): Promise<AlertTest> {
    return this.notices.test(new Date());
  }
}
