import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { z } from 'zod';
import { Asker, type Principal, Scopes } from '../auth/access.js';
import { GuardSettings, type Rollouts } from '../contract/rollouts.js';
import { RolloutsService } from './rollouts.service.js';

@Controller('v1/rollouts')
@Scopes('read')
export class RolloutsController {
  constructor(private readonly rollouts: RolloutsService) {}

  @Get()
  async list(): Promise<Rollouts> {
    return { rollouts: await this.rollouts.history(new Date()) };
  }

  @Get('guard')
  guard(): GuardSettings {
    return this.rollouts.guardSettings();
  }

  @Put('guard')
  @Scopes('admin')
  changeGuard(
    @Body({ schema: GuardSettings }) settings: GuardSettings,
    @Asker() asker: Principal,
  ): Promise<GuardSettings> {
    return this.rollouts.changeGuard(settings, asker.id);
  }

  @Get(':ruleset')
  async ofRuleset(@Param('ruleset', { schema: z.uuid() }) ruleset: string): Promise<Rollouts> {
    return { rollouts: await this.rollouts.of(ruleset, new Date()) };
  }
}
