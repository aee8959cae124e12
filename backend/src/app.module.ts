import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import { AlertsModule } from './alerts/alerts.module.js';
import { AnalyticsModule } from './analytics/analytics.module.js';
import { AuthModule } from './auth/auth.module.js';
import { BacktestsModule } from './backtests/backtests.module.js';
import { ChurnModule } from './churn/churn.module.js';
import { CONFIG, type Config } from './config.js';
import { type Database, DatabaseModule } from './database.module.js';
import { DemoModule } from './demo/demo.module.js';
import { EventsModule } from './events/events.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { HealthModule } from './health.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { JournalModule } from './journal/journal.module.js';
import type { Resolve } from './mail/authenticity.js';
import { mailModule } from './mail/mail.module.js';
import { OptOutsModule } from './opt-outs/opt-outs.module.js';
import { Outbound } from './outbound.js';
import { PermissionsModule } from './permissions/permissions.module.js';
import { preferencesModule } from './preferences/bindings.js';
import { ProvidersModule } from './providers/providers.module.js';
import { RolloutsModule } from './rollouts/rollouts.module.js';
import { loadPepper, loadSecrets, PEPPER, SECRETS } from './secrets.js';
import { MembershipsModule } from './segments/memberships.module.js';
import { StreamsModule } from './streams/streams.module.js';
import { SubscribersModule } from './subscribers/subscribers.module.js';
import { SuggestionsModule } from './suggestions/suggestions.module.js';
import { TargetsModule } from './targets/targets.module.js';

/** What every module may inject: the configuration, the keys derived from its secrets, and the way out. */
@Global()
@Module({})
class ConfigModule {}

function configModule(config: Config): DynamicModule {
  return {
    module: ConfigModule,
    providers: [
      { provide: CONFIG, useValue: config },
      { provide: SECRETS, useFactory: () => loadSecrets(config) },
      { provide: PEPPER, useFactory: () => loadPepper(config.dataDirectory) },
      { provide: Outbound, useFactory: () => new Outbound(config.privateTargets) },
    ],
    exports: [CONFIG, SECRETS, PEPPER, Outbound],
  };
}

/** The features, one module each. A new feature is one more line here and nothing else in this file. */
const features: readonly (Type | DynamicModule)[] = [
  AuthModule,
  HealthModule,
  JournalModule,
  StreamsModule,
  SubscribersModule,
  OptOutsModule,
  EventsModule,
  PermissionsModule,
  ProvidersModule,
  MembershipsModule,
  BacktestsModule,
  RolloutsModule,
  JobsModule,
  AnalyticsModule,
  ExportsModule,
  AlertsModule,
  ChurnModule,
  SuggestionsModule,
  preferencesModule,
  TargetsModule,
  DemoModule,
];

@Module({})
class AppModule {}

/**
 * @param engine already open and migrated; absent, the configured one is opened
 * @param resolve in place of this machine's DNS
 */
export function appModule(config: Config, engine?: Database, resolve?: Resolve): DynamicModule {
  const imports = [configModule(config), DatabaseModule.with(engine), ...features, mailModule(resolve)];
  return { module: AppModule, imports };
}
