import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { Scopes } from '../auth/access.js';
import type { DecisionPage, DecisionView } from '../contract/decisions.js';
import { DecisionsService } from './decisions.service.js';

const Page = z.object({
  after: z
    .string()
    .regex(/^\d{1,16}$/, 'must be the `seq` of a decision')
    .refine((text) => Number.isSafeInteger(Number(text)), 'must be the `seq` of a decision')
    .optional(),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'must be a number from 1 to 999')
    .optional(),
});

@Controller('v1/decisions')
@Scopes('read')
export class DecisionsController {
  constructor(private readonly decisions: DecisionsService) {}

  @Get()
  page(@Query({ schema: Page }) { after, limit }: z.infer<typeof Page>): Promise<DecisionPage> {
    return this.decisions.page(Number(after ?? 0), Number(limit ?? 50));
  }

  @Get(':id')
  byId(@Param('id', { schema: z.uuid() }) id: string): Promise<DecisionView> {
    return this.decisions.byId(id);
  }
}
