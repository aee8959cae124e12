import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Asker, holds, type Principal, Scopes } from '../auth/access.js';
import {
  DeadLetters,
  Receipt,
  TargetChange,
  TargetDefinition,
  TargetList,
  TargetTest,
  TargetView,
  TargetWithSecret,
} from '../contract/targets.js';
import { DeadLettersService } from './dead-letters.service.js';
import { ReceiptsService } from './receipts.service.js';
import { Senders } from './senders.js';
import { type Target, targetView } from './target.js';
import { TargetsService } from './targets.service.js';

const placeMust = 'must be the `seq` of a decision';
const Place = z
  .string()
  .refine((text) => /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text)), placeMust);
const Page = z.object({
  after: z.union([z.literal('0'), Place], placeMust).optional(),
  limit: z
    .string()
    .regex(/^(?:[1-9]\d{0,2}|1000)$/, 'must be a number from 1 to 1000')
    .optional(),
});

@ApiTags('targets')
@Scopes('admin')
@Controller('v1/targets')
export class TargetsController {
  constructor(
    private readonly targets: TargetsService,
    private readonly receipts: ReceiptsService,
    private readonly deadLetters: DeadLettersService,
    private readonly senders: Senders,
  ) {}

  @Get()
  @Scopes('read')
  @ApiOkResponse({ standardSchema: TargetList })
  async list(@Asker() asker: Principal): Promise<TargetList> {
    const targets = (await this.targets.all()).filter(({ deleted }) => !deleted);
    if (targets.length === 0) return { targets: [] };
    const summaryOf = await this.receipts.summaries(Date.now());
    return {
      targets: targets.map((target) => ({
        ...this.#view(target, holds(asker, 'admin')),
        summary: summaryOf(target),
      })),
    };
  }

  @Post()
  @ApiCreatedResponse({ standardSchema: TargetWithSecret })
  async create(
    @Body({ schema: TargetDefinition }) definition: TargetDefinition,
    @Asker() asker: Principal,
  ): Promise<TargetWithSecret> {
    const { target, secret } = await this.targets.create(definition, asker.id, Date.now());
    return { ...this.#view(target), secret };
  }

  @Put(':id')
  @ApiOkResponse({ standardSchema: TargetView })
  async change(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: TargetChange }) change: TargetChange,
    @Asker() asker: Principal,
  ): Promise<TargetView> {
    return this.#view(await this.targets.change(id, change, asker.id, Date.now()));
  }

  @Delete(':id')
  @ApiOkResponse({ standardSchema: TargetView })
  async remove(
    @Param('id', { schema: z.uuid() }) id: string,
    @Asker() asker: Principal,
  ): Promise<TargetView> {
    return this.#view(await this.targets.remove(id, asker.id, Date.now()));
  }

  /** Calls the target with something that changes nothing there, whether or not it is enabled. */
  @Post(':id/test')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: TargetTest })
  async test(@Param('id', { schema: z.uuid() }) id: string): Promise<TargetTest> {
    const target = await this.targets.byId(id);
    const sender = this.senders.of(target, this.targets.secretsOf(target));
    const began = performance.now();
    const { kind, status, detail } = await sender.test(new AbortController().signal);
    const milliseconds = Math.round(performance.now() - began);
    return { ok: kind === 'acknowledged', status, detail, milliseconds };
  }

  @Post(':id/rotate')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: TargetWithSecret })
  async rotate(
    @Param('id', { schema: z.uuid() }) id: string,
    @Asker() asker: Principal,
  ): Promise<TargetWithSecret> {
    const { target, secret } = await this.targets.rotate(id, asker.id, Date.now());
    return { ...this.#view(target), secret };
  }

  @Get(':id/dead-letters')
  @Scopes('read')
  @ApiOkResponse({ standardSchema: DeadLetters })
  dead(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: Page }) { after, limit }: z.infer<typeof Page>,
  ): Promise<DeadLetters> {
    return this.deadLetters.list(id, Number(after ?? 0), Number(limit ?? 100));
  }

  @Post(':id/dead-letters/:seq/retry')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: Receipt })
  retry(
    @Param('id', { schema: z.uuid() }) id: string,
    @Param('seq', { schema: Place }) seq: string,
  ): Promise<Receipt> {
    return this.deadLetters.retry(id, Number(seq));
  }

  #view(target: Target, isWhole = true): TargetView {
    const secrets = target.sealed === '' ? null : this.targets.secretsOf(target);
    return targetView(target, secrets, Date.now(), isWhole);
  }
}
