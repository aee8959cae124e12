import { sampleValue } from './column-type.js';
import type { Engine } from './engine.js';
import { inUtc, type ParameterValue } from './parameters.js';
import { queryColumns } from './queries.generated.js';
import type { NamedQuery } from './query.js';

/** Name and ClickHouse type, in the order of the SELECT. */
export type Column = readonly [name: string, type: string];

/**
 * The columns that a query answers with on this engine.
 * Described once for each value of a closed choice, because a choice is a constant to the engine and could
 * change a type.
 *
 * @throws Error if the columns differ between choices
 * @throws QueryFailedError if the engine refuses the query
 */
export async function describe<Shapes>(engine: Engine<Shapes>, query: NamedQuery): Promise<Column[]> {
  const samples = Object.fromEntries(
    query.parameters.map(({ name, type }): [string, ParameterValue] => {
      const first = query.choices.get(name)?.[0];
      const value = sampleValue(type);
      return [name, first === undefined ? value : Array.isArray(value) ? [first] : first];
    }),
  );
  const columns = await describeWith(engine, query, samples);
  for (const [name, values] of query.choices) {
    for (const value of values.slice(1)) {
      const chosen = Array.isArray(samples[name]) ? [value] : value;
      const others = await describeWith(engine, query, { ...samples, [name]: chosen });
      if (JSON.stringify(others) !== JSON.stringify(columns)) {
        throw new Error(`${query.name}: the columns change with ${name} = ${value}: make it a second file`);
      }
    }
  }
  return columns;
}

async function describeWith<Shapes>(
  engine: Engine<Shapes>,
  query: NamedQuery,
  samples: Record<string, ParameterValue>,
): Promise<Column[]> {
  const sql = `DESCRIBE TABLE (\n${inUtc(query.sql)}\n)`;
  const rows = await engine.rows<{ name: string; type: string }>(query.name, sql, samples);
  return rows.map(({ name, type }): Column => [name, type]);
}

/**
 * Compares every named query on the configured engine with what the code was generated from.
 * @throws Error with the list of mismatches; a query that the engine refuses is one
 * @throws EngineAwayError if the engine cannot answer now
 */
export async function checkQueries<Shapes>(
  engine: Engine<Shapes>,
  expected: Readonly<Record<string, readonly Column[]>> = queryColumns,
): Promise<void> {
  const names = [...new Set([...engine.queries.keys(), ...Object.keys(expected)])].sort();
  const found = await Promise.all(names.map((name) => mismatch(engine, name, expected[name])));
  const mismatches = found.filter((each) => each !== undefined);
  if (mismatches.length > 0) {
    throw new Error(
      `${mismatches.length} of ${names.length} queries differ from the code:\n${mismatches.join('\n')}`,
    );
  }
}

async function mismatch<Shapes>(
  engine: Engine<Shapes>,
  name: string,
  expected: readonly Column[] | undefined,
): Promise<string | undefined> {
  const query = engine.queries.get(name);
  if (query === undefined) return `${name}: its file is gone`;
  if (expected === undefined) return `${name}: not in the generated types, run pnpm sql:generate`;
  try {
    const text = (columns: readonly Column[]): string => columns.map((column) => column.join(' ')).join(', ');
    const actual = await describe(engine, query);
    return text(actual) === text(expected)
      ? undefined
      : `${name}: expected ${text(expected)} but got ${text(actual)}`;
  } catch (error) {
    if (error instanceof Error && error.name === 'EngineAwayError') throw error;
    return `${name}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
