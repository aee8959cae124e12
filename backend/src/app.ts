import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { appModule } from './app.module.js';
import { AuthGuard } from './auth/auth.guard.js';
import { authenticateBeforeBody } from './auth/before-body.js';
import { bodyLimit, readBodies } from './bodies.js';
import type { Config } from './config.js';
import { ContractPipe } from './contract.pipe.js';
import type { Database } from './database.module.js';
import { serveDocumentation } from './documentation.js';
import { Log } from './log.js';
import type { Resolve } from './mail/authenticity.js';
import { ProblemFilter } from './problem.filter.js';
import { answerTo } from './problem.js';
import { rememberRoutes } from './routes.js';
import { logRequests, securityHeaders } from './security.js';
import { serveFrontend } from './static.js';

export { DetectionService } from './alerts/detection.service.js';
export { DigestService } from './alerts/digest.service.js';
export { DriftedModelsService } from './alerts/drifted-models.service.js';
export { FailedRulesService } from './alerts/failed-rules.service.js';
export { NoticesService } from './alerts/notices.service.js';
export { PublicationsService } from './analytics/publications.service.js';
export { type FirstStart, Setup } from './auth/setup.service.js';
export { RegistryService } from './churn/registry.service.js';
export { ScoringService } from './churn/scoring.service.js';
export { SnapshotsService } from './churn/snapshots.service.js';
export { TrainingService } from './churn/training.service.js';
export { type Config, readConfig } from './config.js';
export { type Database, ENGINE, openDatabase } from './database.module.js';
export { demoRules } from './demo/demo-rules.js';
export { publishDemoRules } from './demo/publish-demo-rules.js';
export { EventsService } from './events/events.service.js';
export type { Resolve } from './mail/authenticity.js';
export { MailListener } from './mail/listener.js';
export { RolloutsService } from './rollouts/rollouts.service.js';
export { RulesService } from './rules/rules.service.js';
export { SegmentsService } from './segments/segments.service.js';
export { SweepsService } from './segments/sweeps.service.js';
export { StreamsService } from './streams/streams.service.js';
export { SuggestionsService } from './suggestions/suggestions.service.js';
export type { NestFastifyApplication as Application };

/** What a test passes in place of what the configuration says. */
export interface Overrides {
  /** Open and migrated; whoever passes it closes it. */
  readonly engine?: Database;
  readonly frontendDirectory?: string;
  /** Answers for the DNS. */
  readonly resolve?: Resolve;
}

/** The application, ready to listen: used by `main.ts` and, in the same process, by the API tests. */
export async function createApp(config: Config, overrides: Overrides = {}): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit,
    // Believes that many hops of X-Forwarded-For, counted from the socket.
    trustProxy: (_address: string, hop: number) => hop < config.trustedProxies,
    // The whole request must arrive in this time: 8 MiB over a slow line, but not a byte a minute.
    requestTimeout: 60_000,
    // Tokens under /u are up to 300 characters.
    routerOptions: { maxParamLength: 400 },
    // An address that cannot be decoded is answered before any hook runs.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
      const { problem } = answerTo(error, request.id);
      reply.headers({ 'X-Content-Type-Options': 'nosniff', 'Content-Security-Policy': "default-src 'none'" });
      reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
    },
  });
  const fastify: FastifyInstance = adapter.getInstance();
  rememberRoutes(fastify);
  readBodies(fastify);
  logRequests(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(
    appModule(config, overrides.engine, overrides.resolve),
    adapter,
    {
      bodyParser: false,
      logger: new Log(config.logLevel),
      abortOnError: false,
    },
  );
  app.useSecurityHeaders(securityHeaders(config));
  authenticateBeforeBody(fastify, app.get(AuthGuard));
  app.useGlobalPipes(new ContractPipe());
  app.useGlobalFilters(new ProblemFilter());
  serveDocumentation(app);
  await serveFrontend(fastify, overrides.frontendDirectory);
  await app.init();
  await fastify.ready();
  return app;
}
