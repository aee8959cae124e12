import { EventsService, RulesService, SegmentsService, StreamsService } from '@secateur/backend/app';
import {
  BacktestsService,
  Past,
  type RuleSums,
  redecider,
  replayed,
  type StoredDecision,
} from '@secateur/backend/backtests';
import type { Backtest, BacktestCell } from '@secateur/backend/contract';
import type { RunningApp } from './app.js';
import { anyRules, day, eventsOf, streams, subscribersOf } from './backtest-log.js';
import { Calls } from './calls.js';
import { Random } from './random.js';

/** What a cell counts, made one by one; streams that went on are given as [streams, ended] of each decision. */
export interface NaiveCell {
  decisions: number;
  changed: number;
  stopped: number;
  would_stop: number;
  also: number;
  spared: number;
  would_end: NaiveFollowed;
  stays: NaiveFollowed;
}

interface NaiveFollowed {
  decisions: number;
  ended: number;
  of: number;
  repeated: number;
  complained: number;
}

export interface Naive {
  cells: Map<string, NaiveCell>;
  /** By the rule that decides, '' for none: of those open to rules, and of people who do not object to profiling. */
  byRule: Map<string, RuleSums>;
  /** Streams that would be stopped, of people who do not object. */
  wouldStop: number;
  all: number;
  unrecorded: number;
  unknown: number;
}

const followFor = 30 * day;
const door = { tolerance: 0, madeBy: 'sender' } as const;

/** A service with a log of a seed, decided while rules were published, rolled out and streams re-classed. */
export class BacktestWorld {
  readonly api: Calls;

  constructor(
    readonly app: RunningApp,
    private readonly random: Random,
    private readonly scale: { people: number; decisions: number },
  ) {
    this.api = new Calls(() => app);
  }

  /** @returns decisions made */
  async fill(now: number): Promise<void> {
    const { api, random, scale } = this;
    for (const [key, definition] of Object.entries(streams))
      await api.send('PUT', `/v1/streams/${key}`, definition);
    const attributes = [
      { name: 'orders', type: 'number' },
      { name: 'vip', type: 'boolean' },
      { name: 'plan', type: 'text' },
    ];
    await api.send('PUT', '/v1/segments/attributes', { attributes });
    const people = subscribersOf(random, scale.people);
    for (let from = 0; from < people.length; from += 5000)
      await api.profiles(...people.slice(from, from + 5000));
    const from = now - 85 * day;
    const third = (80 * day) / 3;
    const part = (index: number, share: number) =>
      this.#send(
        `part-${index}`,
        Math.round(scale.decisions * share),
        from + index * third,
        from + (index + 1) * third,
      );
    await part(0, 0.2);
    await api.send('PUT', '/v1/segments/buyers', {
      name: 'Buyers',
      condition: {
        combinator: 'and',
        rules: [{ field: 'subscriber.attributes.orders', operator: '>=', value: 10 }],
      },
    });
    await this.publish(anyRules(random, 2), 100);
    await api.send('PUT', '/v1/streams/updates', {
      ...streams.updates,
      class: 'informational',
      brand: 'outlet',
    });
    await part(1, 0.4);
    await this.publish(anyRules(random, 2), 40);
    await part(2, 0.4);
  }

  async publish(rules: readonly object[], percent: number): Promise<string> {
    const id = await this.draft(rules);
    const why = { why: 'a test' };
    await this.api.post(`/v1/rulesets/${id}/check`, {});
    await this.api.post(`/v1/rulesets/${id}/approve`, why);
    await this.api.post(`/v1/rulesets/${id}/publish`, { ...why, percent });
    return id;
  }

  async draft(rules: readonly object[]): Promise<string> {
    const { status, body } = await this.api.post('/v1/rulesets', { rules, note: 'generated' });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return (body as { id: string }).id;
  }

  async backtest(ruleset: string, days = 90): Promise<Backtest> {
    const service = this.app.app.get(BacktestsService);
    const { id } = service.start({ ruleset, days }, 'test', new Date());
    let last: Backtest | undefined;
    for await (const state of service.follow(id, 20)) last = state;
    if (last?.state !== 'done' || last.report === null) throw new Error(`${last?.state}: ${last?.error}`);
    return last;
  }

  /** The same sums of rules from the engine, by the id of the rule. */
  async triedOut({
    ruleset,
    from,
    to,
  }: Backtest): Promise<{ byRule: Map<string, RuleSums>; wouldStop: number }> {
    const rules = this.app.app.get(RulesService).read(ruleset);
    const tried = await this.app.app.get(BacktestsService).tryOut(rules, new Date(from), new Date(to));
    const idOf = (place: number) => (place === 0 ? '' : (rules[place - 1]?.rule.id ?? `no rule ${place}`));
    const byRule = new Map([...tried.byRule].map(([place, sums]) => [idOf(place), sums]));
    return { byRule, wouldStop: tried.wouldStop };
  }

  /** Every decision of a backtest's window decided again, one by one, and counted without the engine. */
  async naive({ ruleset, from, to }: Backtest): Promise<Naive> {
    const { app } = this;
    const segments = app.app.get(SegmentsService);
    const rules = replayed(app.app.get(RulesService).read(ruleset), (key) => segments.unchangedSince(key));
    const asked = redecider(ruleset, rules);
    const seqs = await app.engine.rows<{ seq: number }>(
      'test: seqs',
      `SELECT seq FROM decisions WHERE received_at >= '${sqlInstant(from)}' AND received_at < '${sqlInstant(to)}'
       AND type IN ('opted_out', 'complained') ORDER BY seq`,
    );
    const past = new Past(app.engine, app.app.get(StreamsService).catalogue);
    const found: Redecided[] = [];
    const numbers = seqs.map(({ seq }) => seq);
    for await (const { row, past: facts } of past.read(numbers)) {
      const decision = asked.decide(row, facts);
      found.push({ row, would: decision?.streamsStopped ?? null, rule: decision?.rule ?? '' });
    }
    return count(found, Date.parse(to), await this.#objectors());
  }

  /** Whoever said last not to be profiled. */
  async #objectors(): Promise<Set<string>> {
    const said = await this.app.engine.rows<{ id: string; subject: string; effect: string; voids: string }>(
      'test: objections',
      "SELECT id, subject, effect, voids FROM statements WHERE effect = 'void' OR selector LIKE '%class=profiling%' ORDER BY order_at, effect",
    );
    const voided = new Set(said.filter(({ effect }) => effect === 'void').map(({ voids }) => voids));
    const last = new Map<string, string>();
    for (const { id, subject, effect } of said)
      if (effect !== 'void' && !voided.has(id)) last.set(subject, effect);
    return new Set([...last].filter(([, effect]) => effect === 'opt_out').map(([subject]) => subject));
  }

  async #send(name: string, decisions: number, from: number, to: number): Promise<void> {
    const rows = eventsOf(this.random, name, { people: this.scale.people, decisions, from, to });
    const events = this.app.app.get(EventsService);
    for (let at = 0; at < rows.length; at += 10_000) {
      const { rejected } = await events.accept(rows.slice(at, at + 10_000), door, Date.now());
      if (rejected[0] !== undefined) throw new Error(JSON.stringify(rejected[0]));
    }
  }
}

const sqlInstant = (iso: string): string => iso.replace('T', ' ').replace('Z', '');

const key = (segment: string | null, stream: string | null, trigger: string | null): string =>
  JSON.stringify([segment ?? '', stream ?? '', trigger ?? '']);

export const keyOf = ({ segment, stream, trigger }: BacktestCell): string => key(segment, stream, trigger);

interface Redecided {
  row: StoredDecision;
  would: readonly string[] | null;
  rule: string;
}

function count(found: readonly Redecided[], knownAt: number, objectors: ReadonlySet<string>): Naive {
  const cells = new Map<string, NaiveCell>();
  const byRule = new Map<string, RuleSums>();
  let [unrecorded, unknown, wouldStop] = [0, 0, 0];
  const subjectOf = ({ row }: (typeof found)[number]) =>
    /^[0-]*$/.test(row.person) ? row.identifier : row.person;
  const bySubject = new Map<string, (typeof found)[number][]>();
  for (const each of found) {
    const list = bySubject.get(subjectOf(each));
    if (list === undefined) bySubject.set(subjectOf(each), [each]);
    else list.push(each);
  }
  const orderOf = ({ row }: (typeof found)[number]) =>
    Math.min(Date.parse(row.occurred_at), Date.parse(row.received_at));
  for (const each of found) {
    const { row, would } = each;
    if (row.recorded === 0) unrecorded += 1;
    else if (would === null) unknown += 1;
    if (would === null) continue;
    if (!objectors.has(row.person)) wouldStop += would.length;
    const at = orderOf(each);
    const own = bySubject.get(subjectOf(each)) ?? [];
    const second = Math.floor(at / 1000);
    const later = own.filter((other) => {
      const seconds = Math.floor(orderOf(other) / 1000) - second;
      return seconds >= 1 && seconds <= followFor / 1000;
    });
    const ended = new Set(later.flatMap((other) => other.row.streams_stopped));
    const repeated = later.some(
      (other) => other.row.type === 'complained' || other.row.streams_stopped.length > 0,
    );
    const complained = later.some((other) => other.row.type === 'complained');
    const isFollowed = at + followFor <= knownAt;
    if (row.reach_open && !objectors.has(row.person)) {
      const sums = byRule.get(each.rule) ?? { n: 0, followed: 0, repeats: 0, complaints: 0 };
      byRule.set(each.rule, sums);
      sums.n += 1;
      sums.followed += Number(isFollowed);
      sums.repeats += Number(isFollowed && repeated);
      sums.complaints += Number(isFollowed && complained);
    }
    const stopped = row.streams_stopped;
    const also = would.filter((stream) => !stopped.includes(stream));
    const spared = stopped.filter((stream) => !would.includes(stream));
    const all = new Set([...stopped, ...would, ...row.streams_kept]);
    for (const segment of ['', ...row.segments])
      for (const trigger of new Set(['', row.trigger]))
        for (const stream of ['', ...all]) {
          const of = (list: readonly string[]) =>
            stream === '' ? list : list.filter((one) => one === stream);
          const cell = cells.get(key(segment, stream, trigger)) ?? emptyCell();
          cells.set(key(segment, stream, trigger), cell);
          cell.decisions += 1;
          cell.changed += Number(of(also).length + of(spared).length > 0);
          cell.stopped += of(stopped).length;
          cell.would_stop += of(would).length;
          cell.also += of(also).length;
          cell.spared += of(spared).length;
          if (!isFollowed) continue;
          const kept = of(row.streams_kept);
          for (const [into, streams] of [
            [cell.would_end, kept.filter((one) => also.includes(one))],
            [cell.stays, kept.filter((one) => !also.includes(one))],
          ] as const) {
            if (streams.length === 0) continue;
            into.decisions += 1;
            into.of += streams.length;
            into.ended += streams.filter((one) => ended.has(one)).length;
            into.repeated += Number(repeated);
            into.complained += Number(complained);
          }
        }
  }
  return { cells, byRule, wouldStop, all: found.length, unrecorded, unknown };
}

const nobody = (): NaiveFollowed => ({ decisions: 0, ended: 0, of: 0, repeated: 0, complained: 0 });
const emptyCell = (): NaiveCell => ({
  decisions: 0,
  changed: 0,
  stopped: 0,
  would_stop: 0,
  also: 0,
  spared: 0,
  would_end: nobody(),
  stays: nobody(),
});

/** The same figures of a cell of the report. */
export function countsOf(cell: BacktestCell): NaiveCell {
  const followed = ({ decisions, ended, repeated, complained }: BacktestCell['stays']): NaiveFollowed => ({
    decisions,
    ended: ended.n,
    of: ended.of,
    repeated: repeated.n,
    complained: complained.n,
  });
  const { decisions, changed, stopped, would_stop, also, spared, would_end, stays } = cell;
  return {
    decisions,
    changed,
    stopped,
    would_stop,
    also,
    spared,
    would_end: followed(would_end),
    stays: followed(stays),
  };
}
