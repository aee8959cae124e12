import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { Scopes } from '../auth/access.js';
import type { SuggestionsAnswer } from '../contract/suggestions.js';
import { SuggestionsService } from './suggestions.service.js';

@Controller('v1/churn/suggestions')
export class SuggestionsController {
  constructor(private readonly suggestions: SuggestionsService) {}

  @Get()
  @Scopes('read')
  latest(): Promise<SuggestionsAnswer> {
    return this.suggestions.latest();
  }

  /** Works them out anew, which takes seconds. */
  @Post()
  @Scopes('edit')
  @HttpCode(200)
  async suggest(): Promise<SuggestionsAnswer> {
    await this.suggestions.suggest(new Date());
    return this.suggestions.latest();
  }
}
