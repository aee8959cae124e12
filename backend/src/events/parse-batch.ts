import { InvalidInputError, TooLargeError } from '../errors.js';

/** Events one call may carry. */
export const maxEvents = 10_000;

/**
 * One row as it came: its JSON value, or why it is not JSON (`text` is kept for quarantine).
 * `receivedAt` (ms) stands only in rows of the demo and of imports, which tell of the past.
 */
export type Row = { value: unknown; receivedAt?: number } | { fault: string; text: string };

/**
 * The rows of a batch: a JSON array, NDJSON (one value a line), a CloudEvents batch, or one single event.
 * A broken line of NDJSON is that row's fault; a broken JSON array is the whole body's.
 *
 * @param body what the content-type parser made: a JSON value, or bytes
 * @throws InvalidInputError when the body as a whole cannot be read
 * @throws TooLargeError beyond `limit` rows
 */
export function parseBatch(body: unknown, limit = maxEvents): Row[] {
  const rows = Buffer.isBuffer(body) ? linesOf(body.toString('utf8')) : valuesOf(body);
  if (rows.length > limit)
    throw new TooLargeError(`at most ${limit} rows in one call, this has ${rows.length}`);
  if (rows.length === 0) throw new InvalidInputError('the body holds no rows', []);
  return rows;
}

function valuesOf(body: unknown): Row[] {
  if (body === undefined || body === null || body === '') return [];
  const values: unknown[] = Array.isArray(body) ? body : [body];
  return values.map((value) => ({ value: unwrapped(value) }));
}

function linesOf(text: string): Row[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  return lines.flatMap((line): Row[] => {
    if (line.trim() === '') return [];
    try {
      return [{ value: unwrapped(JSON.parse(line)) }];
    } catch (error) {
      return [{ fault: `not JSON: ${error instanceof Error ? error.message : 'unreadable'}`, text: line }];
    }
  });
}

/** The event inside a CloudEvents envelope (specversion 1.0): `data`, with id and time from the envelope. */
function unwrapped(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('specversion' in value)) return value;
  const { id, time, data } = value as { id?: unknown; time?: unknown; data?: unknown };
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data;
  return {
    ...(id === undefined ? {} : { id }),
    ...(time === undefined ? {} : { occurred_at: time }),
    ...data,
  };
}
