import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import type { ArtifactFiles, ChurnAnswer, ChurnOrder, ChurnTrained, Progress } from '@secateur/models/churn';
import { CoverService } from '../analytics/cover.service.js';
import type { ChurnModel, ChurnTraining } from '../contract/churn.js';
import { type Database, ENGINE } from '../database.module.js';
import { ConflictError } from '../errors.js';
import { safeReason } from '../journal/errors.js';
import { verdictOf } from './promotion.js';
import { RegistryService } from './registry.service.js';
import { ScoringService } from './scoring.service.js';
import { SnapshotsService } from './snapshots.service.js';
import { daysNeeded, type TrainingPlan, trainingPlan } from './training-plan.js';

/** Rows of all training snapshots together, and of a test, at most: more say hardly more. */
const mostRows = 150_000;
const mostTestRows = 60_000;
/** Rows that are looked at for features that know the future. */
const leakRows = 3_000;
const dayMs = 86_400_000;

const idle: ChurnTraining = {
  state: 'idle',
  stage: '',
  detail: '',
  started_at: null,
  ended_at: null,
  error: '',
};

class TrainingCancelled extends Error {
  override readonly name = 'TrainingCancelled';
}

/** Trains in a thread of its own, one at a time. What is trained takes the champion's place only where it is proven better. */
@Injectable()
export class TrainingService implements BeforeApplicationShutdown {
  readonly #log = new Logger('Churn');
  #view: ChurnTraining = idle;
  #running: Promise<ChurnModel | null> | undefined;
  #worker: Worker | undefined;
  #isCancelled = false;

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly snapshots: SnapshotsService,
    private readonly registry: RegistryService,
    private readonly scoring: ScoringService,
    private readonly cover: CoverService,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.cancel();
    await this.#running?.catch(() => undefined);
  }

  view(): ChurnTraining {
    return this.#view;
  }

  /** @throws ConflictError where one is under way */
  start(by: string, now: Date): ChurnTraining {
    if (this.#running !== undefined) throw new ConflictError('A model is being trained already.');
    // How it ends is in the view.
    this.train(by, now).catch(() => undefined);
    return this.#view;
  }

  /** @returns whether there was something to cancel */
  cancel(): boolean {
    if (this.#running === undefined) return false;
    this.#isCancelled = true;
    void this.#worker?.terminate();
    return true;
  }

  /** Each step of the training under way; ends with it. */
  async *follow(everyMs = 250): AsyncGenerator<ChurnTraining> {
    for (;;) {
      const view = this.#view;
      yield view;
      if (view.state !== 'running') return;
      await new Promise((resolve) => setTimeout(resolve, everyMs).unref());
    }
  }

  /**
   * Whoever comes while one is under way gets that one.
   * @returns the model, null where too little has been sent for long enough
   */
  train(by: string, now: Date): Promise<ChurnModel | null> {
    this.#running ??= this.#run(by, now).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(by: string, now: Date): Promise<ChurnModel | null> {
    this.#isCancelled = false;
    this.#view = { ...idle, state: 'running', stage: 'snapshots', started_at: new Date().toISOString() };
    const ended = (change: Partial<ChurnTraining>): void => {
      this.#view = { ...this.#view, ...change, ended_at: new Date().toISOString() };
    };
    try {
      const model = await this.#train(by, now);
      ended({
        state: 'done',
        stage: '',
        detail: model === null ? `nothing to train on: ${daysNeeded} days of sending are needed` : model.why,
      });
      return model;
    } catch (error) {
      if (this.#isCancelled) ended({ state: 'cancelled', stage: '' });
      else ended({ state: 'failed', stage: '', error: safeReason(error) });
      throw error;
    }
  }

  async #train(by: string, now: Date): Promise<ChurnModel | null> {
    const [until] = await this.engine.query('analytics/published_until', {});
    const first = until?.first_delivered ?? null;
    const plan = trainingPlan(now, first === null ? null : new Date(first));
    if (plan === null) return null;
    const champion = await this.registry.champion();
    const files = champion?.kind === 'model' ? await this.registry.files(champion.id) : null;
    const order = await this.#order(plan, files, now);
    const began = performance.now();
    const trained = await this.#learn(order);
    this.#stopWhereCancelled();
    const { promotes, why } = verdictOf(trained, champion);
    // Where no model holds, the rate of today takes the place of a model that is not good enough.
    const isRate = !promotes && champion?.kind !== 'model';
    const kept = isRate ? rateInstead(trained, why) : trained;
    const id = await this.registry.add(kept, { by, now, cut: plan.cut, until: plan.until });
    await this.registry.tell(id, promotes || isRate ? 'promoted' : 'rejected', by, why, new Date());
    const { rows, events } = trained.report.train;
    const ms = Math.round(performance.now() - began);
    this.#log.log('model trained', { id, kind: kept.kind, rows, events, promotes, why, ms });
    if (promotes || isRate) {
      this.#at('scoring', '');
      await this.scoring.score(new Date());
    }
    return this.registry.one(id);
  }

  async #order(plan: TrainingPlan, champion: ArtifactFiles | null, now: Date): Promise<ChurnOrder> {
    const open = await this.#open();
    const texts = async (instants: readonly Date[], most: number) => {
      const chunks = Math.max(1, Math.ceil((open * instants.length) / most));
      const found: { t0: number; text: string }[] = [];
      for (const [index, t0] of instants.entries()) {
        this.#stopWhereCancelled();
        this.#at('snapshots', `${index + 1} of ${instants.length}`);
        found.push({ t0: t0.getTime(), text: await this.snapshots.text(t0, chunks) });
      }
      return found;
    };
    const train = await texts(plan.train, mostRows);
    const test = await texts(plan.test, mostTestRows);
    const week = await texts(plan.week, mostTestRows);
    const from = new Date((plan.train[0]?.getTime() ?? 0) - 60 * dayMs);
    return {
      train,
      test,
      week,
      endings: await this.snapshots.endings(from, plan.until, now),
      cut: plan.cut.getTime(),
      until: plan.until.getTime(),
      seed: 1,
      leaking: await this.#leaking(plan),
      champion,
    };
  }

  async #leaking({ cut }: TrainingPlan): Promise<string[]> {
    this.#at('snapshots', 'looking for features that know the future');
    return this.snapshots.leaking(cut, Math.max(1, Math.ceil((await this.#open()) / leakRows)));
  }

  async #open(): Promise<number> {
    const [reach] = await this.engine.query('analytics/reach', { ...(await this.cover.of()) });
    return reach?.spells ?? 0;
  }

  #learn(order: ChurnOrder): Promise<ChurnTrained> {
    this.#stopWhereCancelled();
    this.#at('learning', '');
    return new Promise((resolve, reject) => {
      const worker = new Worker(workerPath, { workerData: order });
      this.#worker = worker;
      worker.on('message', (answer: ChurnAnswer) => {
        if (answer.kind === 'progress') this.#at('learning', textOf(answer.progress));
        else if (answer.kind === 'done') resolve(answer.trained);
        else reject(new Error(answer.why));
      });
      worker.on('error', reject);
      worker.on('exit', () => {
        this.#worker = undefined;
        reject(this.#isCancelled ? new TrainingCancelled() : new Error('the training thread ended early'));
      });
    });
  }

  #at(stage: string, detail: string): void {
    this.#view = { ...this.#view, stage, detail };
  }

  #stopWhereCancelled(): void {
    if (this.#isCancelled) throw new TrainingCancelled();
  }
}

/** Compiled beside the sources: a thread loads no TypeScript. */
const workerPath = createRequire(import.meta.url).resolve('@secateur/models/churn-worker');

function rateInstead({ report, ...trained }: ChurnTrained, why: string): ChurnTrained {
  const profile = report.profile && { ...report.profile, model_risk: null };
  const refusals = [...report.refusals, why];
  return { ...trained, kind: 'rate', files: trained.rate, report: { ...report, profile, refusals } };
}

function textOf(progress: Progress): string {
  switch (progress.stage) {
    case 'lambda':
      return `ridge ${progress.lambda}: loss ${progress.loss.toFixed(5)}`;
    case 'network':
      return `network ${progress.part + 1}, epoch ${progress.epoch}: loss ${progress.loss.toFixed(5)}`;
    default:
      return progress.line;
  }
}
