import { Controller, Get } from '@nestjs/common';
import { Scopes } from '../auth/access.js';
import type { JobView } from '../contract/jobs.js';
import { JobsService } from './jobs.service.js';

@Controller('v1/jobs')
@Scopes('read')
export class JobsController {
  constructor(private readonly jobs: JobsService) {}

  @Get()
  async list(): Promise<{ jobs: JobView[] }> {
    return { jobs: await this.jobs.list() };
  }
}
