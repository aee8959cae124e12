import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Parameter, ParameterError, type ParameterValues, parametersOf } from './parameters.js';
import { oneStatement } from './statement.js';

/** One `queries/<feature>/<question>.sql`. */
export interface NamedQuery {
  /** `<feature>/<question>` */
  readonly name: string;
  readonly sql: string;
  readonly parameters: readonly Parameter[];
  /** Closed choices by parameter name, from `-- @param bucket 'day' | 'week' | 'month'`. */
  readonly choices: ReadonlyMap<string, readonly string[]>;
}

export type NamedQueries = ReadonlyMap<string, NamedQuery>;

/** Beside src/ as beside dist/, so the sources and the built package find the same folder. */
const packaged = fileURLToPath(new URL('../queries/', import.meta.url));

/**
 * Reads all named queries, sorted by name.
 * @throws Error that names the file, if it holds not exactly one statement or a choice that no parameter takes
 */
export function readQueries(folder: string = packaged): NamedQueries {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((feature) =>
      readdirSync(join(folder, feature.name))
        .filter((file) => file.endsWith('.sql'))
        .map((file) => `${feature.name}/${file.slice(0, -'.sql'.length)}`),
    )
    .sort();
  return new Map(
    files.map((name) => [name, namedQuery(name, readFileSync(join(folder, `${name}.sql`), 'utf8'))]),
  );
}

export function namedQuery(name: string, text: string): NamedQuery {
  if (!/^[a-z][a-z0-9_-]*\/[a-z][a-z0-9_]*$/.test(name))
    throw new Error(`${name}.sql: not a feature/question name`);
  const sql = oneStatement(text, `${name}.sql`);
  const parameters = parametersOf(sql);
  const choices = new Map<string, readonly string[]>();
  for (const [, parameter = '', values = ''] of text.matchAll(/^--\s*@param\s+(\w+)\s+('.*')\s*$/gm)) {
    if (!/^'[^']*'(\s*\|\s*'[^']*')*$/.test(values))
      throw new Error(`${name}.sql: cannot read the choices of ${parameter}`);
    if (!parameters.some((each) => each.name === parameter)) {
      throw new Error(`${name}.sql: @param ${parameter} is not in the statement`);
    }
    choices.set(
      parameter,
      Array.from(values.matchAll(/'([^']*)'/g), ([, value = '']) => value),
    );
  }
  return { name, sql, parameters, choices };
}

/** @throws ParameterError if a closed choice is given another value; null passes to the Nullable check */
export function checkChoices(query: NamedQuery, values: ParameterValues): void {
  for (const [name, allowed] of query.choices) {
    const value = values[name];
    const chosen = Array.isArray(value) ? value : [value];
    if (chosen.some((each) => each !== null && each !== undefined && !allowed.includes(String(each)))) {
      throw new ParameterError(`Parameter ${name} of ${query.name} must be one of ${allowed.join(', ')}`);
    }
  }
}
