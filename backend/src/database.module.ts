import { join } from 'node:path';
import {
  type DynamicModule,
  Global,
  Inject,
  Logger,
  Module,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { checkQueries, type Engine, migrate, open, type Queries, type QueryEvent } from '@secateur/sql';
import { CONFIG, type Config } from './config.js';

/** Injection token of the `Database`. */
export const ENGINE = Symbol('ENGINE');
/** Whether this application opened the engine, and so closes it. */
const OWNED = Symbol('OWNED');

export type Database = Engine<Queries>;

/** Above this a query is worth a line of the log at every level. */
const slowMilliseconds = 1000;

/**
 * The configured engine, migrated, its queries checked: a mismatch stops the start and not a customer.
 * @throws EngineAwayError if it does not answer or another process holds the data directory
 */
export async function openDatabase(config: Config): Promise<Database> {
  const log = new Logger('Database');
  const where =
    config.clickhouseUrl === null
      ? { path: join(config.dataDirectory, 'clickhouse') }
      : { url: config.clickhouseUrl };
  const engine = await open(where, {
    maxMemoryBytes: config.engineMemoryBytes,
    replicated: config.clickhouseReplicated,
    onQuery: (event) => report(log, event),
  });
  try {
    const applied = await migrate(engine);
    await checkQueries(engine);
    log.log('database open', { embedded: config.clickhouseUrl === null, migrations_applied: applied.length });
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}

function report(log: Logger, { name, milliseconds, rows, failed }: QueryEvent): void {
  const fields = { name, milliseconds: Math.round(milliseconds), rows };
  if (failed) log.warn('query failed', fields);
  else if (milliseconds >= slowMilliseconds) log.log('slow query', fields);
  else log.debug('query', fields);
}

/**
 * `@Inject(ENGINE) private readonly engine: Database` in every module. Being global it starts first and ends last:
 * `onApplicationShutdown` of every other module still finds the engine open.
 */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    @Inject(OWNED) private readonly owned: boolean,
  ) {}

  /** @param engine already open, migrated and closed by whoever passes it */
  static with(engine?: Database): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: ENGINE,
          inject: [CONFIG],
          useFactory: (config: Config): Promise<Database> | Database => engine ?? openDatabase(config),
        },
        { provide: OWNED, useValue: engine === undefined },
      ],
      exports: [ENGINE],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.owned) await this.engine.close();
  }
}
