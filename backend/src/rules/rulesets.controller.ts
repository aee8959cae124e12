import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { z } from 'zod';
import { Asker, type Principal, Scopes } from '../auth/access.js';
import type { ConditionCatalogue } from '../contract/condition-fields.js';
import {
  type CheckReport,
  RuleSettings,
  type Ruleset,
  RulesetDraft,
  RulesetPublication,
  RulesetReason,
} from '../contract/rules.js';
import { SegmentsService } from '../segments/segments.service.js';
import { RulesService } from './rules.service.js';

const Id = z.uuid();

@Controller('v1/rulesets')
export class RulesetsController {
  constructor(
    private readonly rules: RulesService,
    private readonly segments: SegmentsService,
  ) {}

  @Get()
  @Scopes('read', 'edit', 'approve')
  list(): { rulesets: Ruleset[] } {
    return { rulesets: this.rules.list() };
  }

  /** All that conditions of rules may ask here and now: the editor builds itself from it. */
  @Get('fields')
  @Scopes('read', 'edit', 'approve')
  fields(): Promise<ConditionCatalogue> {
    return this.segments.fields('decision');
  }

  @Get('settings')
  @Scopes('read', 'edit', 'approve')
  settings(): RuleSettings {
    return this.rules.ruleSettings();
  }

  @Put('settings')
  @Scopes('admin')
  changeSettings(
    @Body({ schema: RuleSettings }) settings: RuleSettings,
    @Asker() asker: Principal,
  ): Promise<RuleSettings> {
    return this.rules.changeSettings(settings, asker.id);
  }

  @Post()
  @Scopes('edit')
  draft(@Body({ schema: RulesetDraft }) draft: RulesetDraft, @Asker() asker: Principal): Promise<Ruleset> {
    return this.rules.draft(draft, asker.id);
  }

  @Get(':id')
  @Scopes('read', 'edit', 'approve')
  one(@Param('id', { schema: Id }) id: string): Ruleset {
    return this.rules.one(id);
  }

  @Post(':id/check')
  @Scopes('edit', 'approve')
  @HttpCode(200)
  check(@Param('id', { schema: Id }) id: string, @Asker() asker: Principal): Promise<CheckReport> {
    return this.rules.check(id, asker.id);
  }

  @Post(':id/approve')
  @Scopes('approve')
  @HttpCode(200)
  approve(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: RulesetReason }) { why }: RulesetReason,
    @Asker() asker: Principal,
  ): Promise<Ruleset> {
    return this.rules.approve(id, asker.id, why);
  }

  @Post(':id/publish')
  @Scopes('approve')
  @HttpCode(200)
  publish(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: RulesetPublication }) publication: RulesetPublication,
    @Asker() asker: Principal,
  ): Promise<Ruleset> {
    return this.rules.publish(id, publication, asker.id);
  }

  @Post(':id/rollback')
  @Scopes('approve')
  @HttpCode(200)
  rollBack(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: RulesetReason }) { why }: RulesetReason,
    @Asker() asker: Principal,
  ): Promise<Ruleset> {
    return this.rules.rollBack(id, asker.id, why);
  }

  @Post(':id/discard')
  @Scopes('edit')
  @HttpCode(200)
  discard(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: RulesetReason }) { why }: RulesetReason,
    @Asker() asker: Principal,
  ): Promise<Ruleset> {
    return this.rules.discard(id, asker.id, why);
  }
}
