import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { Scopes } from '../auth/access.js';
import { LinkRequest } from '../contract/links.js';
import { HeaderList, lintHeaders } from './headers-lint.js';
import { LinksService } from './links.service.js';

@Scopes('send')
@Controller('v1/links')
export class LinksController {
  constructor(@Inject(LinksService) private readonly links: LinksService) {}

  @Post()
  @HttpCode(200)
  make(@Body({ schema: LinkRequest }) body: LinkRequest) {
    return this.links.link(body);
  }

  @Post('lint')
  @HttpCode(200)
  lint(@Body({ schema: HeaderList }) headers: HeaderList) {
    return { faults: lintHeaders(headers) };
  }
}
