import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Engine, Queries } from '@secateur/sql';
import type { Lane, Prepared } from '../journal/lane-options.js';
import type { Lanes } from '../journal/lanes.js';
import type { GroupRecord } from '../journal/record.js';
import { errorFields } from '../log.js';
import { statementOf } from '../permissions/statement-row.js';
import type { Catalogue } from '../streams/catalogue.js';
import { noId } from '../subscribers/identifiers.js';
import { deliveryOf } from './delivery-row.js';
import { attributionWindow } from './group-facts.js';
import {
  type CountedRow,
  type KnownNow,
  type Recorded,
  type Recounted,
  recordedOf,
  recount,
  subjectsOfRecorded,
} from './recount.js';

/** People looked at together: the queries of a pass stay small beside what waits for an answer. */
const mostPeople = 500;
/** For company. */
const pause = 20;
/** A decision and a delivery on two lanes may have missed each other; whichever became visible later sees the other. */
const memory = 10_000;
const whileAway = 2000;

/**
 * Looks again at requests when something becomes known that happened before them: a delivery that arrives after its
 * opt-out, an opt-out after a later one. Apart from the answers; what is lost with the process `catchUp` finds.
 */
export class Recounts {
  readonly #log = new Logger('Recounts');
  /** Lines of what was delivered: person, when (ms), message id. */
  #delivered = new Set<string>();
  #people = new Set<string>();
  /** To whom something was delivered lately, and until when that is remembered. */
  readonly #recent = new Map<string, number>();
  #pass: Promise<void> = Promise.resolve();
  #isRunning = false;
  #isStopped = false;
  readonly #lane: Lane<string, number>;

  constructor(
    private readonly engine: Engine<Queries>,
    private readonly streams: { readonly catalogue: Catalogue },
    lanes: Lanes,
  ) {
    this.#lane = lanes.make<string, number>({
      name: 'recounts',
      maxGroup: mostPeople,
      prepare: (people) => this.#prepare(people),
      isStored: (record) => this.#isStored(record),
      keys: () => [],
    });
  }

  /** Deliveries that are visible now; instants in ms. */
  delivered(all: readonly { person: string; at: number; messageId: string }[]): void {
    const now = Date.now();
    for (const [person, until] of this.#recent) {
      if (until > now) break;
      this.#recent.delete(person);
    }
    for (const { person, at, messageId } of all) {
      this.#delivered.add(`${person}\t${at}\t${messageId.replace(/[\t\n]/g, ' ')}`);
      this.#recent.delete(person);
      this.#recent.set(person, now + memory);
    }
    this.#run();
  }

  /** Decisions that are visible now. `isLate`: of a time before a request of the same person that was known. */
  decided(all: readonly { person: string; isLate: boolean }[]): void {
    for (const { person, isLate } of all) {
      if (isLate || this.#recent.has(person)) this.#people.add(person);
    }
    this.#run();
  }

  /** When what is known by now has been looked at; at the latest after some time, because more keeps coming. */
  async caughtUp(atMost = 2000): Promise<void> {
    if (!this.#isRunning) return;
    const waiting = new AbortController();
    const timer = delay(atMost, undefined, { signal: waiting.signal, ref: false }).catch(() => undefined);
    // The pass that runs may have begun before; the next takes all that waits.
    const current = this.#pass;
    await Promise.race([current.then(() => (this.#isRunning ? this.#pass : undefined)), timer]);
    waiting.abort();
  }

  /** Looks at everybody of whom a delivery arrived since then and after a request that it came before. */
  async catchUp(since: Date): Promise<{ people: number; recounted: number }> {
    const people = (await this.engine.query('opt-outs/people_delivered_late', { since })).map(
      (row) => row.person,
    );
    let recounted = 0;
    for (let from = 0; from < people.length; from += mostPeople) {
      recounted += await this.#recount(people.slice(from, from + mostPeople));
    }
    return { people: people.length, recounted };
  }

  /** Ends with the pass that runs. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#pass;
  }

  #run(): void {
    if (this.#isRunning || this.#isStopped || this.#delivered.size + this.#people.size === 0) return;
    this.#isRunning = true;
    const next = (): void => {
      if (this.#isStopped || this.#delivered.size + this.#people.size === 0) this.#isRunning = false;
      else this.#pass = this.#once().finally(next);
    };
    next();
  }

  async #once(): Promise<void> {
    await delay(pause, undefined, { ref: false });
    const delivered = this.#delivered;
    const people = this.#people;
    this.#delivered = new Set();
    this.#people = new Set();
    try {
      if (delivered.size > 0) {
        const deliveries = [...delivered].join('\n');
        for (const { person } of await this.engine.query('opt-outs/people_to_recount', { deliveries }))
          people.add(person);
      }
      people.delete(noId);
      const all = [...people];
      for (let from = 0; from < all.length; from += mostPeople) {
        await this.#recount(all.slice(from, from + mostPeople));
        for (const person of all.slice(from, from + mostPeople)) people.delete(person);
      }
    } catch (error) {
      if (this.#isStopped) return;
      this.#log.warn('recount failed: again later', errorFields(error));
      for (const person of people) this.#people.add(person);
      for (const line of delivered) this.#delivered.add(line);
      await delay(whileAway, undefined, { ref: false });
    }
  }

  /** @returns how many requests count as something else, when that can be read; later where the engine is away */
  async #recount(people: readonly string[]): Promise<number> {
    const settled = await this.#lane.submit(people);
    return settled.reduce((sum, one) => sum + (one.state === 'done' ? one.result : 0), 0);
  }

  async #prepare(people: readonly string[]): Promise<Prepared<number>> {
    const ids = people.join('\n');
    const rows = await this.engine.query('opt-outs/requests_to_recount', { ids });
    const byPerson = new Map<string, Recorded[]>();
    for (const row of rows) {
      const list = byPerson.get(row.person);
      if (list === undefined) byPerson.set(row.person, [recordedOf(row)]);
      else list.push(recordedOf(row));
    }
    const changed = new Map<string, Recounted[]>();
    if (rows.length > 0) {
      const knownOf = await this.#gather(byPerson);
      for (const [person, recorded] of byPerson) changed.set(person, recount(recorded, knownOf(person)));
    }
    const lines = [...changed.values()]
      .flat()
      .flatMap((change) => [
        JSON.stringify(valuesOf(-1, change.row)),
        JSON.stringify(valuesOf(1, this.#countedAnew(change))),
      ]);
    const inserts = lines.length === 0 ? [] : [{ table: 'recounts', columns, lines: lines.join('\n') }];
    if (lines.length > 0) this.#log.debug('recounted', { requests: lines.length / 2 });
    return {
      group: { id: randomUUID(), lane: 'recounts', inserts },
      results: people.map((person, index) =>
        // Who is asked for twice in one group counts once.
        people.indexOf(person) === index ? (changed.get(person)?.length ?? 0) : 0,
      ),
    };
  }

  /** Was all of it counted anew while it was set aside? */
  async #isStored({ inserts }: GroupRecord): Promise<boolean> {
    const lines = inserts.flatMap(({ lines }) =>
      lines.split('\n').map((line) => JSON.parse(line) as unknown[]),
    );
    const at = (name: (typeof columns)[number]) => columns.indexOf(name);
    const ids = [...new Set(lines.map((line) => String(line[at('person')])))].join('\n');
    const rows = await this.engine.query('opt-outs/requests_to_recount', { ids });
    const versions = new Map(rows.map(({ decision, version }) => [decision, version]));
    return lines.every(
      (line) => (versions.get(String(line[at('decision')])) ?? 0) >= Number(line[at('version')]),
    );
  }

  async #gather(byPerson: ReadonlyMap<string, readonly Recorded[]>): Promise<(person: string) => KnownNow> {
    const all = [...byPerson.values()].flat();
    const subjects = new Map(
      [...byPerson].map(([person, list]) => [person, new Set(list.flatMap(subjectsOfRecorded))]),
    );
    const windows = [...byPerson].map(([person, list]) => {
      const times = list.map(({ row }) => Date.parse(row.order_at));
      return `${person}\t${Math.min(...times) - attributionWindow}\t${Math.max(...times)}`;
    });
    const [statements, deliveries, begun] = await Promise.all([
      this.engine.query('opt-outs/statements_by_subject', {
        ids: [...new Set([...subjects.values()].flatMap((ids) => [...ids]))].join('\n'),
      }),
      this.engine.query('opt-outs/recent_deliveries', {
        windows: windows.join('\n'),
        messages: [
          ...new Set(all.flatMap(({ row }) => (row.message_id === '' ? [] : [row.message_id]))),
        ].join('\n'),
      }),
      this.engine.query('opt-outs/spells_by_person', { ids: [...byPerson.keys()].join('\n') }),
    ]);
    const lines = statements.map(statementOf);
    return (person) => ({
      streams: this.streams.catalogue.streams,
      statements: lines.filter(({ subject }) => subjects.get(person)?.has(subject)),
      deliveries: deliveries.filter((row) => row.person === person).map(deliveryOf),
      exposed: new Map(
        begun.flatMap((row) =>
          row.person === person && row.exposed !== 0 ? [[row.stream, Date.parse(row.first_exposed_at)]] : [],
        ),
      ),
    });
  }

  #countedAnew({ row, figures: { attributed, unsolicited, keptByScoping, stops } }: Recounted): CountedRow {
    const stream = attributed === null ? undefined : this.streams.catalogue.get(attributed.stream);
    return {
      ...row,
      unsolicited,
      kept_by_scoping: keptByScoping,
      attributed_delivery: attributed?.id ?? '',
      attributed_stream: attributed?.stream ?? '',
      attributed_channel: stream?.channel ?? '',
      attributed_category: stream?.category ?? '',
      attributed_origin: stream?.origin ?? '',
      attributed_campaign: attributed?.campaign ?? '',
      attributed_message_type: attributed?.messageType ?? '',
      attributed_audience: attributed?.audience ?? '',
      attributed_at: new Date(attributed?.deliveredAt ?? 0).toISOString(),
      attributed_segments: attributed?.segments ?? [],
      version: row.version + 1,
      stops,
    };
  }
}

const columns = [
  'sign',
  'person',
  'decision',
  'seq',
  'event_id',
  'type',
  'message_id',
  'trigger',
  'reason',
  'order_at',
  'received_at',
  'unsolicited',
  'kept_by_scoping',
  'attributed_delivery',
  'attributed_stream',
  'attributed_channel',
  'attributed_category',
  'attributed_origin',
  'attributed_campaign',
  'attributed_message_type',
  'attributed_audience',
  'attributed_at',
  'attributed_segments',
  'version',
  'stops',
] as const;

const valuesOf = (sign: 1 | -1, row: CountedRow): unknown[] =>
  columns.map((column) => (column === 'sign' ? sign : row[column]));
