/**
 * The engine cannot answer now but may later: it is unreachable, or short of memory, disk, threads or time to
 * merge. Whoever holds work keeps it and tries again; nothing may be shown as empty or calm.
 */
export class EngineAwayError extends Error {
  override readonly name = 'EngineAwayError';
  readonly retryable = true;

  /**
   * @param query the name of the query or insert that met the outage
   * @param code ClickHouse's exception code, or null when no engine answered
   * @param reason ClickHouse's name for the code, or the network error; never a value
   */
  constructor(
    readonly query: string,
    readonly code: number | null,
    readonly reason: string,
  ) {
    super(`The database cannot answer ${query} now (${reason})`);
  }
}

/**
 * The engine refused this statement and would refuse it again.
 * Carries no parameter values, rows or SQL: engine messages quote them, so only the code's name is kept, and
 * the message with quoted text blanked for the codes that speak of the SQL and not of the data.
 */
export class QueryFailedError extends Error {
  override readonly name = 'QueryFailedError';
  readonly retryable = false;

  /**
   * @param query the name of the query or insert that failed
   * @param code ClickHouse's exception code; 0 when the statement was refused before it was sent
   * @param reason ClickHouse's name for the code, such as `UNKNOWN_TABLE`
   * @param isUnreadable the rows of an insert could not be read, so nothing of them is in the table
   */
  constructor(
    readonly query: string,
    readonly code: number,
    readonly reason: string,
    detail = '',
    readonly isUnreadable = false,
  ) {
    super(`Query ${query} failed: ${reason} (code ${code})${detail === '' ? '' : `: ${detail}`}`);
  }
}

/** ClickHouse codes for a condition that passes: https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp */
const passing: ReadonlyMap<number, string> = new Map([
  [74, 'CANNOT_READ_FROM_FILE_DESCRIPTOR'],
  [75, 'CANNOT_WRITE_TO_FILE_DESCRIPTOR'],
  [76, 'CANNOT_OPEN_FILE'],
  [173, 'CANNOT_ALLOCATE_MEMORY'],
  [202, 'TOO_MANY_SIMULTANEOUS_QUERIES'],
  [203, 'NO_FREE_CONNECTION'],
  [209, 'SOCKET_TIMEOUT'],
  [210, 'NETWORK_ERROR'],
  [225, 'NO_ZOOKEEPER'],
  [236, 'ABORTED'],
  [241, 'MEMORY_LIMIT_EXCEEDED'],
  [242, 'TABLE_IS_READ_ONLY'],
  [243, 'NOT_ENOUGH_SPACE'],
  [252, 'TOO_MANY_PARTS'],
  [279, 'ALL_CONNECTION_TRIES_FAILED'],
  [285, 'TOO_FEW_LIVE_REPLICAS'],
  [286, 'UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE'],
  [319, 'UNKNOWN_STATUS_OF_INSERT'],
  [364, 'CANNOT_PTHREAD_CREATE'],
  [425, 'SYSTEM_ERROR'],
  [439, 'CANNOT_SCHEDULE_TASK'],
  [473, 'DEADLOCK_AVOIDED'],
  [574, 'DISTRIBUTED_TOO_MANY_PENDING_BYTES'],
  [700, 'USER_SESSION_LIMIT_EXCEEDED'],
  [745, 'SERVER_OVERLOADED'],
  [999, 'KEEPER_EXCEPTION'],
]);

/** Codes raised while a statement is analysed. Their messages name columns and functions, not stored rows. */
const aboutTheStatement = new Set([
  10, 16, 36, 42, 43, 44, 46, 47, 48, 51, 57, 60, 62, 81, 115, 184, 207, 215, 386, 456,
]);

/** What the client says of a failed statement: `code` is a number as text, `type` its name. */
function exceptionOf(
  error: unknown,
): { code: number; type: string | undefined; message: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, type } = error as Error & { code?: unknown; type?: unknown };
  // Node's network errors have a code too ('ECONNREFUSED'): only digits are ClickHouse's.
  if (typeof code === 'string' && /^\d+$/.test(code)) {
    return { code: Number(code), type: typeof type === 'string' ? type : undefined, message: error.message };
  }
  const inMessage = /Code: (\d+)\. DB::Exception: ([\s\S]*)/.exec(error.message);
  if (inMessage?.[1] === undefined) return undefined;
  return { code: Number(inMessage[1]), type: undefined, message: inMessage[2] ?? '' };
}

function withoutValues(message: string): string {
  return (
    message
      .split(/: [Ww]hile |:? [Ii]n scope |: value \[|: \(at row/)[0]
      ?.replace(/'(?:[^'\\]|\\.|'')*'?/g, "'…'")
      .replace(/\b\d{3,}\b/g, '…')
      .slice(0, 400)
      .trim() ?? ''
  );
}

/**
 * Did the engine stumble over the text of the rows? The code does not tell: a view that parses text fails with the same
 * one, and then the rows are in the table. An insert is one block, so rows that cannot be read leave nothing behind.
 */
function speaksOfUnreadableRows(message: string): boolean {
  return (
    /\(while reading the value of |\(at row \d+\)/.test(message) && !/while pushing to view/.test(message)
  );
}

function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as Error & { code?: unknown };
  if (typeof code === 'string' && /^[A-Z_]+$/.test(code)) return code;
  if (error.name === 'AbortError' || error.name === 'TimeoutError' || /abort|timeout/i.test(error.message))
    return 'TIMEOUT';
  return 'NO_ANSWER';
}

/**
 * Sorts whatever a client threw into the two errors this package has.
 * An answer without a ClickHouse code comes from the way to the engine (a refused or reset connection, a
 * proxy's 502, 503 or 504, a deadline), so it counts as away.
 */
export function engineError(query: string, error: unknown): EngineAwayError | QueryFailedError {
  if (error instanceof EngineAwayError || error instanceof QueryFailedError) return error;
  const exception = exceptionOf(error);
  if (exception === undefined) return new EngineAwayError(query, null, networkReason(error));
  const passes = passing.get(exception.code);
  if (passes !== undefined) return new EngineAwayError(query, exception.code, passes);
  const detail = aboutTheStatement.has(exception.code) ? withoutValues(exception.message) : '';
  const isUnreadable = speaksOfUnreadableRows(exception.message);
  return new QueryFailedError(query, exception.code, exception.type ?? 'REFUSED', detail, isUnreadable);
}
