import type { ParameterValue } from '@secateur/sql';
import { compileSql } from '../conditions/index.js';
import type { Contexts } from './contexts.js';
import { DecisionExpressions, receivedColumn } from './decision-sql.js';
import type { ReplayedRule } from './draft.js';

/** What is replayed. */
export interface ReplayWindow {
  /** Received from then on … */
  from: Date;
  /** … and before. */
  to: Date;
  /** The last sequence number that was known. */
  known: number;
  /** Ms since the epoch: what followed by then is counted. */
  knownAt: number;
  /** Leaves out who objects to profiling: nothing is suggested from what they did. */
  withoutObjectors?: boolean;
}

/** How long is waited for another opt-out: one in the same second belongs to the same act. */
export const followDays = 30;
const followSeconds = followDays * 86_400;

/** One cell of the answer: of a segment, a stream and a trigger; '' for all of a kind. */
export interface ReplayRow {
  segment: string;
  stream: string;
  trigger: string;
  /** Decisions of the cell: that concern the stream, where one is named. */
  decisions: number;
  /** … where rules were looked at then, or would have been. */
  open: number;
  /** … that cannot be replayed: from before facts were recorded, or the first rule in question asks what was not. */
  unrecorded: number;
  unknown: number;
  changed: number;
  /** Streams that stopped, and that the other rules would stop. */
  stopped: number;
  would_stop: number;
  /** Streams that they would stop beside, and that they would leave. */
  also: number;
  spared: number;
  /** Sums over decisions followed to the end, of streams that went on: how many, and how many ended within 30 days. */
  stays: ClusterSums;
  also_kept: ClusterSums;
  /** Kept streams whose 30 days are not over. */
  following: number;
  /** Sequence numbers of some decisions that change. */
  samples: number[];
  /**
   * Of the row of everything, what became of the decisions that each rule (its number, from 1) would decide; 0 for those
   * that no rule would.
   */
  by_rule: Record<string, RuleSums>;
}

/** Decisions; those of them that were followed for 30 days; of these, those that another opt-out or a complaint followed. */
export interface RuleSums {
  n: number;
  followed: number;
  repeats: number;
  complaints: number;
}

/**
 * Sums over clusters (decisions) that have at least one stream in question: p streams, of which e ended.
 * `repeats` are the decisions that were followed by any other opt-out or complaint, `complaints` by a complaint.
 */
export interface ClusterSums {
  n: number;
  p: number;
  e: number;
  pp: number;
  ee: number;
  pe: number;
  repeats: number;
  complaints: number;
}

export interface ReplayStatement {
  sql: string;
  params: Record<string, ParameterValue>;
}

const inWindow =
  "received_at >= {from:DateTime64(3)} AND received_at < {to:DateTime64(3)} AND seq <= {known:UInt64} AND type IN ('opted_out', 'complained')";
/** What followed may have been received after the window. */
const sinceWindow =
  "received_at >= {from:DateTime64(3)} AND seq <= {known:UInt64} AND type IN ('opted_out', 'complained')";

/**
 * Decides every decision of the window anew by other rules, and counts what changes: one statement, whose answer has a
 * row for each cell in which anything stopped, changed or went on.
 *
 * The state of a decision: 0 rules were not looked at, 1 replayed, 2 unrecorded, 3 unknown. `fired` is the number of the
 * first rule that matches, from 1; 0 for none.
 */
export function replaySql(
  rules: readonly ReplayedRule[],
  { contexts, sets }: Contexts,
  { from, to, known, knownAt, withoutObjectors = false }: ReplayWindow,
  changes: readonly number[],
): ReplayStatement {
  const { sql: decided, params } = decidedSql(rules, { contexts, sets }, changes);
  const sql = `
WITH
follow AS
(
  SELECT seq,
    countIf(type = 'complained' OR notEmpty(streams_stopped)) OVER later AS repeats,
    countIf(type = 'complained') OVER later AS complaints,
    groupArrayArray(streams_stopped) OVER later AS ended
  FROM decisions
  WHERE ${sinceWindow}
  WINDOW later AS
  (
    PARTITION BY if(person = toUUID('00000000-0000-0000-0000-000000000000'), identifier, person)
    ORDER BY toInt64(toUnixTimestamp64Second(order_at)) RANGE BETWEEN 1 FOLLOWING AND ${followSeconds} FOLLOWING
  )
),
decided AS
(
${decided}
),
compared AS
(
  SELECT segments, trigger, state, if(state = 1, toUInt32(fired), 0) AS rule, stopped, would_stop, kept,
    arrayFilter(x -> NOT has(stopped, x), would_stop) AS also,
    arrayFilter(x -> NOT has(would_stop, x), stopped) AS spared,
    order_ms + ${followSeconds * 1000} <= {known_at:Int64} AS is_followed,
    arrayFilter(x -> has(ended, x), kept) AS kept_ended, repeats > 0 AS is_repeated, complaints > 0 AS is_complained,
    count() AS n, groupArraySample(2, 1)(seq) AS seqs
  FROM decided
  INNER JOIN follow USING (seq)${
    withoutObjectors
      ? `
  WHERE who NOT IN (${objectors})`
      : ''
  }
  GROUP BY segments, trigger, state, rule, stopped, would_stop, kept, also, spared, is_followed, kept_ended, is_repeated, is_complained
),
placed AS
(
  SELECT n, seqs, state, rule, state IN (0, 1) AS is_replayed, is_followed, is_repeated, is_complained,
    arrayJoin(arrayConcat([''], segments)) AS segment,
    arrayJoin(if(trigger = '', [''], ['', trigger])) AS cell_trigger,
    arrayJoin(arrayConcat([''], arrayDistinct(arrayConcat(stopped, would_stop, kept)))) AS stream,
    ${lengths({ stopped: 'stopped', would_stop: 'would_stop', also: 'also', spared: 'spared', kept: 'kept' })},
    ${lengths({ also_p: 'arrayFilter(x -> has(also, x), kept)', also_e: 'arrayFilter(x -> has(also, x), kept_ended)' })},
    n_kept - n_also_p AS n_stays_p, toUInt64(if(stream = '', length(kept_ended), has(kept_ended, stream))) - n_also_e AS n_stays_e
  FROM compared
)
SELECT segment, stream, cell_trigger AS trigger,
  sum(n) AS decisions, sumIf(n, state = 1) AS open, sumIf(n, state = 2) AS unrecorded, sumIf(n, state = 3) AS unknown,
  sumIf(n, is_replayed AND n_also + n_spared > 0) AS changed,
  sumIf(n * n_stopped, is_replayed) AS stopped,
  sumIf(n * n_would_stop, is_replayed) AS would_stop,
  sumIf(n * n_also, is_replayed) AS also,
  sumIf(n * n_spared, is_replayed) AS spared,
  ${clusterSums('stays')} AS stays,
  ${clusterSums('also')} AS also_kept,
  sumIf(n * n_kept, is_replayed AND NOT is_followed) AS following,
  groupArrayArrayIf(${mostSamples})(seqs, segment = '' AND stream = '' AND cell_trigger = '' AND is_replayed AND n_also + n_spared > 0) AS samples,
  ${ruleSums()} AS by_rule
FROM placed
GROUP BY segment, stream, trigger
ORDER BY segment, stream, trigger`;
  return { sql, params: { ...params, from, to, known, known_at: knownAt } };
}

/** Decisions that change and are kept to be opened. */
const mostSamples = 60;

/** How many streams of a list count for the cell: all of them, or whether its own is among them. */
function lengths(lists: Readonly<Record<string, string>>): string {
  return Object.entries(lists)
    .map(([name, list]) => `toUInt64(if(stream = '', length(${list}), has(${list}, stream))) AS n_${name}`)
    .join(',\n    ');
}

/** As a named tuple, which the engine answers as an object. */
function clusterSums(what: 'stays' | 'also'): string {
  const [p, e] = [`n_${what}_p`, `n_${what}_e`];
  const counts = `is_replayed AND is_followed AND ${p} > 0`;
  const sums = {
    n: 'n',
    p: `n * ${p}`,
    e: `n * ${e}`,
    pp: `n * ${p} * ${p}`,
    ee: `n * ${e} * ${e}`,
    pe: `n * ${p} * ${e}`,
    repeats: 'n * is_repeated',
    complaints: 'n * is_complained',
  };
  const names = Object.keys(sums).map((name) => `${name} UInt64`);
  const values = Object.values(sums).map((value) => `sumIf(${value}, ${counts})`);
  return `CAST(tuple(${values.join(', ')}), 'Tuple(${names.join(', ')})')`;
}

/** As a map by rule, of the row of everything alone. */
function ruleSums(): string {
  const counted = "segment = '' AND stream = '' AND cell_trigger = '' AND state = 1";
  const sums = {
    n: 'n',
    followed: 'n * is_followed',
    repeats: 'n * (is_followed AND is_repeated)',
    complaints: 'n * (is_followed AND is_complained)',
  };
  const names = Object.keys(sums).map((name) => `${name} UInt64`);
  const maps = Object.values(sums).map((value) => `sumMapIf(map(rule, toUInt64(${value})), ${counted})`);
  const tuples = `mapApply((k, v) -> (toString(k), CAST(tuple(v, ${maps
    .slice(1)
    .map((map) => `(${map})[k]`)
    .join(', ')}), 'Tuple(${names.join(', ')})')), ${maps[0]})`;
  return tuples;
}

/** Who objects to profiling, as in churn/risks. */
const objectors = `
    SELECT subject FROM statements
    WHERE position(selector, 'class=profiling') > 0 AND id NOT IN (SELECT voids FROM statements WHERE effect = 'void')
    GROUP BY subject
    HAVING argMax(effect, (order_at, effect)) = 'opt_out'`;

/** A row for each decision of the window: what it stopped and what these rules would stop. */
function decidedSql(
  rules: readonly ReplayedRule[],
  { contexts, sets }: Contexts,
  changes: readonly number[],
): { sql: string; params: Record<string, ParameterValue> } {
  const expressions = new DecisionExpressions();
  const params: Record<string, ParameterValue> = {};
  const steps = rules.map(({ rule, condition, knownFrom }, index) => {
    if (knownFrom === Number.POSITIVE_INFINITY) return `true, -${index + 1}`;
    const compiled = compileSql(condition, {
      expressionOf: expressions.expressionOf,
      now: { sql: receivedColumn },
      prefix: `r${index}_`,
    });
    if (!compiled.ok)
      throw new Error(`rule ${rule.id} asks for ${compiled.faults[0]?.path ?? 'what'} that is not known`);
    for (const [name, value] of Object.entries(compiled.params)) params[name] = value as ParameterValue;
    const matched = `${compiled.sql}, ${index + 1}`;
    return knownFrom === 0 ? matched : `seq < ${Math.ceil(knownFrom)}, -${index + 1}, ${matched}`;
  });
  const fired = steps.length === 0 ? '0' : `toInt32(multiIf(${steps.join(', ')}, 0))`;
  const windows = expressions.windowsSql(
    `SELECT seq, person, received_at FROM decisions WHERE ${inWindow} AND reach_open`,
  );
  const sql = `
  SELECT seq, person AS who, segments, trigger, stopped, kept, order_ms, fired,
    multiIf(recorded = 0, 2, NOT reach_open, 0, fired < 0 OR is_unknown[fired + 1] = 1, 3, 1) AS state,
    if(state = 1 AND fired > 0, arrayDistinct(arrayConcat(stopped_without_rules,
      arrayFilter(x -> has({sets:Array(Array(String))}[on_channel[fired + 1]], x), stoppable_on_channel),
      arrayFilter(x -> has({sets:Array(Array(String))}[anywhere[fired + 1]], x), stoppable_anywhere))),
      if(state = 1, stopped_without_rules, stopped)) AS would_stop
  FROM
  (
    SELECT *, ${fired} AS fired
    FROM
    (
      SELECT *, streams_stopped AS stopped, streams_kept AS kept, toUnixTimestamp64Milli(received_at) AS ${receivedColumn},
        toUnixTimestamp64Milli(order_at) AS order_ms,
        toUInt32(arrayCount(change -> change <= order_ms, {changes:Array(Int64)})) AS epoch
      FROM decisions
      WHERE ${inWindow}
    ) AS d
    LEFT JOIN
    (
      SELECT c.1 AS catalogue, c.2 AS channel, c.3 AS stream, c.4 AS category, c.5 AS origin, c.6 AS epoch,
        c.7 AS context_category, c.8 AS context_origin, c.9 AS context_class, c.10 AS context_brand,
        c.11 AS on_channel, c.12 AS anywhere, c.13 AS is_unknown
      FROM
      (
        SELECT JSONExtract(arrayJoin(splitByChar('\\n', {contexts:String})), 'Tuple(String, String, String, String, String, UInt32, String, String, String, String, Array(UInt32), Array(UInt32), Array(UInt8))') AS c
      )
    ) AS context USING (catalogue, channel, stream, category, origin, epoch)${
      windows === null ? '' : `\n    LEFT JOIN (${windows}) AS windows USING (seq)`
    }
  )`;
  return {
    sql,
    params: {
      ...params,
      ...expressions.params,
      changes: [...changes],
      sets: sets.map((set) => [...set]),
      contexts: contexts.map(contextLine).join('\n'),
    } as unknown as Record<string, ParameterValue>,
  };
}

function contextLine(one: Contexts['contexts'][number]): string {
  return JSON.stringify([
    one.catalogue,
    one.channel,
    one.stream,
    one.category,
    one.origin,
    one.epoch,
    one.context_category,
    one.context_origin,
    one.context_class,
    one.context_brand,
    one.on_channel,
    one.anywhere,
    one.is_unknown,
  ]);
}
