import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { Scopes } from '../auth/access.js';
import { Dimension, type Overview, type RatesAnswer, RatesQuery } from '../contract/analytics.js';
import { AnalyticsService } from './analytics.service.js';
import { type Metric, metrics } from './metrics.js';

/** A parameter that is not known is refused: a window that was not applied would be a wrong figure. */
const OverviewQuery = z.strictObject(RatesQuery.shape);
const TableQuery = z.strictObject({ dimension: Dimension, ...RatesQuery.shape });

@Controller('v1/analytics')
@Scopes('read')
export class AnalyticsController {
  constructor(private readonly analytics: AnalyticsService) {}

  @Get('overview')
  overview(@Query({ schema: OverviewQuery }) asked: z.infer<typeof OverviewQuery>): Promise<Overview> {
    return this.analytics.overview(asked, new Date());
  }

  @Get('rates')
  rates(
    @Query({ schema: TableQuery }) { dimension, ...asked }: z.infer<typeof TableQuery>,
  ): Promise<RatesAnswer> {
    return this.analytics.rates(dimension, asked, new Date());
  }

  @Get('metrics')
  metrics(): { metrics: readonly Metric[] } {
    return { metrics };
  }
}
