import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from './auth/access.js';
import { Readiness, type Report } from './readiness.js';

@ApiTags('health')
@Public()
@Controller()
export class HealthController {
  constructor(@Inject(Readiness) private readonly readiness: Readiness) {}

  /** The process lives. */
  @Get('healthz')
  health(): { alive: true } {
    return { alive: true };
  }

  /** Can opt-outs be accepted, and is the journal waiting for the engine? */
  @Get('readyz')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Report> {
    const report = await this.readiness.report();
    if (!report.ready) reply.status(503);
    return report;
  }
}
