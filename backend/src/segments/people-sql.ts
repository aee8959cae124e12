import type { ParameterValue } from '@secateur/sql';
import {
  type AskedField,
  attributeExpression,
  type CompiledSql,
  compileSql,
  type FieldExpression,
  type Group,
  leavesOf,
} from '../conditions/index.js';
import type { AttributeDefinition } from '../contract/condition-fields.js';
import type { CompiledSegment } from './segment-set.js';

const day = 86_400_000;

/**
 * A statement over everybody does not know permissions: what covers, lifts and holds is decided in permission.ts alone.
 * Segments that ask for them, or use one that does, are evaluated by closure over pages of people.
 */
export function isKnownToSql({ field }: AskedField): boolean {
  return field.group !== 'permission';
}

/** Segments in the order of the set that a statement can evaluate. */
export function segmentsInSql(segments: readonly CompiledSegment[]): CompiledSegment[] {
  const found = new Map<string, CompiledSegment>();
  for (const segment of segments) {
    const isKnown = leavesOf(segment.condition).every(({ field }) => isKnownToSql(field));
    if (isKnown && segment.uses.every((key) => found.has(key))) found.set(segment.key, segment);
  }
  return [...found.values()];
}

export interface Statement {
  readonly sql: string;
  readonly params: Readonly<Record<string, ParameterValue>>;
}

/** What the statement evaluates: keys that the engine never sees but as bound values. */
type Evaluated = Pick<CompiledSegment, 'key' | 'condition' | 'uses'>;

/**
 * A SELECT with `person` and, for each segment, `m0`, `m1` … : whether the person belongs to it at that instant. The
 * same answers as SegmentSet.evaluate gives.
 *
 * @param segments each behind those it uses
 * @param people a SELECT of `person` that says who is asked about, its parameters bound by the caller; everybody without
 */
export function evaluationSql(segments: readonly Evaluated[], now: number, people?: string): Statement {
  const writer = new PeopleWriter(now, people);
  // A layer of SELECT for each step of use: an alias used in its own SELECT would be written out again at each use.
  const layers: string[][] = [];
  const layerOf = new Map<string, number>();
  for (const [index, segment] of segments.entries()) {
    const compiled = writer.condition(segment, index, segments);
    if (!compiled.ok) throw new Error(`segment ${segment.key} cannot be asked of everybody`);
    const layer = Math.max(0, ...segment.uses.map((key) => 1 + (layerOf.get(key) ?? 0)));
    layerOf.set(segment.key, layer);
    layers[layer] = [...(layers[layer] ?? []), `${compiled.sql} AS m${index}`];
  }
  let sql = writer.people();
  for (const columns of layers) sql = `SELECT *, ${columns.join(', ')} FROM (${sql})`;
  return { sql, params: writer.params };
}

class PeopleWriter {
  readonly params: Record<string, ParameterValue> = {};
  /** Expressions of the innermost SELECT, by the name under which the conditions know them. */
  readonly #columns = new Map<string, string>();
  readonly #windows = new Map<string, string>();
  readonly #known = new Map<string, FieldExpression | null>();
  #asksEngagement = false;
  #asksOptOuts = false;
  #asksRisk = false;

  constructor(
    private readonly now: number,
    private readonly only: string | undefined,
  ) {}

  condition(segment: Evaluated, index: number, all: readonly Evaluated[]): CompiledSql {
    const used = segment.uses.map((key) => {
      const place = all.findIndex((one) => one.key === key);
      return `if(m${place}, [${this.#bind(key, 'String')}], [])`;
    });
    const compiled = compileSql(segment.condition, {
      expressionOf: (field) => this.#expression(field, used),
      now: this.now,
      prefix: `c${index}_`,
    });
    if (compiled.ok) for (const [name, value] of Object.entries(compiled.params)) this.params[name] = value;
    return compiled;
  }

  /** `person` and what the conditions ask, to be read when all are compiled. */
  people(): string {
    const inner = [...this.#columns].map(([name, sql]) => `${sql} AS ${name}`);
    const only = this.only === undefined ? '' : ` WHERE person IN (${this.only})`;
    const and = this.only === undefined ? '' : ` AND person IN (${this.only})`;
    const joins: string[] = [];
    if (this.#asksEngagement) {
      joins.push(
        'LEFT JOIN (SELECT person, max(last_delivered_at) AS delivered_at, max(last_opened_at) AS opened_at, ' +
          `max(last_clicked_at) AS clicked_at FROM engagement${only} GROUP BY person) AS e ON e.person = s.person`,
      );
    }
    if (this.#windows.size > 0) {
      const counts = [...this.#windows].map(([name, sql]) => `${sql} AS ${name}`);
      joins.push(
        `LEFT JOIN (SELECT person, ${counts.join(', ')} FROM events WHERE occurred_at > ${this.#instant(-90)} AND ` +
          `occurred_at <= ${this.#instant(0)} AND (type = 'delivered' OR (type IN ('opened', 'clicked') AND ` +
          `NOT has(flags, 'machine')))${and} GROUP BY person) AS w ON w.person = s.person`,
      );
    }
    if (this.#asksOptOuts) {
      joins.push(
        'LEFT JOIN (SELECT t.person AS person, uniqExact(t.decision) AS opt_outs FROM (SELECT subject, person, decision FROM ' +
          `statements WHERE effect = 'opt_out'${and}) AS t INNER JOIN (SELECT person, arrayJoin([person, email_id, ` +
          `phone_id, push_id]) AS subject FROM subjects FINAL${only}) AS o ON o.person = t.person AND ` +
          'o.subject = t.subject GROUP BY t.person) AS o ON o.person = s.person',
      );
    }
    if (this.#asksRisk) {
      joins.push(
        'LEFT JOIN (SELECT person, max(risk_30d) AS highest_30d FROM churn_scores WHERE t0 = (SELECT max(t0) FROM ' +
          `churn_scorings)${and} AND person NOT IN (${objectors}) GROUP BY person) AS r ON r.person = s.person`,
      );
    }
    return [
      `SELECT ${['s.person AS person', ...inner].join(', ')}`,
      'FROM (SELECT person, jurisdiction, attributes, first_seen_at, ' +
        `toUnixTimestamp64Milli(first_seen_at) AS first_seen_ms FROM subjects FINAL${only}) AS s`,
      ...joins,
    ].join('\n');
  }

  #expression(asked: AskedField, usedSegments: readonly string[]): FieldExpression | null {
    if (asked.id === 'segment') {
      this.#asksEngagement = true;
      if (!this.#columns.has('built_in')) this.#columns.set('built_in', this.#builtIn());
      return { sql: `arrayConcat(${['built_in', ...usedSegments].join(', ')})`, nullable: false };
    }
    let known = this.#known.get(asked.id);
    if (known === undefined) {
      known = this.#column(asked);
      this.#known.set(asked.id, known);
    }
    return known;
  }

  /** A column of the innermost SELECT, so that what is dear is worked out once. */
  #column(asked: AskedField): FieldExpression | null {
    const { field } = asked;
    const name = field.id.slice(field.id.indexOf('.') + 1);
    if (field.id === 'churn.risk_30d') {
      this.#asksRisk = true;
      this.#columns.set('risk_30d', 'r.highest_30d');
      return { sql: 'risk_30d', nullable: true };
    }
    if (field.group === 'attributes') {
      return this.#attribute(name.slice('attributes.'.length), field.type as AttributeDefinition['type']);
    }
    if (field.group === 'subscriber') return this.#subscriber(name);
    return field.group === 'engagement' ? this.#engagement(asked, name) : null;
  }

  #subscriber(name: string): FieldExpression | null {
    if (name === 'jurisdiction') {
      this.#columns.set('jurisdiction', 'toString(s.jurisdiction)');
      return { sql: 'jurisdiction', nullable: false, known: "jurisdiction != ''" };
    }
    if (name !== 'tenure_days') return null;
    this.#columns.set('tenure_days', this.#daysSince('s.first_seen_ms'));
    return { sql: 'tenure_days', nullable: false };
  }

  #attribute(name: string, type: AttributeDefinition['type']): FieldExpression {
    const { sql, params } = attributeExpression(name, type, 's.attributes');
    Object.assign(this.params, params);
    const column = `attribute_${this.#columns.size}`;
    this.#columns.set(column, sql);
    return { sql: column, nullable: true };
  }

  #engagement({ parameter }: AskedField, name: string): FieldExpression | null {
    if (name === 'past_opt_outs') {
      this.#asksOptOuts = true;
      this.#columns.set('past_opt_outs', 'ifNull(o.opt_outs, 0)');
      return { sql: 'past_opt_outs', nullable: false };
    }
    const [, what, days] = /^(sends|opens|clicks)_(7|30|90)d$/.exec(name) ?? [];
    if (what !== undefined) {
      const only =
        parameter === null ? '' : ` AND ${parameter.name} = ${this.#bind(parameter.value, 'String')}`;
      const count = `countIf(type = '${eventOf[what]}' AND occurred_at > ${this.#instant(-Number(days))}${only})`;
      const column = `window_${this.#windows.size}`;
      this.#windows.set(column, count);
      this.#columns.set(`${column}_count`, `ifNull(w.${column}, 0)`);
      return { sql: `${column}_count`, nullable: false };
    }
    const [, kind, last] = /^(last|days_since)_(delivery|open|click)$/.exec(name) ?? [];
    if (last === undefined) return null;
    this.#asksEngagement = true;
    const source = `e.${lastColumn[last]}`;
    const column = `last_${last}`;
    // The epoch stands for never.
    this.#columns.set(column, `nullIf(${source}, fromUnixTimestamp64Milli(0, 'UTC'))`);
    if (kind === 'last') return { sql: column, nullable: true };
    const since = `days_since_${last}`;
    this.#columns.set(since, this.#daysSince(`toUnixTimestamp64Milli(${column})`));
    return { sql: since, nullable: true };
  }

  /** As built-in.ts and segment_sizes.sql say. */
  #builtIn(): string {
    const last = 'ifNull(toUnixTimestamp64Milli(greatest(e.opened_at, e.clicked_at)), 0)';
    const ago = (days: number) => this.#bind(this.now - days * day, 'Int64');
    return (
      "arrayFilter(x -> x NOT IN ('country:', 'plan:'), [" +
      "concat('country:', multiIf(JSONType(s.attributes, 'country') = 'Null', substring(s.jurisdiction, 1, 2), " +
      "JSONType(s.attributes, 'country') = 'String', JSONExtractString(s.attributes, 'country'), '')), " +
      "concat('plan:', if(JSONType(s.attributes, 'plan') = 'String', JSONExtractString(s.attributes, 'plan'), '')), " +
      `concat('engagement:', multiIf(${last} = 0 AND s.first_seen_ms > ${ago(14)}, 'new', ${last} = 0, 'dormant', ` +
      `${last} > ${ago(30)}, 'active', ${last} > ${ago(90)}, 'lapsing', 'dormant'))])`
    );
  }

  #daysSince(milliseconds: string): string {
    return `floor((${this.#bind(this.now, 'Int64')} - ${milliseconds}) / ${day})`;
  }

  #instant(days: number): string {
    return `fromUnixTimestamp64Milli(${this.#bind(this.now + days * day, 'Int64')}, 'UTC')`;
  }

  #bind(value: ParameterValue, type: string): string {
    const name = `v${Object.keys(this.params).length}`;
    this.params[name] = value;
    return `{${name}:${type}}`;
  }
}

/** Whoever said no to profiling is not profiled: as in churn/risk_by_person. */
const objectors =
  "SELECT subject FROM statements WHERE position(selector, 'class=profiling') > 0 AND id NOT IN (SELECT voids FROM " +
  "statements WHERE effect = 'void') GROUP BY subject HAVING argMax(effect, (order_at, effect)) = 'opt_out'";

const eventOf: Readonly<Record<string, string>> = { sends: 'delivered', opens: 'opened', clicks: 'clicked' };
const lastColumn: Readonly<Record<string, string>> = {
  delivery: 'delivered_at',
  open: 'opened_at',
  click: 'clicked_at',
};
/**
 * Whom the statement finds in other segments than the ledger has them in, in the order of their ids: `person`.
 * @param segments evaluated: those compared and those they use
 * @param apart keys that are not compared: nobody enters or leaves them by this statement
 */
export function candidatesSql(
  segments: readonly CompiledSegment[],
  apart: readonly string[],
  now: number,
  people?: string,
): Statement {
  const { sql, params } = evaluationSql(segments, now, people);
  const sorted = segments
    .map(({ key }, index) => ({ key, index }))
    .filter(({ key }) => !apart.includes(key))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const names: Record<string, ParameterValue> = {};
  const inside = sorted.map(({ key, index }) => {
    names[`key${index}`] = key;
    return `if(m${index}, [{key${index}:String}], [])`;
  });
  const only = people === undefined ? '' : ` AND person IN (${people})`;
  const belongs = inside.length === 0 ? "CAST([], 'Array(String)')" : `arrayConcat(${inside.join(', ')})`;
  return {
    sql: [
      'SELECT found.person AS person',
      `FROM (SELECT person, ${belongs} AS inside FROM (${sql})) AS found`,
      'LEFT JOIN (SELECT person, arraySort(groupArray(toString(segment))) AS known FROM members FINAL',
      `WHERE edge = 'entered' AND segment NOT IN {apart:Array(String)}${only} GROUP BY person) AS ledger`,
      'ON ledger.person = found.person',
      'WHERE found.inside != ledger.known AND found.person > {after:UUID}',
      'ORDER BY person LIMIT {limit:UInt32}',
    ].join('\n'),
    params: { ...params, ...names, apart },
  };
}

/** How many people there are, how many belong to a condition, and some of them. */
export function previewSql(
  condition: Group,
  uses: readonly CompiledSegment[],
  direct: readonly string[],
  now: number,
): Statement {
  const asked = { key: '', condition, uses: direct };
  const { sql, params } = evaluationSql([...uses, asked], now);
  const place = `m${uses.length}`;
  return {
    sql: `SELECT count() AS people, countIf(${place}) AS found, groupArrayIf(100)(person, ${place}) AS sample FROM (${sql})`,
    params,
  };
}

/** Those segments and all they use, each behind what it uses. */
export function withUsed<Segment extends { key: string; uses: readonly string[] }>(
  keys: Iterable<string>,
  ordered: readonly Segment[],
): Segment[] {
  const needed = new Set(keys);
  for (const { key, uses } of [...ordered].reverse()) {
    if (needed.has(key)) for (const used of uses) needed.add(used);
  }
  return ordered.filter(({ key }) => needed.has(key));
}
