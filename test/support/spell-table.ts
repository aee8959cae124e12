import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogRankSums } from '@secateur/backend/survival';
import { type Engine, open, type Queries, readQueries } from '@secateur/sql';

export type CurveRow = Queries['analytics/retention_curve']['row'];

/** One row of survival data: what the estimators take for a spell. */
export interface Spell {
  /** Curves are numbered from 1. */
  readonly curve?: number;
  /** At risk after it; null: from the beginning. */
  readonly entry?: number | null;
  readonly exit: number;
  /** 0: censored; 1 to 5: the cause. */
  readonly cause: number;
  readonly weight?: number;
}

export const anyCause: readonly number[] = [1, 2, 3, 4, 5];
const everything = 4_000_000_000;

/** A table of spells that goes through the estimators of the service. */
export interface SpellTable {
  readonly engine: Engine;
  /** Puts these in the place of those before. */
  fill(spells: readonly Spell[]): Promise<void>;
  curves(asked?: { causes?: readonly number[]; minAtRisk?: number }): Promise<CurveRow[]>;
  logRank(curves: number, causes?: readonly number[]): Promise<LogRankSums & { n: number[] }>;
  close(): Promise<void>;
}

/**
 * The text of the service's own statement with another source of spells: all before the CTE `marks` is replaced, and
 * nothing after it is touched.
 */
export function estimatorOver(source: string, name: string): string {
  const sql = readQueries().get(name)?.sql ?? '';
  const start = sql.search(/^ {2}marks AS$/m);
  if (start === -1) throw new Error(`${name} has no CTE marks`);
  return `WITH\n  spells AS\n  (\n    ${source}\n  ),\n${sql.slice(start)}`;
}

const source = `SELECT curve, ifNull(entry, -inf) AS entry, exit, cause, 1 AS n, weight FROM spell_table
    WHERE ifNull(entry, -inf) < exit`;

export async function openSpellTable(): Promise<SpellTable> {
  const path = mkdtempSync(join(tmpdir(), 'secateur-spells-'));
  const engine = await open({ path });
  await engine.command(
    `CREATE TABLE spell_table (curve UInt32, entry Nullable(Float64), exit Float64, cause UInt8, weight Float64)
     ENGINE = MergeTree ORDER BY ()`,
  );
  const curve = estimatorOver(source, 'analytics/retention_curve');
  const sums = estimatorOver(source, 'analytics/retention_log_rank');
  return {
    engine,
    fill: async (spells) => {
      await engine.command('TRUNCATE TABLE spell_table');
      const lines = spells.map((one) =>
        JSON.stringify([one.curve ?? 1, one.entry ?? null, one.exit, one.cause, one.weight ?? 1]),
      );
      const columns = ['curve', 'entry', 'exit', 'cause', 'weight'];
      await engine.insert('spell_table', columns, lines.join('\n'), null);
    },
    curves: ({ causes = anyCause, minAtRisk = 0 } = {}) =>
      engine.rows<CurveRow>('curves', curve, { causes, min_at_risk: minAtRisk, most: everything }),
    logRank: async (curves, causes = anyCause) => {
      const [row] = await engine.rows<LogRankSums & { n: number[] }>('log-rank', sums, { curves, causes });
      if (row === undefined) throw new Error('The log-rank statement answered with no row');
      return row;
    },
    close: async () => {
      await engine.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}
