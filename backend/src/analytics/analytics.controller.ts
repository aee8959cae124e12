import { Controller, Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { z } from 'zod';
import { Scopes } from '../auth/access.js';
import {
  Dimension,
  type DriversAnswer,
  DriversQuery,
  type MetricAnswer,
  MetricQuery,
  type Overview,
  type RatesAnswer,
  RatesQuery,
  type UnsolicitedAnswer,
  UnsolicitedQuery,
} from '../contract/analytics.js';
import { AnalyticsService } from './analytics.service.js';
import { CausesService } from './causes.service.js';
import { CsvInterceptor, format } from './csv.interceptor.js';
import { FiguresService } from './figures.service.js';
import { type Metric, metricIds, metrics } from './metrics.js';

/** A parameter that is not known is refused: a window that was not applied would be a wrong figure. */
const OverviewQuery = z.strictObject({ ...RatesQuery.shape, ...format });
const TableQuery = z.strictObject({ dimension: Dimension, ...RatesQuery.shape, ...format });

const AskedFigures = z.strictObject({ ...MetricQuery.shape, ...format });
const AskedDrivers = z.strictObject({ ...DriversQuery.shape, ...format });
const AskedUnsolicited = z.strictObject({ ...UnsolicitedQuery.shape, ...format });
const Nothing = z.strictObject(format);
const MetricName = z.enum(metricIds);

@Controller('v1/analytics')
@Scopes('read')
@UseInterceptors(CsvInterceptor)
export class AnalyticsController {
  constructor(
    private readonly analytics: AnalyticsService,
    private readonly measures: FiguresService,
    private readonly causes: CausesService,
  ) {}

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
  metrics(@Query({ schema: Nothing }) _asked: z.infer<typeof Nothing>): { metrics: readonly Metric[] } {
    return { metrics };
  }

  @Get('drivers')
  drivers(@Query({ schema: AskedDrivers }) asked: z.infer<typeof AskedDrivers>): Promise<DriversAnswer> {
    return this.causes.drivers(asked, new Date());
  }

  @Get('unsolicited')
  unsolicited(
    @Query({ schema: AskedUnsolicited }) asked: z.infer<typeof AskedUnsolicited>,
  ): Promise<UnsolicitedAnswer> {
    return this.causes.unsolicited(asked, new Date());
  }

  /** After the routes with names of their own. */
  @Get(':metric')
  figures(
    @Param('metric', { schema: MetricName }) metric: z.infer<typeof MetricName>,
    @Query({ schema: AskedFigures }) asked: z.infer<typeof AskedFigures>,
  ): Promise<MetricAnswer> {
    return this.measures.figures(metric, asked, new Date());
  }
}
