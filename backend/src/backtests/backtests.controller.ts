import { Body, Controller, Get, HttpCode, type MessageEvent, Param, Post, Query, Sse } from '@nestjs/common';
import { from, map, type Observable } from 'rxjs';
import { z } from 'zod';
import { Asker, type Principal, Scopes } from '../auth/access.js';
import { type Backtest, type BacktestedDecision, BacktestRequest } from '../contract/backtests.js';
import { BacktestsService } from './backtests.service.js';

const Id = z.uuid();
const Asked = z.strictObject({ ruleset: z.uuid().optional() });

@Controller('v1/backtests')
export class BacktestsController {
  constructor(private readonly backtests: BacktestsService) {}

  @Post()
  @Scopes('edit', 'approve')
  @HttpCode(202)
  start(@Body({ schema: BacktestRequest }) request: BacktestRequest, @Asker() asker: Principal): Backtest {
    return this.backtests.start(request, asker.id, new Date());
  }

  @Get()
  @Scopes('read', 'edit', 'approve')
  async list(
    @Query({ schema: Asked }) { ruleset }: z.infer<typeof Asked>,
  ): Promise<{ backtests: Backtest[] }> {
    return { backtests: await this.backtests.list(ruleset) };
  }

  @Get(':id')
  @Scopes('read', 'edit', 'approve')
  one(@Param('id', { schema: Id }) id: string): Promise<Backtest> {
    return this.backtests.one(id);
  }

  @Sse(':id/progress')
  @Scopes('read', 'edit', 'approve')
  async progress(@Param('id', { schema: Id }) id: string): Promise<Observable<MessageEvent>> {
    // Before the stream begins: an id that is not known is a 404.
    await this.backtests.one(id);
    return from(this.backtests.follow(id)).pipe(
      map(({ report: _, ...data }) => ({ type: data.state, data })),
    );
  }

  @Post(':id/cancel')
  @Scopes('edit', 'approve')
  @HttpCode(200)
  cancel(@Param('id', { schema: Id }) id: string): Promise<Backtest> {
    return this.backtests.cancel(id);
  }

  /** Its trace quotes what is known of a person. */
  @Get(':id/decisions/:decision')
  @Scopes('read')
  decision(
    @Param('id', { schema: Id }) id: string,
    @Param('decision', { schema: Id }) decision: string,
  ): Promise<BacktestedDecision> {
    return this.backtests.decision(id, decision);
  }
}
