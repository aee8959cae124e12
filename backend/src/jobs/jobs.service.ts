import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import type { Queries } from '@secateur/sql';
import { CronJob, CronTime } from 'cron';
import { CONFIG, type Config } from '../config.js';
import type { JobRun, JobView } from '../contract/jobs.js';
import { type Database, ENGINE } from '../database.module.js';
import type { Job } from '../jobs.js';
import { safeReason } from '../journal/errors.js';

/** Injection token of the table of jobs. */
export const JOBS = Symbol('JOBS');

const columns = ['job', 'due', 'started_at', 'ms', 'state', 'error', 'counts'] as const;
/** A run that did nothing is written down no more often than that: a row each ten seconds would say nothing. */
const quiet = 3_600_000;

/** Runs the jobs when they are due and writes down what became of them. */
@Injectable()
export class JobsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('Jobs');
  readonly #running = new Map<string, Promise<JobRun>>();
  readonly #last = new Map<string, JobRun>();
  readonly #writtenAt = new Map<string, number>();
  #ended = false;

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(JOBS) private readonly jobs: readonly Job[],
    private readonly clock: SchedulerRegistry,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.jobs) return;
    const now = new Date();
    // An engine that is away by now keeps nobody from starting: what was missed is then run once too often.
    const stored = await this.#stored().catch(() => new Map<string, StoredRuns>());
    for (const job of this.jobs) {
      const done = stored.get(job.name)?.done_due;
      const next = done === undefined ? now : nextDue(job, new Date(done));
      // Not awaited: the service is ready before its jobs are.
      if (next <= now) void this.run(job, now);
      const tick = CronJob.from({
        cronTime: job.schedule,
        onTick: () => this.run(job, new Date()).then(() => undefined),
        timeZone: 'UTC',
        waitForCompletion: true,
        unrefTimeout: true,
        start: true,
      });
      this.clock.addCronJob(job.name, tick);
    }
  }

  /** Before lanes and engine end. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#ended = true;
    for (const name of this.clock.getCronJobs().keys()) this.clock.deleteCronJob(name);
    await Promise.allSettled(this.#running.values());
  }

  /** One run at a time: who comes meanwhile gets the one under way. What fails is in the answer, not thrown. */
  run(job: Job, now: Date): Promise<JobRun> {
    const running = this.#running.get(job.name);
    if (running !== undefined) return running;
    const run = this.#run(job, now).finally(() => this.#running.delete(job.name));
    this.#running.set(job.name, run);
    return run;
  }

  /** @throws EngineAwayError where nothing is known of earlier runs */
  async list(): Promise<JobView[]> {
    const now = new Date();
    const stored = this.#last.size === this.jobs.length ? null : await this.#stored();
    return this.jobs.map((job) => ({
      name: job.name,
      title: job.title,
      schedule: job.schedule,
      enabled: this.config.jobs,
      running: this.#running.has(job.name),
      next_due: this.config.jobs ? nextDue(job, now).toISOString() : null,
      last: this.#last.get(job.name) ?? storedRun(stored?.get(job.name)),
    }));
  }

  async #run(job: Job, now: Date): Promise<JobRun> {
    const began = performance.now();
    const startedAt = new Date().toISOString();
    let counts: object = {};
    let error = '';
    try {
      counts = await job.run(now);
    } catch (thrown) {
      error = safeReason(thrown);
    }
    const run: JobRun = {
      due: now.toISOString(),
      started_at: startedAt,
      ms: Math.round(performance.now() - began),
      state: error === '' ? 'done' : 'failed',
      error,
      counts: Object.fromEntries(Object.entries(counts)),
    };
    const before = this.#last.get(job.name);
    this.#last.set(job.name, run);
    const isBusy = Object.values(run.counts).some((count) => count > 0);
    const { state, ms } = run;
    if (state === 'failed') this.#log.warn('job failed', { job: job.name, error, ms });
    else if (isBusy || before?.state !== 'done') this.#log.log('job done', { job: job.name, ...counts, ms });
    else this.#log.debug('job done', { job: job.name, ms });
    const isNews = isBusy || state !== before?.state;
    if (isNews || now.getTime() - (this.#writtenAt.get(job.name) ?? 0) >= quiet) await this.#write(job, run);
    return run;
  }

  async #write(job: Job, run: JobRun): Promise<void> {
    const { due, started_at, ms, state, error, counts } = run;
    const line = JSON.stringify([job.name, due, started_at, ms, state, error, JSON.stringify(counts)]);
    try {
      await this.engine.insert('job_runs', columns, line, null);
      this.#writtenAt.set(job.name, Date.parse(due));
    } catch (thrown) {
      if (!this.#ended)
        this.#log.warn('job run not written down', { job: job.name, reason: safeReason(thrown) });
    }
  }

  async #stored(): Promise<Map<string, StoredRuns>> {
    const rows = await this.engine.query('jobs/latest_runs', {});
    return new Map(rows.map((row) => [row.job, row]));
  }
}

type StoredRuns = Queries['jobs/latest_runs']['row'];

function nextDue({ schedule }: Job, after: Date): Date {
  return new CronTime(schedule, 'UTC').getNextDateFrom(after, 'UTC').toJSDate();
}

function storedRun(row: StoredRuns | undefined): JobRun | null {
  if (row === undefined) return null;
  return {
    due: row.latest_due,
    started_at: row.latest_started_at,
    ms: row.latest_ms,
    state: row.latest_state === 'done' ? 'done' : 'failed',
    error: row.latest_error,
    counts: JSON.parse(row.latest_counts) as JobRun['counts'],
  };
}
