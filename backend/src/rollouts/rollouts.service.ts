import { Inject, Injectable, Logger } from '@nestjs/common';
import { GuardSettings, type Rollout } from '../contract/rollouts.js';
import { type Database, ENGINE } from '../database.module.js';
import { RulesService } from '../rules/rules.service.js';
import { Settings } from '../settings/settings.service.js';
import { type ArmCounts, compareArms, nobody } from './compare.js';
import { judge, reasonOf } from './guard.js';
import { type RolloutWindow, windowsOf } from './windows.js';

const settingsKey = 'rollouts_guard';
const StoredSettings = GuardSettings.catch({ margin: 0.002, min_people: 100 });

/** Versions that are, or were, in force for a share of people: how both arms fared, and the guard over them. */
@Injectable()
export class RolloutsService {
  readonly #log = new Logger('Rollouts');

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly rules: RulesService,
    private readonly settings: Settings,
  ) {}

  guardSettings(): GuardSettings {
    return StoredSettings.parse(this.settings.get(settingsKey));
  }

  changeGuard(next: GuardSettings, by: string): Promise<GuardSettings> {
    return this.settings.change(settingsKey, by, () => next);
  }

  /** All there ever were, the newest first. @throws EngineAwayError @throws QueryFailedError */
  history(now: Date): Promise<Rollout[]> {
    return this.#compared(this.rules.list().flatMap(windowsOf), now);
  }

  /** Those of one version, the newest first; none where it was never rolled out. @throws NotFoundError */
  async of(ruleset: string, now: Date): Promise<Rollout[]> {
    return this.#compared(windowsOf(this.rules.one(ruleset)), now);
  }

  /** Those of which any part lies in [from, to), each as a whole and as of `to`, the newest first. @throws EngineAwayError */
  between(from: Date, to: Date): Promise<Rollout[]> {
    const windows = this.rules.list().flatMap(windowsOf);
    return this.#compared(
      windows.filter((one) => new Date(one.from) < to && (one.to === null || new Date(one.to) > from)),
      to,
    );
  }

  /** null while nothing is rolled out. @throws EngineAwayError @throws QueryFailedError */
  async current(now: Date): Promise<Rollout | null> {
    const running = this.#running();
    return running === null ? null : this.#compare(running, await this.#arms(running, now), now);
  }

  /** Rolls back what is rolled out when its new arm is worse. @throws EngineAwayError @throws QueryFailedError */
  async guard(now: Date): Promise<{ rolled_back: number }> {
    const rollout = await this.current(now);
    if (rollout?.guard.verdict !== 'worse') return { rolled_back: 0 };
    const why = reasonOf(rollout);
    await this.rules.rollBack(rollout.ruleset, 'guard', why, 'rollout');
    this.#log.warn('guard rolled rules back', { version: rollout.number, why });
    return { rolled_back: 1 };
  }

  #running(): RolloutWindow | null {
    const { rollout } = this.rules.inForce;
    if (rollout === null) return null;
    return windowsOf(this.rules.one(rollout.rules.id)).at(-1) ?? null;
  }

  /** One after the other: each reads decisions, and the engine has few connections. */
  async #compared(windows: readonly RolloutWindow[], now: Date): Promise<Rollout[]> {
    const rollouts: Rollout[] = [];
    for (const window of [...windows].sort((a, b) => b.from.localeCompare(a.from)))
      rollouts.push(this.#compare(window, await this.#arms(window, now), now));
    return rollouts;
  }

  async #arms({ ruleset, from, to }: RolloutWindow, now: Date): Promise<Arms> {
    const rows = await this.engine.query('rollouts/arms', {
      ruleset,
      from: new Date(from),
      to: to === null || new Date(to) > now ? now : new Date(to),
      now,
    });
    const arm = (name: string): ArmCounts => rows.find((row) => row.arm === name) ?? nobody;
    return { fresh: arm('new'), old: arm('old') };
  }

  #compare(window: RolloutWindow, { fresh, old }: Arms, now: Date): Rollout {
    return {
      ...window,
      as_of: now.toISOString(),
      query: 'rollouts/arms',
      ...compareArms(fresh, old),
      guard: judge(fresh, old, this.guardSettings()),
    };
  }
}

interface Arms {
  readonly fresh: ArmCounts;
  readonly old: ArmCounts;
}
