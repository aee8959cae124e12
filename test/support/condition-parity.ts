import {
  Catalogue,
  checkCondition,
  compile,
  compileFirst,
  compileSql,
  compileTrace,
  FactLayout,
  type Group,
  leavesOf,
} from '@secateur/backend/conditions';
import type { Condition, ConditionLeaf } from '@secateur/backend/contract';
import { factOf, stored } from './condition-columns.js';
import { type Batch, type BatchField, cells } from './condition-generator.js';
import { asked, interpret, leafHolds, type NamedFacts, type TypeOf } from './condition-interpreter.js';
import { mutants } from './condition-mutants.js';
import type { TestDatabase } from './engine.js';

/** One condition asked of one person. */
export interface Pair {
  readonly condition: Condition;
  readonly facts: NamedFacts;
}

/** Where two evaluators differ. */
export class ParityError extends Error {
  override readonly name = 'ParityError';

  constructor(what: string, { condition, facts }: Pair, answers: Record<string, unknown>) {
    const shown = (value: unknown) =>
      JSON.stringify(value, (_, one: unknown) =>
        typeof one === 'number' && !Number.isFinite(one) ? String(one) : Object.is(one, -0) ? '-0' : one,
      );
    super(`${what}: ${shown(answers)}\ncondition ${shown(condition)}\nfacts ${shown(facts)}`);
  }
}

/** Asks each condition of each person in four ways, and counts what was asked. */
export class Parity {
  pairs = 0;
  held = 0;
  /** How often a leaf of that operator and type was asked of a fact that was missing, or not. */
  readonly asked = new Map<string, number>();
  /** In how many pairs the mutant's answer is another. */
  readonly caught = new Map(mutants.map((mutant) => [mutant, 0]));
  #batches = 0;

  constructor(private readonly database: TestDatabase) {
    for (const { type, operator } of cells) {
      this.asked.set(cellName(operator, type, false), 0);
      this.asked.set(cellName(operator, type, true), 0);
    }
  }

  /** @throws ParityError at the first pair on which two evaluators differ */
  async compare(batch: Batch): Promise<void> {
    const checked = batch.conditions.map((condition) => check(condition, batch));
    const people = batch.rows.map(
      (row): NamedFacts =>
        Object.fromEntries(batch.fields.map(({ id }, index) => [id, factOf(row[index] ?? null)])),
    );
    const bySql = await this.#bySql(batch, checked);
    const layout = new FactLayout();
    const closures = checked.map((condition) => compile(condition, layout));
    const traces = checked.map((condition) => compileTrace(condition, layout));
    const first = compileFirst(checked, layout);
    const typeOf = typesOf(batch.fields);
    const { now } = batch;
    for (const [row, facts] of people.entries()) {
      const laidOut = layout.read(({ id }) => facts[id]);
      let firstHeld = -1;
      for (const [index, condition] of batch.conditions.entries()) {
        const pair = { condition, facts };
        const interpreted = interpret(condition, facts, typeOf, now);
        const trace = traces[index]?.(laidOut, now);
        const answers = {
          interpreter: interpreted,
          closure: closures[index]?.(laidOut, now),
          trace: trace?.held,
          sql: bySql[row]?.[index] === 1,
        };
        if (new Set(Object.values(answers)).size > 1)
          throw new ParityError('Evaluators differ', pair, answers);
        const leaves = holdingLeaves(condition, (leaf) => leafHolds(asked(leaf, facts, typeOf, now)));
        const traced = trace?.leaves.map((leaf) => leaf.held);
        if (leaves.join() !== traced?.join())
          throw new ParityError('Leaves differ', pair, { leaves, traced });
        if (interpreted && firstHeld < 0) firstHeld = index;
        this.#count(pair, checked[index], interpreted, typeOf, now);
      }
      const found = first(laidOut, now);
      if (found !== firstHeld) throw new Error(`The first that holds is ${firstHeld}, and not ${found}`);
    }
  }

  /** One row for each person, 1 for each condition that holds. */
  async #bySql(batch: Batch, checked: readonly Group[]): Promise<number[][]> {
    const number = this.#batches++;
    await this.database.insert(
      'condition_facts',
      batch.rows.map((row, index) =>
        Object.assign(
          { batch: number, row: index },
          ...batch.fields.map(({ column }, at) => stored(column, row[at] ?? null)),
        ),
      ),
    );
    const expressions = new Map(batch.fields.map(({ id, column }) => [id, column.expression]));
    const params: Record<string, unknown> = {};
    const conditions = checked.map((condition, index) => {
      const compiled = compileSql(condition, {
        expressionOf: ({ id }) => expressions.get(id) ?? null,
        now: batch.now,
        prefix: `c${index}_`,
      });
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
      Object.assign(params, compiled.params);
      return `toUInt8(${compiled.sql})`;
    });
    const rows = await this.database.engine.rows<{ held: number[]; type: string }>(
      'condition parity',
      `SELECT [${conditions.join(',\n')}] AS held, toTypeName(held) AS type
       FROM condition_facts WHERE batch = {batch:UInt32} ORDER BY row`,
      { ...(params as Record<string, never>), batch: number },
    );
    if (rows.length !== batch.rows.length) throw new Error(`${rows.length} rows for ${batch.rows.length}`);
    for (const { type } of rows)
      if (type.includes('Nullable')) throw new Error(`A condition may be NULL: ${type}`);
    return rows.map(({ held }) => held);
  }

  #count(pair: Pair, checked: Group | undefined, held: boolean, typeOf: TypeOf, now: number): void {
    this.pairs += 1;
    if (held) this.held += 1;
    const operators = new Set<string>();
    for (const { field, operator } of checked === undefined ? [] : leavesOf(checked)) {
      const leaf = { field: field.id, operator };
      const isMissing = asked(leaf, pair.facts, typeOf, now).fact === undefined;
      const name = cellName(operator, field.field.type, isMissing);
      this.asked.set(name, (this.asked.get(name) ?? 0) + 1);
      operators.add(operator);
    }
    for (const [mutant, count] of this.caught) {
      if (!operators.has(mutant.operator)) continue;
      const answer = interpret(pair.condition, pair.facts, typeOf, now, mutant.holds);
      if (answer !== held) this.caught.set(mutant, count + 1);
    }
  }
}

export function cellName(operator: string, type: string, isMissing: boolean): string {
  return `${operator} × ${type} × ${isMissing ? 'missing' : 'there'}`;
}

function check(condition: Condition, { catalogue }: Batch): Group {
  const checked = checkCondition(condition, new Catalogue(catalogue), 'sweep');
  if (!checked.ok) throw new Error(`${JSON.stringify(checked.faults)} of ${JSON.stringify(condition)}`);
  return checked.condition;
}

function typesOf(fields: readonly BatchField[]): TypeOf {
  const types = new Map(fields.map(({ id, column }) => [id, column.type]));
  return (id) => {
    const type = types.get(id);
    if (type === undefined) throw new Error(`${id} is no field`);
    return type;
  };
}

/** What each leaf says, in the order in which they are written. */
function holdingLeaves(condition: Condition, holds: (leaf: ConditionLeaf) => boolean): boolean[] {
  return condition.rules.flatMap((part) => ('rules' in part ? holdingLeaves(part, holds) : [holds(part)]));
}
