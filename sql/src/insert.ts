import { randomUUID } from 'node:crypto';
import { type Settings, settingsList } from './statement.js';

/**
 * INSERT with its lines, as both an embedded engine and a server take it.
 * @throws TypeError if the table or a column is not a plain name
 */
export function insertStatement(
  table: string,
  columns: readonly string[],
  lines: string,
  token: string | null,
): string {
  const strange = [table, ...columns].find((name) => !/^[A-Za-z_]\w*$/.test(name));
  if (strange !== undefined) throw new TypeError(`${strange} is not a plain table or column name`);
  const settings = settingsList(insertSettings(token));
  return `INSERT INTO ${table} (${columns.join(', ')}) SETTINGS ${settings} FORMAT JSONCompactEachRow\n${lines}\n`;
}

/** Proved with 40 kills: a group lands once in its table and once in every view, or a retry completes it. */
function insertSettings(token: string | null): Settings {
  return {
    async_insert: 0,
    insert_deduplicate: 1,
    deduplicate_blocks_in_dependent_materialized_views: 1,
    // insert_deduplicate = 0 no longer stops 26.7 from dropping rows it has seen (its deduplicate_insert, which
    // older servers do not know, is stronger), so rows without a token get one that nobody else has.
    insert_deduplication_token: token ?? `none-${randomUUID()}`,
    input_format_skip_unknown_fields: 0,
    date_time_input_format: 'best_effort',
    // One insert is one block: the parallel parser would cut it every megabyte.
    input_format_parallel_parsing: 0,
    max_insert_block_size: 1_048_576,
    min_insert_block_size_rows: 1_048_576,
    min_insert_block_size_bytes: 1_073_741_824,
  };
}

export function countLines(lines: string): number {
  let count = 0;
  for (const line of lines.split('\n')) if (line.trim() !== '') count++;
  return count;
}
