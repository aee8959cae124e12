import { Inject, Injectable } from '@nestjs/common';
import type { Queries } from '@secateur/sql';
import { rateOf } from '../analytics/rate.js';
import type { Digest } from '../contract/alerts.js';
import { type Database, ENGINE } from '../database.module.js';
import { AlertSettingsService } from './alert-settings.js';
import { dayMs } from './cell.js';
import { IncidentsService } from './incidents.service.js';
import { type Moved, topMovers } from './movers.js';
import { NoticesService } from './notices.service.js';

type Row = Queries['analytics/rates_by_dimension']['row'];

/** The week to the last midnight (UTC), beside the week before. */
@Injectable()
export class DigestService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly settings: AlertSettingsService,
    private readonly incidents: IncidentsService,
    private readonly notices: NoticesService,
  ) {}

  /** Tells of the week, unless that is switched off. @throws EngineAwayError */
  async send(now: Date): Promise<{ notices: number }> {
    if (!this.settings.sendsDigest) return { notices: 0 };
    const data = await this.of(now);
    const message = { type: 'alert.digest', timestamp: now.toISOString(), data } as const;
    const notices = await this.notices.tell(message, '', data.to, now);
    if (notices > 0) await this.notices.deliver(now);
    return { notices };
  }

  /** @throws EngineAwayError @throws QueryFailedError */
  async of(now: Date): Promise<Digest> {
    const to = Math.floor(now.getTime() / dayMs) * dayMs;
    const from = to - 7 * dayMs;
    const window = { from: new Date(from), to: new Date(to), limit: 10_000 };
    const streams = await this.engine.query('analytics/rates_by_dimension', {
      dimension: 'stream',
      ...window,
    });
    const segments = await this.engine.query('analytics/rates_by_dimension', {
      dimension: 'segment',
      ...window,
    });
    const all = await this.incidents.list({}, now);
    const isWithin = (at: string | undefined): boolean =>
      at !== undefined && Date.parse(at) >= from && Date.parse(at) < to;
    const moved = [
      ...streams.map((row): Moved => ({ kind: 'stream', key: row.key, ...ratesOf(row) })),
      ...segments.map((row): Moved => ({ kind: 'segment', key: row.key, ...ratesOf(row) })),
    ];
    return {
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      open_incidents: all.filter(({ state, in_history }) => state !== 'resolved' && !in_history),
      opened: all.filter(({ opened_at, in_history }) => isWithin(opened_at) && !in_history).length,
      resolved: all.filter(({ state, history }) => state === 'resolved' && isWithin(history.at(-1)?.at))
        .length,
      movers: topMovers(moved),
      overall: ratesOf(sumOf(streams)),
    };
  }
}

type Counts = Omit<Row, 'key'>;

function ratesOf(row: Counts): Omit<Moved, 'kind' | 'key'> {
  return {
    opt_out_rate: rateOf(row.opt_outs, row.delivered),
    previous_opt_out_rate: rateOf(row.previous_opt_outs, row.previous_delivered),
    complaint_rate: rateOf(row.complaints, row.delivered),
    previous_complaint_rate: rateOf(row.previous_complaints, row.previous_delivered),
  };
}

function sumOf(rows: readonly Row[]): Counts {
  const sum = (name: keyof Counts): number => rows.reduce((total, row) => total + row[name], 0);
  return {
    delivered: sum('delivered'),
    opt_outs: sum('opt_outs'),
    complaints: sum('complaints'),
    previous_delivered: sum('previous_delivered'),
    previous_opt_outs: sum('previous_opt_outs'),
    previous_complaints: sum('previous_complaints'),
  };
}
