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

type Row = Queries['analytics/rates']['row'];

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
    const ratesBy = (first: 'none' | 'stream' | 'segment'): Promise<Row[]> =>
      this.engine.query('analytics/rates', {
        first,
        second: 'none',
        previous_from: new Date(from - 7 * dayMs),
        from: new Date(from),
        to: new Date(to),
        limit: 10_000,
      });
    const [everybody] = await ratesBy('none');
    const streams = await ratesBy('stream');
    const segments = await ratesBy('segment');
    const all = await this.incidents.list({}, now);
    const isWithin = (at: string | undefined): boolean =>
      at !== undefined && Date.parse(at) >= from && Date.parse(at) < to;
    const moved = [
      ...streams.map((row): Moved => ({ kind: 'stream', key: row.first_key, ...ratesOf(row) })),
      ...segments.map((row): Moved => ({ kind: 'segment', key: row.first_key, ...ratesOf(row) })),
    ];
    return {
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      open_incidents: all.filter(({ state, in_history }) => state !== 'resolved' && !in_history),
      opened: all.filter(({ opened_at, in_history }) => isWithin(opened_at) && !in_history).length,
      resolved: all.filter(({ state, history }) => state === 'resolved' && isWithin(history.at(-1)?.at))
        .length,
      movers: topMovers(moved),
      overall: ratesOf(everybody ?? none),
    };
  }
}

type Counts = Omit<Row, 'first_key' | 'second_key' | 'values'>;

function ratesOf(row: Counts): Omit<Moved, 'kind' | 'key'> {
  return {
    opt_out_rate: rateOf(row.opt_outs, row.delivered),
    previous_opt_out_rate: rateOf(row.previous_opt_outs, row.previous_delivered),
    complaint_rate: rateOf(row.complaints, row.delivered),
    previous_complaint_rate: rateOf(row.previous_complaints, row.previous_delivered),
  };
}

const none: Counts = {
  delivered: 0,
  opt_outs: 0,
  complaints: 0,
  previous_delivered: 0,
  previous_opt_outs: 0,
  previous_complaints: 0,
};
