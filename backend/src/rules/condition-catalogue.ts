import { Injectable } from '@nestjs/common';
import { buildCatalogue, type Catalogue } from '../conditions/index.js';
import { StreamsService } from '../streams/streams.service.js';

/** What conditions may ask of this installation now. */
@Injectable()
export class ConditionCatalogue {
  constructor(private readonly streams: StreamsService) {}

  now(): Catalogue {
    return buildCatalogue({ attributes: [], segments: [], streams: this.streams.all() });
  }
}
