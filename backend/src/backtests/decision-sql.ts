import type { ParameterValue } from '@secateur/sql';
import { type AskedField, attributeExpression, type FieldExpression } from '../conditions/index.js';
import type { AttributeDefinition } from '../contract/condition-fields.js';
import { machineProbabilitySql } from '../opt-outs/machine-signs.js';

const day = 86_400_000;

/** When a decision was received, in ms since the epoch: to it the conditions of its rules referred. */
export const receivedColumn = 'received_ms';

/**
 * Whether a decision's row tells the fact. What permissions were then stands in no column and is decided in permission.ts
 * alone, so rules that ask for it cannot be replayed by a statement.
 */
export const isRecorded = ({ field }: AskedField): boolean => field.group !== 'permission';

/**
 * The facts of one decision as `requestFact` answered them then, from the columns of its row. Of the stream's own facts
 * the context knows (`contexts.ts`): `context_category`, `context_origin`, `context_class`, `context_brand`.
 */
export class DecisionExpressions {
  readonly params: Record<string, ParameterValue> = {};
  /** Counts of engagement that were asked, by the column that holds them. */
  readonly #windows = new Map<string, string>();

  /** null for what is not recorded. */
  readonly expressionOf = (asked: AskedField): FieldExpression | null => {
    const { id, group, type } = asked.field;
    const name = id.slice(id.indexOf('.') + 1);
    switch (group) {
      case 'message':
        return messageExpression(name);
      case 'request':
        return requestExpression(name);
      case 'consent':
        return name === 'age_days'
          ? { sql: 'consent_age_days', nullable: true }
          : unlessEmpty(`consent_${name}`);
      case 'subscriber':
        return name === 'jurisdiction' ? unlessEmpty('jurisdiction') : sinceFirstSeen;
      case 'attributes':
        return attributeExpression(name.slice('attributes.'.length), type as AttributeDefinition['type']);
      case 'engagement':
        return this.#engagement(asked, name);
      default:
        if (id === 'segment') return { sql: 'segments', nullable: false };
        return id === 'churn.risk_30d' ? { sql: 'risk_30d', nullable: true } : null;
    }
  };

  /**
   * `seq` and a column for each count that was asked, as of when each decision was received; null where none was.
   * @param decisions a SELECT of `seq`, `person` and `received_at`
   */
  windowsSql(decisions: string): string | null {
    if (this.#windows.size === 0) return null;
    const counts = [...this.#windows].map(([name, sql]) => `${sql} AS ${name}`);
    return [
      `SELECT d.seq AS seq, ${counts.join(', ')}`,
      `FROM (${decisions}) AS d`,
      'INNER JOIN (SELECT person, stream, channel, category, type, occurred_at, received_at FROM events',
      "WHERE type = 'delivered' OR (type IN ('opened', 'clicked') AND NOT has(flags, 'machine'))) AS e",
      'ON e.person = d.person',
      'WHERE e.occurred_at > d.received_at - INTERVAL 90 DAY AND e.occurred_at <= d.received_at',
      'AND e.received_at <= d.received_at',
      'GROUP BY d.seq',
    ].join('\n');
  }

  #engagement({ parameter }: AskedField, name: string): FieldExpression | null {
    if (name === 'past_opt_outs') return { sql: 'past_opt_outs', nullable: false };
    const [, what, days] = /^(sends|opens|clicks)_(7|30|90)d$/.exec(name) ?? [];
    if (what !== undefined) {
      const only = parameter === null ? '' : ` AND e.${parameter.name} = ${this.#bind(parameter.value)}`;
      const since = `d.received_at - INTERVAL ${days} DAY`;
      const count = `countIf(e.type = '${eventOf[what]}' AND e.occurred_at > ${since}${only})`;
      const column = `window_${this.#windows.size}`;
      this.#windows.set(column, count);
      return { sql: `ifNull(${column}, 0)`, nullable: false };
    }
    const [, kind, last] = /^(last|days_since)_(delivery|open|click)$/.exec(name) ?? [];
    const column = lastColumn[last ?? ''];
    if (column === undefined) return null;
    const known = `toUnixTimestamp64Milli(${column}) != 0`;
    if (kind === 'last') return { sql: column, nullable: false, known };
    return { sql: daysSince(`toUnixTimestamp64Milli(${column})`), nullable: false, known };
  }

  #bind(value: string): string {
    const name = `decision_${Object.keys(this.params).length}`;
    this.params[name] = value;
    return `{${name}:String}`;
  }
}

const daysSince = (milliseconds: string): string => `floor((${receivedColumn} - ${milliseconds}) / ${day})`;

const unlessEmpty = (column: string): FieldExpression => ({
  sql: column,
  nullable: false,
  known: `${column} != ''`,
});

const sinceFirstSeen: FieldExpression = {
  sql: daysSince('toUnixTimestamp64Milli(first_seen_at)'),
  nullable: false,
  known: 'toUnixTimestamp64Milli(first_seen_at) != 0',
};

function messageExpression(name: string): FieldExpression {
  switch (name) {
    case 'channel':
      return { sql: 'channel', nullable: false };
    case 'category':
    case 'origin':
    case 'class':
    case 'brand':
      return unlessEmpty(`context_${name}`);
    default:
      return unlessEmpty(name);
  }
}

function requestExpression(name: string): FieldExpression {
  switch (name) {
    case 'asked':
      // The column holds JSON: "this", or a list of selectors.
      return {
        sql: "if(startsWith(asked, '['), 'picks', substring(asked, 2, length(asked) - 2))",
        nullable: false,
      };
    case 'hour':
      return { sql: "toHour(occurred_at, 'UTC')", nullable: false };
    case 'machine_probability':
      return { sql: `(${machineProbabilitySql})`, nullable: false };
    default:
      return unlessEmpty(name);
  }
}

const eventOf: Readonly<Record<string, string>> = { sends: 'delivered', opens: 'opened', clicks: 'clicked' };
const lastColumn: Readonly<Record<string, string>> = {
  delivery: 'last_delivered_at',
  open: 'last_opened_at',
  click: 'last_clicked_at',
};
