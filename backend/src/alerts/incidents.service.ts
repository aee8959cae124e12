import { Inject, Injectable } from '@nestjs/common';
import {
  type AcknowledgeIncident,
  type AssignIncident,
  Incident,
  type IncidentsQuery,
  type MuteIncident,
  type PauseSends,
  type ResolveIncident,
  type SendPause,
} from '../contract/alerts.js';
import { type Database, ENGINE } from '../database.module.js';
import { ConflictError, InvalidInputError, NotFoundError } from '../errors.js';
import { SendPauses } from '../permissions/send-pauses.service.js';
import { StreamsService } from '../streams/streams.service.js';
import { dayMs } from './cell.js';

const columns = ['id', 'version', 'is_open', 'opened_at', 'changed_at', 'changed_by', 'body'] as const;
/** Older ones that are resolved are not listed. */
const keptDays = 400;
const mostListed = 1000;
const mostHistory = 200;

/** The life of incidents. Read from the engine each time: another process may have changed them. */
@Injectable()
export class IncidentsService {
  #lastVersion = 0;
  /** Changes, one after the other: each is made from what the one before left. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly streams: StreamsService,
    private readonly pauses: SendPauses,
  ) {}

  /** The newest first. @throws EngineAwayError */
  async list({ state }: IncidentsQuery, now: Date): Promise<Incident[]> {
    const since = new Date(now.getTime() - keptDays * dayMs);
    const rows = await this.engine.query('alerts/incidents_all', { since, most: mostListed });
    const all = rows.map(({ body }) => Incident.parse(JSON.parse(body)));
    if (state === undefined) return all;
    return all.filter((one) => (state === 'active' ? one.state !== 'resolved' : one.state === state));
  }

  /** @throws NotFoundError @throws EngineAwayError */
  async byId(id: string): Promise<Incident> {
    const [row] = await this.engine.query('alerts/incident_by_id', { id });
    if (row === undefined) throw new NotFoundError(`There is no incident ${id}`);
    return Incident.parse(JSON.parse(row.body));
  }

  acknowledge(id: string, { note }: AcknowledgeIncident, by: string, now: Date): Promise<Incident> {
    return this.#change(id, by, now, 'acknowledged', note, (incident) => {
      if (incident.state === 'resolved') throw new ConflictError('The incident is resolved already');
      return { state: 'acknowledged', assigned_to: incident.assigned_to ?? by, muted_until: null };
    });
  }

  assign(id: string, { to, note }: AssignIncident, by: string, now: Date): Promise<Incident> {
    const said = [`to ${to}`, ...(note === undefined ? [] : [note])].join('; ');
    return this.#change(id, by, now, 'assigned', said, () => ({ assigned_to: to }));
  }

  resolve(id: string, { note, new_normal }: ResolveIncident, by: string, now: Date): Promise<Incident> {
    return this.#change(
      id,
      by,
      now,
      new_normal === true ? 'resolved as the new normal' : 'resolved',
      note,
      (incident) => {
        if (incident.state === 'resolved') throw new ConflictError('The incident is resolved already');
        if (new_normal === true && incident.kind === 'complaint_rate')
          throw new ConflictError('Complaints above a threshold cannot become normal');
        if (new_normal === true && incident.kind === 'rule_failed')
          throw new ConflictError('A rule that fails cannot become normal');
        if (new_normal === true && incident.kind === 'model_drift')
          throw new ConflictError('A model that does not fit cannot become normal: train a new one');
        const normal_from = new_normal === true ? incident.first_on : null;
        return { state: 'resolved', muted_until: null, normal_from };
      },
    );
  }

  mute(id: string, { until, note }: MuteIncident, by: string, now: Date): Promise<Incident> {
    if (Date.parse(until) <= now.getTime()) throw InvalidInputError.field('until', 'must lie in the future');
    return this.#change(id, by, now, 'muted', note, (incident) => {
      if (incident.state === 'resolved') throw new ConflictError('The incident is resolved already');
      return { state: 'muted', muted_until: new Date(until).toISOString() };
    });
  }

  /** @throws NotFoundError @throws InvalidInputError @throws ConflictError where only essential streams are concerned */
  async pauseSends(id: string, asked: PauseSends, by: string, now: Date): Promise<SendPause[]> {
    const incident = await this.byId(id);
    const until = asked.until === undefined ? null : new Date(asked.until);
    if (until !== null && until <= now) throw InvalidInputError.field('until', 'must lie in the future');
    const unknown = asked.streams?.findIndex((key) => this.streams.catalogue.latest(key) === undefined) ?? -1;
    if (unknown !== -1) throw InvalidInputError.field(`streams[${unknown}]`, 'is not a stream');
    const streams = asked.streams ?? incident.streams.filter((key) => !this.#isEssential(key));
    if (streams.length === 0)
      throw new ConflictError('The incident concerns essential streams only: name those that should pause');
    const campaign = asked.campaign ?? null;
    const order = { streams: [...new Set(streams)], campaign, until, incident: id, why: asked.why };
    const pauses = await this.pauses.order(order, by, now.getTime());
    const note = `${order.streams.join(', ')}: ${asked.why}`.slice(0, 2000);
    await this.#change(id, by, now, 'sends paused', note, () => ({}));
    return pauses;
  }

  /** The detector's own order, where somebody switched it on. @throws EngineAwayError */
  async pauseUnasked(incident: Incident, until: Date, now: Date): Promise<void> {
    const streams = incident.streams.filter((key) => !this.#isEssential(key));
    const order = { streams, campaign: null, until, incident: incident.id, why: incident.title };
    if (streams.length > 0) await this.pauses.order(order, 'detector', now.getTime());
  }

  /** Stores what a detector found. @throws EngineAwayError */
  async store(incidents: readonly Incident[], by: string, now: Date): Promise<void> {
    const lines = incidents.map((incident) =>
      JSON.stringify([
        incident.id,
        this.#nextVersion(),
        incident.state !== 'resolved',
        incident.opened_at,
        now.toISOString(),
        by,
        JSON.stringify(incident),
      ]),
    );
    await this.engine.insert('incidents', columns, lines.join('\n'), null);
  }

  /** Runs `work` while nobody changes an incident. */
  alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  #change(
    id: string,
    by: string,
    now: Date,
    action: string,
    note: string | undefined,
    change: (incident: Incident) => Partial<Incident>,
  ): Promise<Incident> {
    return this.alone(async () => {
      const before = await this.byId(id);
      const entry = { at: now.toISOString(), by, action, note: note ?? '' };
      const history = [...before.history, entry].slice(-mostHistory);
      const after: Incident = { ...before, ...change(before), history };
      await this.store([after], by, now);
      return after;
    });
  }

  #isEssential(key: string): boolean {
    return this.streams.catalogue.latest(key)?.class === 'essential';
  }

  /** Rising, so that of two changes in one millisecond the later counts. */
  #nextVersion(): number {
    this.#lastVersion = Math.max(this.#lastVersion + 1, Date.now());
    return this.#lastVersion;
  }
}
