/** The local disk refused: nothing of what was asked is durable, so nothing of it may be acknowledged. */
export class JournalUnavailableError extends Error {
  override readonly name = 'JournalUnavailableError';
  /** The system's error code (`ENOSPC`, `EIO` …), when it gave one. */
  readonly code: string | undefined;

  constructor(doing: string, cause: unknown) {
    const code = codeOf(cause);
    super(`Journal unavailable: ${doing}${code ? ` (${code})` : ''}`, { cause });
    this.code = code;
  }
}

/** More is waiting than the lane may hold. Nothing of this submit was taken. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
  /** Whole seconds, at least 1. */
  readonly retryAfterSeconds: number;

  constructor(lane: string, retryAfterSeconds: number) {
    super(`Lane ${lane} is busy, try again in ${retryAfterSeconds} s`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The lane does not run: not started yet, or stopped while the request waited. Nothing of it is durable. */
export class LaneStoppedError extends Error {
  override readonly name = 'LaneStoppedError';

  constructor(lane: string) {
    super(`Lane ${lane} is not running`);
  }
}

/** Errors whose messages are our own words and hold nothing that was sent. */
const speakable: ReadonlySet<string> = new Set([
  'EngineAwayError',
  'QueryFailedError',
  'JournalUnavailableError',
  'BusyError',
  'LaneStoppedError',
  'ConflictError',
]);

/**
 * An error for the log and for the list of what is set aside: in its words where they are ours, else by name and code,
 * because the words of others quote what they could not read, and with it addresses.
 */
export function safeReason(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if (speakable.has(error.name)) return `${error.name}: ${error.message}`;
  const code = codeOf(error);
  return code === undefined ? error.name : `${error.name} (${code})`;
}

function codeOf(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}
