import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Scopes } from '../auth/access.js';
import { Id } from '../contract/vocabulary.js';
import { Lanes } from './lanes.js';

@Controller('v1/journal')
export class JournalController {
  constructor(private readonly lanes: Lanes) {}

  /** What waits for the engine, and what the engine refused and waits for a person. */
  @Get()
  @Scopes('read')
  state() {
    return { ...this.lanes.report(), set_aside: this.lanes.setAside() };
  }

  @Post('set-aside/:record/retry')
  @Scopes('edit')
  @HttpCode(202)
  async retry(@Param('record', { schema: Id }) record: string): Promise<{ record: string }> {
    await this.lanes.retry(record);
    return { record };
  }
}
