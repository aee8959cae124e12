import { Body, Controller, Get, HttpCode, Param, Put } from '@nestjs/common';
import { Asker, type Principal, Scopes } from '../auth/access.js';
import { type Stream, StreamDefinition, StreamKey } from '../contract/streams.js';
import { InvalidInputError, NotFoundError } from '../errors.js';
import type { StreamVersion } from './catalogue.js';
import { StreamsService } from './streams.service.js';

@Controller('v1/streams')
export class StreamsController {
  constructor(private readonly streams: StreamsService) {}

  @Get()
  @Scopes('read', 'edit', 'send')
  list(): { streams: Stream[] } {
    const { catalogue } = this.streams;
    return {
      streams: catalogue.streams.flatMap(({ key }) => {
        const version = catalogue.latest(key);
        return version === undefined ? [] : [streamView(version)];
      }),
    };
  }

  @Get(':key')
  @Scopes('read', 'edit', 'send')
  one(@Param('key', { schema: StreamKey }) key: string): Stream {
    const version = this.streams.catalogue.latest(key);
    if (version === undefined) throw new NotFoundError(`There is no stream ${key}`);
    return streamView(version);
  }

  @Put(':key')
  @Scopes('edit')
  @HttpCode(200)
  async define(
    @Param('key', { schema: StreamKey }) key: string,
    @Body({ schema: StreamDefinition }) definition: StreamDefinition,
    @Asker() asker: Principal,
  ): Promise<Stream> {
    for (const [field, value] of Object.entries(definition)) {
      if (typeof value === 'string' && !value.isWellFormed()) {
        throw InvalidInputError.field(field, 'holds half a surrogate pair, which is no text');
      }
    }
    return streamView(await this.streams.define(key, definition, asker.id, Date.now()));
  }
}

export function streamView(version: StreamVersion): Stream {
  return {
    key: version.key,
    version: version.version,
    channel: version.channel,
    category: version.category,
    origin: version.origin,
    class: version.class,
    brand: version.brand,
    title: version.title,
    all_option_shown: version.allOptionShown,
    markets: [...version.markets],
    reviewed: version.reviewed,
    changed_at: new Date(version.changedAt).toISOString(),
    ...(version.listId === null ? {} : { list_id: version.listId }),
    ...(version.legalBasis === null ? {} : { legal_basis: version.legalBasis }),
    ...(version.regime === null ? {} : { regime: version.regime }),
    ...(version.parent === null ? {} : { parent: version.parent }),
  };
}
