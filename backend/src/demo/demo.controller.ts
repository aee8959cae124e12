import { Controller, Get } from '@nestjs/common';
import { Scopes } from '../auth/access.js';
import type { DemoProgress } from '../contract/analytics.js';
import { DemoService } from './demo.service.js';

@Controller('v1/demo')
@Scopes('read')
export class DemoController {
  constructor(private readonly demo: DemoService) {}

  @Get()
  progress(): DemoProgress {
    return this.demo.progress();
  }
}
