import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from './faults-child.js';

interface Table {
  name: string;
  engine: string;
  as_select: string;
  /** Of a view: the table it writes. */
  target: string;
  columns: string[];
}

/** One insert makes one block, whatever a connection remembers. */
const settings =
  'async_insert = 0, max_block_size = 1048576, max_insert_block_size = 1048576, min_insert_block_size_rows = 1048576';

interface Compared {
  table: string;
  views: number;
  rows: number;
  different: number;
}

/** The service counts requests anew beside what it answers, so it may still write when everything was answered. */
const mostTries = 20;

/**
 * Compares when nothing was written meanwhile: what is written between two reads differs between them.
 *
 * @throws when it never is quiet
 */
export async function compareRollups(service: Service): Promise<Compared[]> {
  const seen = [];
  for (let times = 0; times < mostTries; times++) {
    const before = await sizes(service);
    seen.push(before);
    await sleep(500);
    if ((await sizes(service)) !== before) continue;
    const compared = await compare(service);
    if ((await sizes(service)) === before) return compared;
  }
  throw new Error(`Something is written all the time: ${seen.join(' ')}`);
}

/** Of the tables that are written to, not by a view: views write when those are written. */
async function sizes(service: Service): Promise<string> {
  return JSON.stringify(
    await service.rows(
      `SELECT (SELECT count() FROM events) AS events, (SELECT count() FROM decisions) AS decisions,
         (SELECT count() FROM recounts) AS recounts, (SELECT count() FROM memberships) AS memberships`,
    ),
  );
}

/**
 * Recomputes every table that a materialised view writes, from nothing but the tables the views read, and compares the
 * two row by row. The SQL is the engine's own record of each view, so a view that is added later is compared, too.
 *
 * @returns for each table how many rows it has, and how many rows differ (a row short or a row over)
 */
async function compare(service: Service): Promise<Compared[]> {
  const tables = await service.rows<Table>(
    `SELECT name, engine, as_select, extract(create_table_query, '\\\\sTO\\\\s+(?:\\\\w+\\\\.)?(\\\\w+)') AS target,
       (
         SELECT groupArray(name) FROM system.columns
         WHERE database = currentDatabase() AND table = tables.name
       ) AS columns
     FROM system.tables WHERE database = currentDatabase() ORDER BY name`,
  );
  const views = tables.filter(({ engine }) => engine === 'MaterializedView');
  const compared = [];
  for (const { name, engine, columns } of tables) {
    const feeding = views.filter(({ target }) => target === name);
    if (feeding.length === 0) continue;
    const again = `recomputed_${name}`;
    await service.command(`CREATE TABLE ${again} AS ${name}`);
    for (const view of feeding) {
      // By name: a view may give its columns in another order, and leave some to their defaults.
      const described = await service.rows<{ name: string }>(`DESCRIBE TABLE (${view.as_select})`);
      const given = described.map((column) => column.name).filter((column) => columns.includes(column));
      await service.command(
        `INSERT INTO ${again} (${given.join()})
         SETTINGS ${settings}, insert_deduplication_token = '${again}-${view.name}'
         SELECT ${given.join()} FROM (${view.as_select})`,
      );
    }
    // What merges sum up later is summed up now.
    const merged = (table: string) => `SELECT * FROM ${table}${engine === 'MergeTree' ? '' : ' FINAL'}`;
    const [found] = await service.rows<{ rows: number; different: number }>(
      `SELECT sum(abs(difference)) AS different, (SELECT count() FROM (${merged(name)})) AS rows
       FROM
       (
         SELECT sum(one) AS difference
         FROM
         (
           SELECT sipHash128(toString(tuple(*))) AS hash, 1 AS one FROM (${merged(name)})
           UNION ALL
           SELECT sipHash128(toString(tuple(*))) AS hash, -1 AS one FROM (${merged(again)})
         )
         GROUP BY hash
       )`,
    );
    await service.command(`DROP TABLE ${again}`);
    compared.push({
      table: name,
      views: feeding.length,
      rows: found?.rows ?? -1,
      different: found?.different ?? -1,
    });
  }
  return compared;
}
