import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { demoOptions, type SimulatedEvent, type Simulation, simulate } from '@secateur/models';
import type { TrainingService } from '../churn/training.service.js';
import type { Config } from '../config.js';
import type { DemoProgress } from '../contract/analytics.js';
import type { EventsService } from '../events/events.service.js';
import type { Door } from '../events/normalise.js';
import type { Row } from '../events/parse-batch.js';
import type { RulesService } from '../rules/rules.service.js';
import type { Settings } from '../settings/settings.service.js';
import type { StreamsService } from '../streams/streams.service.js';
import type { SubscribersService } from '../subscribers/subscribers.service.js';
import { publishDemoRules } from './publish-demo-rules.js';

const door: Door = { tolerance: 0, madeBy: 'sender' };
/** Events one call of the intake takes: large groups, so that few parts are written. */
const groupEvents = 10_000;
/** The Monitor opens with seven days beside the seven before. */
const monitorDays = 15;
/** What `settings` says once all of it is loaded; a start that finds less begins again, and ids keep it counted once. */
const settingKey = 'demo';

/**
 * Loads the simulated subscriber base through the same intake as everything else, once for a data directory.
 * Simulated instants are real: the demo ends now, so that the Monitor shows a living system.
 */
export class DemoService implements OnApplicationBootstrap, OnApplicationShutdown {
  #progress: DemoProgress;
  #stopped = false;
  #loading: Promise<void> = Promise.resolve();
  readonly #log = new Logger('Demo');

  constructor(
    private readonly config: Config,
    private readonly settings: Settings,
    private readonly streams: StreamsService,
    private readonly subscribers: SubscribersService,
    private readonly events: EventsService,
    private readonly rules: RulesService,
    private readonly training: TrainingService,
  ) {
    this.#progress = { state: config.demo ? 'waiting' : 'off', loaded: 0, total: 0, detail: '' };
  }

  progress(): DemoProgress {
    return this.#progress;
  }

  onApplicationBootstrap(): void {
    if (!this.config.demo) return;
    // After the lanes have started: bootstrap hooks run in the order of the modules.
    this.#loading = new Promise((resolve) => setImmediate(resolve)).then(() => this.#load(new Date()));
    this.#loading = this.#loading.catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.#progress = { ...this.#progress, state: 'failed', detail: reason };
      this.#log.error('demo not loaded', { reason });
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    await this.#loading;
  }

  async #load(now: Date): Promise<void> {
    const state = (this.settings.get(settingKey) ?? null) as { endsAt: string; loaded: boolean } | null;
    if (state?.loaded === true) {
      this.#progress = { state: 'ready', loaded: 1, total: 1, detail: '' };
      return;
    }
    const started = performance.now();
    const endsAt = state === null ? now : new Date(state.endsAt);
    if (state === null) await this.#remember({ endsAt: endsAt.toISOString(), loaded: false });
    this.#progress = { state: 'loading', loaded: 0, total: 0, detail: 'simulating' };
    const simulation = simulate(demoOptions(endsAt));
    await this.#loadBase(simulation);
    // What the Monitor shows comes first: everybody's opt-ins of before, and the days of its widest comparison.
    const recent = simulation.options.days - monitorDays;
    const isEarly = ({ event }: SimulatedEvent, day: number) =>
      day >= recent || (day === 0 && event.type === 'opted_in');
    const total = await this.#loadWanted(simulation, isEarly);
    this.#progress = { ...this.#progress, total, detail: '' };
    await this.#loadWanted(simulation, (event, day) => !isEarly(event, day));
    if (this.#stopped) return;
    // Last: its proof takes seconds, and nobody waits for rules where there is nothing to see yet.
    await publishDemoRules(this.rules);
    await this.#remember({ endsAt: endsAt.toISOString(), loaded: true });
    this.#progress = { ...this.#progress, state: 'ready' };
    this.#log.log('demo loaded', { events: total, milliseconds: Math.round(performance.now() - started) });
    // The weekly training was missed while there was nothing to learn from. Its failure is told by its own view.
    if (this.config.jobs) await this.training.train('demo', new Date()).catch(() => undefined);
  }

  async #loadBase(simulation: Simulation): Promise<void> {
    for (const { key, ...definition } of simulation.streams) {
      await this.streams.define(key, definition, 'demo', Date.parse(simulation.startsAt));
    }
    const changes = simulation.subscribers.map((profile) => ({
      profile,
      receivedAt: Date.parse(`${profile.attributes.signed_up_on}T00:00:00.000Z`),
    }));
    await this.subscribers.upsert(changes);
  }

  /**
   * Goes through all days and loads the wanted events; while one group is being stored the next one is simulated.
   * @returns how many events there are in all, wanted or not
   */
  async #loadWanted(
    simulation: Simulation,
    wanted: (event: SimulatedEvent, day: number) => boolean,
  ): Promise<number> {
    let total = 0;
    let day = 0;
    let group: Row[] = [];
    let storing: Promise<void> = Promise.resolve();
    const send = async () => {
      const rows = group;
      group = [];
      await storing;
      storing = this.#store(rows);
      // A failure is met at the next await; without a handler of its own it would end the process first.
      storing.catch(() => undefined);
    };
    for (const { events } of simulation.days()) {
      total += events.length;
      for (const event of events) {
        if (!wanted(event, day)) continue;
        group.push({ value: event.event, receivedAt: Date.parse(event.receivedAt) });
        if (group.length === groupEvents) await send();
      }
      day++;
      await breathe();
      if (this.#stopped) break;
    }
    await send();
    await storing;
    return total;
  }

  async #store(rows: readonly Row[]): Promise<void> {
    const { rejected } = await this.events.accept(rows, door, Date.now());
    if (rejected[0] !== undefined) throw new Error(`the intake refused: ${rejected[0].detail}`);
    this.#progress = { ...this.#progress, loaded: this.#progress.loaded + rows.length };
  }

  async #remember(state: { endsAt: string; loaded: boolean }): Promise<void> {
    await this.settings.change(settingKey, 'demo', () => state);
  }
}

/** Lets requests in between two steps of long work. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
