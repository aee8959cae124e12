import { createHash, randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Queries } from '@secateur/sql';
import { AlertMessage, type AlertTest, type Incident, Notice, type NoticeType } from '../contract/alerts.js';
import { type Database, ENGINE } from '../database.module.js';
import { errorFields } from '../log.js';
import { Outbound } from '../outbound.js';
import { tried } from '../targets/sender.js';
import { signedHeaders } from '../targets/standard-webhook.js';
import type { Verdict } from '../targets/verdict.js';
import { AlertSettingsService } from './alert-settings.js';
import { idOf } from './id-of.js';
import type { Told } from './incident.js';
import { mailOf } from './mail-text.js';
import { sendMail } from './smtp.js';

type Due = Queries['alerts/notices_due']['row'];

const columns = [
  'id',
  'version',
  'incident',
  'type',
  'place',
  'state',
  'attempts',
  'made_at',
  'next_at',
  'acknowledged_at',
  'status',
  'detail',
  'payload',
] as const;

/** Before the second try; doubles up to `mostWaitMs`. After `mostAttempts`, about two days, it is given up. */
const firstWaitMs = 60_000;
const mostWaitMs = 6 * 3_600_000;
const mostAttempts = 16;
const mostAtOnce = 100;

/** Tells the configured recipients, at least once each, and keeps a receipt of each try. */
@Injectable()
export class NoticesService {
  readonly #log = new Logger('Alerts');
  #sending: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly settings: AlertSettingsService,
    private readonly outbound: Outbound,
  ) {}

  /**
   * Puts one notice for each recipient into the queue, unless it stands there.
   *
   * @param occasion with the type and the incident it names the notice: told again of the same, nobody hears it twice
   * @returns how many are new @throws EngineAwayError
   */
  async tell(message: AlertMessage, incident: string, occasion: string, now: Date): Promise<number> {
    const named = this.#places().map((place) => ({
      place,
      id: idOf(message.type, incident, occasion, place),
    }));
    if (named.length === 0) return 0;
    const ids = named.map(({ id }) => id).join('\n');
    const known = new Set((await this.engine.query('alerts/notices_known', { ids })).map((row) => row.known));
    const fresh = named.filter(({ id }) => !known.has(id));
    const payload = JSON.stringify(message);
    const lines = fresh.map(({ place, id }) =>
      lineOf({
        ...{ id, version: Date.now(), incident, type: message.type, place, attempts: 0, payload },
        ...{
          made_at: now.toISOString(),
          state: 'waiting',
          next_at: now.toISOString(),
          acknowledged_at: null,
        },
        ...{ status: null, detail: '' },
      }),
    );
    await this.engine.insert('alert_notices', columns, lines.join('\n'), null);
    return fresh.length;
  }

  /**
   * Tells of incidents that are news, and begins to send.
   *
   * @param occasionOf names what woke an incident again
   * @returns how many notices are new @throws EngineAwayError
   */
  async tellAll(
    told: readonly Told[],
    occasionOf: (incident: Incident) => string,
    now: Date,
  ): Promise<number> {
    let notices = 0;
    for (const { incident, news } of told) {
      if (news === null) continue;
      const type = news === 'opened' ? 'alert.opened' : 'alert.reopened';
      this.#log.warn('incident', {
        ...{ incident: incident.id, kind: incident.kind, severity: incident.severity, news },
      });
      const message = { type, timestamp: now.toISOString(), data: incident } as const;
      notices += await this.tell(message, incident.id, news === 'opened' ? '' : occasionOf(incident), now);
    }
    // Not awaited: what cannot be sent now is sent by the job that delivers.
    if (notices > 0)
      this.deliver(now).catch((error) => this.#log.warn('notices not sent', errorFields(error)));
    return notices;
  }

  /** Sends what is due; one round at a time. @throws EngineAwayError */
  deliver(now: Date): Promise<{ sent: number; failed: number }> {
    const round = this.#sending.then(() => this.#deliver(now));
    this.#sending = round.catch(() => undefined);
    return round;
  }

  /** Sends something harmless to each recipient now. */
  async test(now: Date): Promise<AlertTest> {
    const message: AlertMessage = { type: 'alert.test', timestamp: now.toISOString(), data: {} };
    const results: AlertTest['results'] = [];
    for (const place of this.#places()) {
      const { kind, status, detail } = await this.#send(place, randomUUID(), message);
      results.push({ place, ok: kind === 'acknowledged', status, detail });
    }
    return { results };
  }

  /** @param incident '' for all @throws EngineAwayError */
  async list(incident: string): Promise<Notice[]> {
    const rows = await this.engine.query('alerts/notices_of', { incident, most: 500 });
    return rows.map((row) =>
      Notice.parse({
        ...row,
        incident: row.incident || null,
        next_at: row.state === 'waiting' ? row.next_at : null,
        status: row.status || null,
      }),
    );
  }

  async #deliver(now: Date): Promise<{ sent: number; failed: number }> {
    const due = await this.engine.query('alerts/notices_due', { now, most: mostAtOnce });
    let sent = 0;
    for (const row of due) {
      const verdict = await this.#send(row.place, row.id, AlertMessage.parse(JSON.parse(row.payload)));
      if (verdict.kind === 'acknowledged') sent += 1;
      else
        this.#log.warn('alert not delivered', {
          notice: row.id,
          status: verdict.status,
          detail: verdict.detail,
        });
      await this.#note(row, verdict, now);
    }
    return { sent, failed: due.length - sent };
  }

  async #note(row: Due, verdict: Verdict, now: Date): Promise<void> {
    const attempts = row.attempts + 1;
    const isDead = verdict.kind === 'gone' || (verdict.kind !== 'acknowledged' && attempts >= mostAttempts);
    const state = verdict.kind === 'acknowledged' ? 'acknowledged' : isDead ? 'dead' : 'waiting';
    const wait = verdict.retryAfterMs ?? Math.min(mostWaitMs, firstWaitMs * 2 ** (attempts - 1));
    const line = lineOf({
      ...row,
      ...{ version: Math.max(Date.now(), row.version + 1), attempts, state, status: verdict.status },
      ...{ next_at: new Date(now.getTime() + wait).toISOString(), detail: verdict.detail },
      acknowledged_at: state === 'acknowledged' ? new Date().toISOString() : null,
    });
    await this.engine.insert('alert_notices', columns, line, null);
  }

  #places(): string[] {
    const webhook = this.settings.webhook() === null ? [] : ['webhook'];
    return [...webhook, ...(this.settings.email()?.to ?? []).map(placeOf)];
  }

  /** @param id of the notice: the same for every try, so that receivers drop repeats by it */
  async #send(place: string, id: string, message: AlertMessage): Promise<Verdict> {
    if (place === 'webhook') return this.#sendWebhook(id, message);
    const email = this.settings.email();
    const to = email?.to.find((address) => placeOf(address) === place);
    if (email === null || to === undefined) return forgotten;
    try {
      return await sendMail(email, to, id, mailOf(message), this.outbound);
    } catch (error) {
      this.#log.error('mail not written', errorFields(error));
      return { kind: 'refused', status: null, detail: 'it could not be written: see the log' };
    }
  }

  async #sendWebhook(id: string, message: AlertMessage): Promise<Verdict> {
    const webhook = this.settings.webhook();
    if (webhook === null) return forgotten;
    const body = JSON.stringify(message);
    const headers = signedHeaders(`msg_${id.replaceAll('-', '')}`, body, [webhook.secret], Date.now());
    const { verdict } = await tried(this.outbound, { method: 'POST', url: webhook.url, headers, body });
    return verdict;
  }
}

const forgotten: Verdict = { kind: 'gone', status: null, detail: 'it is no longer configured' };

/** Addresses stand in the settings and nowhere else. */
const placeOf = (address: string): string =>
  `email ${createHash('sha256').update(address.toLowerCase()).digest('hex').slice(0, 12)}`;

function lineOf(
  row: Due & { type: NoticeType | string } & {
    state: string;
    next_at: string;
    acknowledged_at: string | null;
    status: number | null;
    detail: string;
  },
): string {
  const { id, version, incident, type, place, state, attempts, made_at, next_at, acknowledged_at } = row;
  const receipt = [state, attempts, made_at, next_at, acknowledged_at, row.status ?? 0, row.detail];
  return JSON.stringify([id, version, incident, type, place, ...receipt, row.payload]);
}
