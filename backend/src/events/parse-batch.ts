import { InvalidInputError, TooLargeError } from '../errors.js';
import { jsonFault } from '../json-fault.js';
import type { Who } from '../opt-outs/request.js';

/** Events one call may carry. */
export const maxEvents = 10_000;

/** What a door knows beside the row itself. */
export interface RowContext {
  /** Of the demo and of imports, which tell of the past; ms since the epoch. */
  receivedAt?: number;
  /** Whose it is, by a token of ours: better than what the row names. */
  who?: Who;
  /** Clock tolerance of this row in ms, where it is not the door's. */
  tolerance?: number;
  /** What the door found wrong. */
  flags?: readonly string[];
}

/** One row as it came: its JSON value, or why it is not JSON (`text` is kept for quarantine). */
export type Row = ({ value: unknown } & RowContext) | { fault: string; text: string };

/**
 * The rows of a batch: a JSON array, NDJSON (one value a line), a CloudEvents batch, or one single event.
 * A broken line of NDJSON is that row's fault; a broken JSON array is the whole body's.
 *
 * @param body what the content-type parser made: a JSON value, or bytes
 * @throws InvalidInputError when the body as a whole cannot be read
 * @throws TooLargeError beyond `limit` rows
 */
export function parseBatch(body: unknown, limit = maxEvents): Row[] {
  const rows = Buffer.isBuffer(body) ? rowsOf(body.toString('utf8')) : valuesOf(body);
  if (rows.length > limit)
    throw new TooLargeError(`at most ${limit} rows in one call, this has ${rows.length}`);
  if (rows.length === 0) throw InvalidInputError.field('body', 'holds no rows');
  return rows;
}

function valuesOf(body: unknown): Row[] {
  if (body === undefined || body === null || body === '') return [];
  const values: unknown[] = Array.isArray(body) ? body : [body];
  return values.map((value) => ({ value: unwrapped(value) }));
}

/** Bytes under any Content-Type: one JSON value if that is what they are, else a value a line. */
function rowsOf(bytes: string): Row[] {
  const text = bytes.replace(/^\uFEFF/, '');
  const whole = parsed(text);
  if ('value' in whole) return valuesOf(whole.value);
  return text.split(/\r?\n/).flatMap((line): Row[] => {
    if (line.trim() === '') return [];
    const row = parsed(line);
    return ['value' in row ? { value: unwrapped(row.value) } : row];
  });
}

/** The fault names the place and not what stands there, which may be an address. */
function parsed(text: string): Row {
  try {
    return { value: JSON.parse(text) };
  } catch {
    const { offset, expected } = jsonFault(text);
    return { fault: `not JSON at position ${offset}: expected ${expected}`, text };
  }
}

/**
 * The event inside a CloudEvents envelope (specversion 1.0), with id and time from the envelope: `data` as an object or
 * as JSON text, or `data_base64`. An envelope whose content is no event stays as it came, so that quarantine keeps it.
 */
function unwrapped(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('specversion' in value)) return value;
  const { id, time, data, data_base64 } = value as Record<string, unknown>;
  const content =
    typeof data_base64 === 'string' ? fromJson(Buffer.from(data_base64, 'base64').toString()) : data;
  const event = typeof content === 'string' ? fromJson(content) : content;
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return value;
  return {
    ...(id === undefined ? {} : { id }),
    ...(time === undefined ? {} : { occurred_at: time }),
    ...event,
  };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
