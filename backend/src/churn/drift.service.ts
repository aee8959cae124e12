import { Inject, Injectable } from '@nestjs/common';
import { type Profile, riskName } from '@secateur/models/churn';
import { titleOf } from '../analytics/titles.js';
import type { ChurnModel, DriftAnswer, DriftOutcome } from '../contract/churn.js';
import { type Database, ENGINE } from '../database.module.js';
import { StreamsService } from '../streams/streams.service.js';
import { type Forecast, type Outcome, outcomesOf, type Shift, shiftOf, weekMs, weeksOver } from './drift.js';
import { groupOf } from './groups.js';
import { RegistryService } from './registry.service.js';
import { SnapshotsService } from './snapshots.service.js';

/** What arrives late is waited for before a week counts as over. */
const dayMs = 86_400_000;
const lateMs = dayMs;
const keptMs = 400 * dayMs;
/** A shift counts once each weekday was scored: what was sent last depends on it. */
const weekDays = 7;

/** Whether the model that holds still fits: its features against those it was tested with, its forecasts against what happened. */
@Injectable()
export class DriftService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly registry: RegistryService,
    private readonly snapshots: SnapshotsService,
    private readonly streams: StreamsService,
  ) {}

  /** @throws EngineAwayError @throws QueryFailedError */
  async drift(now: Date): Promise<DriftAnswer> {
    const [scoring] = await this.engine.query('churn/latest_scoring', {});
    const empty = { query: 'churn/bins_lately', risk: null, features: [], outcomes: [] };
    if (scoring === undefined)
      return { ...empty, model: null, kind: 'none', as_of: null, days: 0, drifted: false };
    const model = await this.registry.one(scoring.its_model);
    const t0 = new Date(scoring.t0);
    const { days, shifts } = await this.#shifts(
      model,
      new Date((Math.floor(t0.getTime() / dayMs) - (weekDays - 1)) * dayMs),
    );
    const isWhole = days >= weekDays;
    const [risk = null] = shifts.filter(({ feature }) => feature === riskName);
    const outcomes = (await this.#outcomes(model.id, now)).map((outcome) => this.#told(outcome));
    return {
      ...empty,
      model: model.id,
      kind: model.kind,
      as_of: t0.toISOString(),
      days,
      // The model is at fault where it asks, or answers, what it was not tested for; one feature of many moves by itself.
      drifted: (isWhole && risk?.drifted === true) || outcomes.some(({ drifted }) => drifted),
      risk,
      features: shifts
        .filter(({ feature }) => feature !== riskName)
        .map((shift) => ({ ...shift, group: groupOf(shift.feature) ?? '' }))
        .sort((one, other) => other.psi / other.threshold - one.psi / one.threshold),
      outcomes,
    };
  }

  /** Subscriptions of a scoring by feature and bin, by the bins of its model; none of a model from before they were kept. */
  async bins(model: string, t0: Date): Promise<{ feature: string; place: number; subscriptions: number }[]> {
    const profile = await this.#profile(model);
    if (profile === null) return [];
    const cuts = Object.fromEntries(
      profile.features.flatMap((one) => (one.kind === 'numeric' ? [[one.name, one.cuts]] : [])),
    );
    const levels = Object.fromEntries(
      profile.features.flatMap((one) => (one.kind === 'categorical' ? [[one.name, one.levels]] : [])),
    );
    const features = await this.engine.query('churn/feature_bins', { t0, cuts, levels });
    const { cuts: ofRisk } = profile.model_risk ?? profile.rate_risk;
    const risks = await this.engine.query('churn/score_bins', { t0, model, cuts: ofRisk });
    return [...features, ...risks.map((bin) => ({ feature: riskName, ...bin }))];
  }

  /** Of an average day since then, against the week that the model was tested in. */
  async #shifts(model: ChurnModel, since: Date): Promise<{ days: number; shifts: Shift[] }> {
    const profile = await this.#profile(model.id);
    if (profile === null) return { days: 0, shifts: [] };
    const rows = await this.engine.query('churn/bins_lately', { model: model.id, since });
    const shifts = [...profile.features, profile.model_risk ?? profile.rate_risk].map((bins) => {
      const now = bins.counts.map(() => 0);
      for (const { feature, place, per_day } of rows) if (feature === bins.name) now[place] = per_day;
      return shiftOf(bins, now);
    });
    return { days: rows[0]?.days ?? 0, shifts };
  }

  async #profile(id: string): Promise<Profile | null> {
    const [row] = await this.engine.query('churn/model_profile', { id });
    const text = row?.profile ?? '';
    return text === '' || text === 'null' ? null : (JSON.parse(text) as Profile);
  }

  async #outcomes(model: string, now: Date): Promise<Outcome[]> {
    const since = new Date(now.getTime() - keptMs);
    const rows = await this.engine.query('churn/forecasts', { model, since });
    const forecasts = rows.map(
      ({ t0, of_stream, subscriptions, expected }): Forecast => ({
        ...{ t0: Date.parse(t0), stream: of_stream, subscriptions, expected },
      }),
    );
    const weeks = weeksOver(forecasts, now.getTime() - lateMs);
    const [first, last] = [Math.min, Math.max].map((most) => most(...weeks.map(({ t0 }) => t0)));
    if (weeks.length === 0 || first === undefined || last === undefined) return [];
    const endings = await this.snapshots.endings(new Date(first), new Date(last + weekMs), now);
    const objectors = await this.engine.query('churn/objectors', {});
    const gone = new Map(objectors.map(({ person, objected_at }) => [person, Date.parse(objected_at)]));
    // Of whom nothing was forecast.
    const known = endings.filter(
      ({ person, ended }) => (gone.get(person) ?? Number.POSITIVE_INFINITY) >= ended,
    );
    return outcomesOf(weeks, known);
  }

  #told({ weeks, ...outcome }: Outcome): DriftOutcome {
    return {
      ...outcome,
      stream_title: titleOf('stream', outcome.stream, (key) => this.streams.catalogue.latest(key)),
      weeks: weeks.map(({ from, ...week }) => ({
        from: new Date(from).toISOString(),
        until: new Date(from + weekMs).toISOString(),
        ...week,
      })),
    };
  }
}
