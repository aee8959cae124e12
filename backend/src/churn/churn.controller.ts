import {
  Body,
  Controller,
  Get,
  HttpCode,
  type MessageEvent,
  Param,
  Post,
  Query,
  Sse,
  UseInterceptors,
} from '@nestjs/common';
import { from, map, type Observable } from 'rxjs';
import { z } from 'zod';
import { CsvInterceptor, format } from '../analytics/csv.interceptor.js';
import { Asker, type Principal, Scopes } from '../auth/access.js';
import {
  type ChurnModel,
  type ChurnTraining,
  type DriftAnswer,
  type RisksAnswer,
  RisksQuery,
} from '../contract/churn.js';
import { ConflictError } from '../errors.js';
import { DriftService } from './drift.service.js';
import { RegistryService } from './registry.service.js';
import { RisksService } from './risks.service.js';
import { ScoringService } from './scoring.service.js';
import { TrainingService } from './training.service.js';

const Id = z.uuid();
const AskedRisks = z.strictObject({ ...RisksQuery.shape, ...format });
const Why = z.strictObject({ why: z.string().trim().min(1).max(500) });

@Controller('v1/churn')
export class ChurnController {
  constructor(
    private readonly registry: RegistryService,
    private readonly training: TrainingService,
    private readonly scoring: ScoringService,
    private readonly risksService: RisksService,
    private readonly driftService: DriftService,
  ) {}

  @Get('risks')
  @Scopes('read')
  @UseInterceptors(CsvInterceptor)
  risks(@Query({ schema: AskedRisks }) asked: RisksQuery): Promise<RisksAnswer> {
    return this.risksService.risks(asked);
  }

  @Get('drift')
  @Scopes('read')
  drift(): Promise<DriftAnswer> {
    return this.driftService.drift(new Date());
  }

  @Get('models')
  @Scopes('read')
  async models(): Promise<{ models: ChurnModel[] }> {
    return { models: await this.registry.list() };
  }

  @Get('models/:id')
  @Scopes('read')
  model(@Param('id', { schema: Id }) id: string): Promise<ChurnModel> {
    return this.registry.one(id);
  }

  @Post('models/:id/promote')
  @Scopes('approve')
  @HttpCode(200)
  async promote(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Why }) { why }: z.infer<typeof Why>,
    @Asker() asker: Principal,
  ): Promise<ChurnModel> {
    const model = await this.registry.promote(id, asker.id, why, new Date());
    await this.scoring.score(new Date());
    return model;
  }

  /** The model that was in force before holds again, and what is told is scored with it. */
  @Post('rollback')
  @Scopes('approve')
  @HttpCode(200)
  async rollBack(
    @Body({ schema: Why }) { why }: z.infer<typeof Why>,
    @Asker() asker: Principal,
  ): Promise<ChurnModel> {
    const model = await this.registry.rollBack(asker.id, why, new Date());
    await this.scoring.score(new Date());
    return model;
  }

  @Get('training')
  @Scopes('read')
  trainingNow(): ChurnTraining {
    return this.training.view();
  }

  @Sse('training/progress')
  @Scopes('read')
  progress(): Observable<MessageEvent> {
    return from(this.training.follow()).pipe(map((data) => ({ type: data.state, data })));
  }

  @Post('training')
  @Scopes('edit')
  @HttpCode(202)
  start(@Asker() asker: Principal): ChurnTraining {
    return this.training.start(asker.id, new Date());
  }

  @Post('training/cancel')
  @Scopes('edit')
  @HttpCode(200)
  cancel(): ChurnTraining {
    if (!this.training.cancel()) throw new ConflictError('No model is being trained.');
    return this.training.view();
  }

  @Post('scores')
  @Scopes('edit')
  @HttpCode(200)
  score(): Promise<{ subscriptions: number }> {
    return this.scoring.score(new Date());
  }
}
