import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import { Asker, holds, type Principal, Scopes } from '../auth/access.js';
import type { ConditionCatalogue } from '../contract/condition-fields.js';
import {
  type MembershipLag,
  type Segment,
  SegmentDefinition,
  SegmentKey,
  type SegmentMembers,
  type SegmentPreview,
  SegmentPreviewRequest,
  type SegmentSizes,
  type SegmentVersion,
  SubscriberAttributes,
} from '../contract/segments.js';
import { Instant } from '../contract/vocabulary.js';
import { LedgerService } from './ledger.service.js';
import { PreviewService } from './preview.service.js';
import { SegmentsService } from './segments.service.js';

const MembersPage = z.strictObject({
  after: z.uuid().optional(),
  limit: z
    .string()
    .regex(/^(?:[1-9]\d{0,2}|1000)$/, 'must be a number from 1 to 1000')
    .optional(),
});
const SizesWindow = z.strictObject({
  from: Instant.optional(),
  to: Instant.optional(),
  interval: z.enum(['hour', 'day']).optional(),
});

@Controller('v1/segments')
@Scopes('read', 'edit')
export class SegmentsController {
  constructor(
    private readonly segments: SegmentsService,
    private readonly ledger: LedgerService,
    private readonly previews: PreviewService,
  ) {}

  @Get()
  async list(): Promise<{ segments: Segment[] }> {
    return { segments: await this.ledger.views(this.segments.list()) };
  }

  /** These names stand before `:key`: no segment is found under them. */
  @Get('fields')
  fields(): Promise<ConditionCatalogue> {
    return this.segments.fields('sweep');
  }

  @Get('attributes')
  attributes(): SubscriberAttributes {
    return { attributes: this.segments.attributes() };
  }

  @Put('attributes')
  @Scopes('edit')
  @HttpCode(200)
  async declare(
    @Body({ schema: SubscriberAttributes }) { attributes }: SubscriberAttributes,
    @Asker() asker: Principal,
  ): Promise<SubscriberAttributes> {
    return { attributes: await this.segments.declare(attributes, asker.id) };
  }

  @Get('lag')
  lag(): Promise<MembershipLag> {
    return this.ledger.lag(new Date());
  }

  @Post('preview')
  @HttpCode(200)
  preview(
    @Body({ schema: SegmentPreviewRequest }) { condition }: z.infer<typeof SegmentPreviewRequest>,
    @Asker() asker: Principal,
  ): Promise<SegmentPreview> {
    return this.previews.preview(condition, holds(asker, 'privacy'), new Date());
  }

  @Get(':key')
  one(@Param('key', { schema: SegmentKey }) key: string): Promise<Segment> {
    return this.ledger.view(key);
  }

  @Get(':key/versions')
  versions(@Param('key', { schema: SegmentKey }) key: string): { versions: SegmentVersion[] } {
    return { versions: this.segments.versions(key).map((version) => this.ledger.versionView(version)) };
  }

  @Get(':key/members')
  members(
    @Param('key', { schema: SegmentKey }) key: string,
    @Query({ schema: MembersPage }) { after, limit }: z.infer<typeof MembersPage>,
  ): Promise<SegmentMembers> {
    return this.ledger.members(key, after, Number(limit ?? 100));
  }

  @Get(':key/sizes')
  sizes(
    @Param('key', { schema: SegmentKey }) key: string,
    @Query({ schema: SizesWindow }) { from, to, interval }: z.infer<typeof SizesWindow>,
  ): Promise<SegmentSizes> {
    return this.ledger.sizes(key, { from, to, interval }, new Date());
  }

  @Put(':key')
  @Scopes('edit')
  @HttpCode(200)
  async define(
    @Param('key', { schema: SegmentKey }) key: string,
    @Body({ schema: SegmentDefinition }) definition: SegmentDefinition,
    @Asker() asker: Principal,
  ): Promise<Segment> {
    await this.segments.define(key, definition, asker.id, Date.now());
    return this.ledger.view(key);
  }

  /** Archives it: its versions stay, everybody leaves. */
  @Delete(':key')
  @Scopes('edit')
  @HttpCode(200)
  async archive(
    @Param('key', { schema: SegmentKey }) key: string,
    @Asker() asker: Principal,
  ): Promise<Segment> {
    await this.segments.archive(key, asker.id, Date.now());
    return this.ledger.view(key);
  }
}
