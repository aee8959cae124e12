import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Queries } from '@secateur/sql';
import type { Incident } from '../contract/alerts.js';
import { type Database, ENGINE } from '../database.module.js';
import { errorFields } from '../log.js';
import { StreamsService } from '../streams/streams.service.js';
import { AlertSettingsService } from './alert-settings.js';
import { type Cell, cellId, dayMs, hourMs } from './cell.js';
import { complaintFindings } from './complaint-findings.js';
import { findingsOf, type Streams } from './findings.js';
import { type CountRow, type Counts, Flags, History } from './history.js';
import { dayNumber, type Finding, file, type Told } from './incident.js';
import { IncidentsService } from './incidents.service.js';
import { driftsAt, historyDays, lookAt } from './look.js';
import { type DueLook, lookBackDays, looksDue, storedBucket } from './looks-due.js';
import { NoticesService } from './notices.service.js';

const lookColumns = ['kind', 'bucket', 'tests', 'alarms', 'looked_at'] as const;
const alarmColumns = [
  'metric',
  'level',
  'stream',
  'key',
  'on_day',
  'kind',
  'incident',
  'observed',
  'delivered',
  'expected',
  'p',
  'looked_at',
  'version',
] as const;

/** Complaints are held against the thresholds in the 24 hours before each whole hour. */
const complaintHours = 24;

/** Looks at what was delivered, each bucket once, and tells of what is unusual. */
@Injectable()
export class DetectionService {
  readonly #log = new Logger('Alerts');

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly settings: AlertSettingsService,
    private readonly streams: StreamsService,
    private readonly incidents: IncidentsService,
    private readonly notices: NoticesService,
  ) {}

  /** @throws EngineAwayError @throws QueryFailedError */
  detect(now: Date): Promise<{ looks: number; tests: number; opened: number; notices: number }> {
    return this.incidents.alone(() => this.#detect(now));
  }

  async #detect(now: Date): Promise<{ looks: number; tests: number; opened: number; notices: number }> {
    const nothing = { looks: 0, tests: 0, opened: 0, notices: 0 };
    if (!this.settings.detection.enabled) return nothing;
    const since = new Date(now.getTime() - (lookBackDays + 1) * dayMs);
    const made = await this.engine.query('alerts/looks_since', { since });
    const book = new Book(await this.incidents.list({}, now), now);
    const looks = [
      ...(await this.#days(now, doneOf(made, 'day'), book)),
      ...(await this.#complaints(now, doneOf(made, 'complaints'), book)),
    ];
    const notices = await this.#tell(book, now);
    await this.#pauseCritical(book, now);
    await this.#store(book, looks, now);
    // Not awaited: what cannot be sent now is sent by the job that delivers.
    if (notices > 0)
      this.notices.deliver(now).catch((error) => this.#log.warn('notices not sent', errorFields(error)));
    const tests = looks.reduce((sum, look) => sum + look.tests, 0);
    const opened = book.told.filter(({ news }) => news === 'opened').length;
    return { looks: looks.length, tests, opened, notices };
  }

  async #days(now: Date, done: ReadonlySet<number>, book: Book): Promise<MadeLook[]> {
    const due = looksDue(now.getTime(), done);
    const [oldest] = due;
    if (oldest === undefined) return [];
    const counts = await this.#counts(oldest.on, now);
    if (counts.stream.length === 0) return [];
    const flags = await this.#flags(oldest.on - historyDays, book.all());
    const made: MadeLook[] = [];
    for (const look of due) {
      const history = new History(counts, flags, normalSince(book.all()));
      const { tests, findings } = this.#look(history, look, counts);
      for (const finding of findings) book.file(finding);
      for (const { evidence } of findings)
        for (const { cell, from, on } of evidence)
          for (let day = dayNumber(from); day <= dayNumber(on); day++) flags.add(cellId(cell as Cell), day);
      // Where nothing could be tested nothing is spent: with more of the past known it may be.
      if (tests > 0)
        made.push({ kind: 'day', bucket: storedBucket(look.on, look.hour), tests, alarms: findings.length });
      await breathe();
    }
    return made;
  }

  #look(
    history: History,
    { on, isLast, isHistory }: DueLook,
    counts: Counts & { message_type: readonly CountRow[] },
  ) {
    const { detection } = this.settings;
    const spikes = lookAt(history, on, detection);
    const climbs = isLast ? driftsAt(history, on, detection) : { tests: 0, drifts: [] };
    const findings = findingsOf({
      ...{ history, on, isHistory, streams: this.#streams(counts, on), messageTypes: counts.message_type },
      ...{ alarms: spikes.alarms, spikeTests: spikes.tests, drifts: climbs.drifts, driftTests: climbs.tests },
    });
    return { tests: spikes.tests + climbs.tests, findings };
  }

  async #complaints(now: Date, done: ReadonlySet<number>, book: Book): Promise<MadeLook[]> {
    const to = Math.floor(now.getTime() / hourMs) * hourMs;
    if (done.has(to)) return [];
    const from = new Date(to - complaintHours * hourMs);
    const rows = await this.engine.query('alerts/recent_complaints', { from, to: new Date(to) });
    const listIdOf = (stream: string) => this.streams.catalogue.latest(stream)?.listId ?? '';
    const { tests, findings } = complaintFindings(rows, listIdOf, this.settings.detection, to);
    for (const finding of findings) book.file(finding);
    return tests === 0 ? [] : [{ kind: 'complaints', bucket: to, tests, alarms: findings.length }];
  }

  async #counts(oldest: number, now: Date): Promise<Counts & { message_type: CountRow[] }> {
    const ask = async (level: 'stream' | 'segment' | 'campaign' | 'message_type'): Promise<CountRow[]> => {
      const rows = await this.engine.query('alerts/daily_counts', {
        level,
        from: new Date((oldest - historyDays - 1) * dayMs),
        to: new Date((Math.floor(now.getTime() / dayMs) + 1) * dayMs),
        active_from: new Date((oldest - 1) * dayMs),
        least: this.settings.detection.min_deliveries,
      });
      return rows.map((row) => ({ ...row, stream: row.of_stream, on: row.on_day }));
    };
    return {
      stream: await ask('stream'),
      segment: await ask('segment'),
      campaign: (await ask('campaign')).filter(({ key }) => key !== ''),
      message_type: (await ask('message_type')).filter(({ key }) => key !== ''),
    };
  }

  /** Days that alarmed, but those that somebody called normal. */
  async #flags(since: number, incidents: readonly Incident[]): Promise<Flags> {
    const normal = new Set(incidents.flatMap(({ id, normal_from }) => (normal_from === null ? [] : [id])));
    const rows = await this.engine.query('alerts/flagged_days', { since: Math.max(0, since) });
    const flags = new Flags();
    for (const row of rows)
      if (!normal.has(row.incident)) flags.add(cellId(row as unknown as Cell), row.on_day);
    return flags;
  }

  #streams(counts: Counts, on: number): Streams {
    const channels = new Map<string, number>();
    const channelOf = (stream: string): string => this.streams.catalogue.latest(stream)?.channel ?? '';
    for (const row of counts.stream) {
      const channel = channelOf(row.stream);
      if (row.on === on) channels.set(channel, (channels.get(channel) ?? 0) + 1);
    }
    return { channelOf, streamsOf: (channel) => channels.get(channel) ?? 0 };
  }

  /** After word and pauses, incidents before looks: a process that dies in between looks again, and does what is missing. */
  async #store(book: Book, looks: readonly MadeLook[], now: Date): Promise<void> {
    const changed = book.changed();
    await this.incidents.store(changed, 'detector', now);
    const alarms = changed.flatMap((incident) => alarmLines(incident, now));
    await this.engine.insert('alarms', alarmColumns, alarms.join('\n'), null);
    const at = now.toISOString();
    const lines = looks.map(({ kind, bucket, tests, alarms: found }) =>
      JSON.stringify([kind, new Date(bucket).toISOString(), tests, found, at]),
    );
    await this.engine.insert('alert_looks', lookColumns, lines.join('\n'), null);
  }

  /** Only where it is switched on: then the streams of a list above 0.30 % rest for a day, essential ones excepted. */
  async #pauseCritical(book: Book, now: Date): Promise<void> {
    if (!this.settings.detection.complaint_pause) return;
    for (const { id } of book.news()) {
      const incident = book.byId(id);
      if (incident.kind !== 'complaint_rate' || incident.severity !== 'critical') continue;
      const until = new Date(now.getTime() + restMs);
      await this.incidents.pauseUnasked(incident, until, now);
    }
  }

  async #tell(book: Book, now: Date): Promise<number> {
    let notices = 0;
    for (const { id, news } of book.news()) {
      const data = book.byId(id);
      const type = news === 'opened' ? 'alert.opened' : 'alert.reopened';
      this.#log.warn('incident', { incident: id, kind: data.kind, severity: data.severity, news });
      const message = { type, timestamp: now.toISOString(), data } as const;
      notices += await this.notices.tell(message, id, news === 'opened' ? '' : data.last_on, now);
    }
    return notices;
  }
}

/** How long sends rest where a list is above the higher threshold, and somebody wished it. */
const restMs = 24 * hourMs;

interface MadeLook {
  readonly kind: 'day' | 'complaints';
  readonly bucket: number;
  readonly tests: number;
  readonly alarms: number;
}

/** Incidents as they become while findings are filed, one after the other. */
class Book {
  readonly told: Told[] = [];
  readonly #incidents: Map<string, Incident>;

  constructor(
    incidents: readonly Incident[],
    private readonly now: Date,
  ) {
    this.#incidents = new Map(incidents.map((incident) => [incident.id, incident]));
  }

  all(): Incident[] {
    return [...this.#incidents.values()];
  }

  file(finding: Finding): void {
    const told = file(finding, this.all(), this.now.getTime());
    this.told.push(told);
    this.#incidents.set(told.incident.id, told.incident);
  }

  byId(id: string): Incident {
    const found = this.#incidents.get(id);
    if (found === undefined) throw new Error('an incident that was just filed is not there');
    return found;
  }

  changed(): Incident[] {
    return [...new Set(this.told.map(({ incident }) => incident.id))].map((id) => this.byId(id));
  }

  news(): { id: string; news: 'opened' | 'reopened' }[] {
    return this.told.flatMap(({ incident, news }) => (news === null ? [] : [{ id: incident.id, news }]));
  }
}

type LookRow = Queries['alerts/looks_since']['row'];

const doneOf = (rows: readonly LookRow[], kind: MadeLook['kind']): Set<number> =>
  new Set(rows.filter((row) => row.kind === kind).map(({ bucket }) => Date.parse(bucket)));

/** Cells whose present rate somebody called normal, and from which day on. */
function normalSince(incidents: readonly Incident[]): Map<string, number> {
  const since = new Map<string, number>();
  for (const { normal_from, evidence } of incidents) {
    if (normal_from === null) continue;
    for (const { cell } of evidence) {
      const id = cellId(cell as Cell);
      since.set(id, Math.max(since.get(id) ?? 0, dayNumber(normal_from)));
    }
  }
  return since;
}

/** One for each cell and day: a drift flags all days of its climb. */
function alarmLines({ id, kind, evidence }: Incident, now: Date): string[] {
  return evidence.flatMap(({ cell, from, on, observed, delivered, expected, p }) => {
    const days = Array.from(
      { length: dayNumber(on) - dayNumber(from) + 1 },
      (_, index) => dayNumber(from) + index,
    );
    return days.map((day) =>
      JSON.stringify([
        ...[cell.metric, cell.level, cell.stream, cell.key, day, kind, id, observed, delivered],
        ...[expected, p, now.toISOString(), now.getTime()],
      ]),
    );
  });
}

/** Lets requests in between two steps of long work. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
