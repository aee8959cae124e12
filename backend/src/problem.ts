import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { EngineAwayError } from '@secateur/sql';
import type { Problem } from './contract/problems.js';
import {
  BusyError,
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  NotGenuineError,
  TooLargeError,
  UnauthenticatedError,
  UnsupportedMediaError,
} from './errors.js';

/** What a failed request is answered with. `unexpected` ones are logged under the id that the detail names. */
export interface Answer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  readonly unexpected: boolean;
}

/** An engine that merges or restarts is back within seconds. */
const engineRetrySeconds = 5;

/** The problem that stands for an error. */
export function answerTo(error: unknown, id: string): Answer {
  if (error instanceof InvalidInputError) {
    const errors = error.errors.map(({ field, reason }) => ({ field, reason }));
    return answer(400, 'invalid-input', error.message, errors.length === 0 ? {} : { errors });
  }
  if (error instanceof UnauthenticatedError) {
    return answer(
      401,
      'unauthenticated',
      error.message,
      {},
      { 'WWW-Authenticate': 'Bearer realm="Secateur"' },
    );
  }
  if (error instanceof NotGenuineError) return answer(error.status, 'not-genuine', error.message);
  if (error instanceof ForbiddenError) return answer(403, 'forbidden', error.message);
  if (error instanceof NotFoundError) return answer(404, 'not-found', error.message);
  if (error instanceof ConflictError) return answer(409, 'conflict', error.message);
  if (error instanceof TooLargeError) return answer(413, 'too-large', error.message);
  if (error instanceof UnsupportedMediaError) return answer(415, 'unsupported-media-type', error.message);
  if (error instanceof BusyError) return busy(error.message, error.retryAfterSeconds);
  if (error instanceof EngineAwayError) {
    const detail = 'The database cannot answer now. Nothing is known to be empty: try again.';
    return answer(503, 'engine-away', detail, {}, { 'Retry-After': String(engineRetrySeconds) });
  }
  return journalAnswer(error) ?? frameworkAnswer(error) ?? unexpected(id);
}

function busy(detail: string, seconds: number): Answer {
  return answer(429, 'busy', detail, {}, { 'Retry-After': String(Math.max(1, Math.ceil(seconds))) });
}

/** The journal's errors by name: it is a package of its own within the backend and knows none of ours. */
function journalAnswer(error: unknown): Answer | undefined {
  if (!(error instanceof Error)) return undefined;
  const { retryAfterSeconds } = error as Error & { retryAfterSeconds?: unknown };
  if (error.name === 'BusyError' && typeof retryAfterSeconds === 'number') {
    return busy('More is waiting than can be kept: nothing of this request was taken.', retryAfterSeconds);
  }
  if (error.name === 'JournalUnavailableError' || error.name === 'LaneStoppedError') {
    const detail = 'Nothing can be made durable now: nothing of this request was taken.';
    return answer(503, 'journal-unavailable', detail, {}, { 'Retry-After': '5' });
  }
  return undefined;
}

/** What Fastify refuses before a route sees it, in words for whoever sent it. */
const frameworkDetails: ReadonlyMap<number, readonly [type: string, detail: string]> = new Map([
  [400, ['bad-request', 'The request cannot be read.']],
  [404, ['not-found', 'There is no such route.']],
  [408, ['timeout', 'The request did not arrive in time.']],
  [413, ['too-large', 'The body is larger than 8 MiB: send it in parts.']],
  [414, ['too-long', 'The address is longer than any address here.']],
  [415, ['unsupported-media-type', 'The Content-Type is not one that this route reads.']],
]);

function frameworkAnswer(error: unknown): Answer | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, statusCode } = error as Error & { code?: unknown; statusCode?: unknown };
  const fromFastify = typeof code === 'string' && code.startsWith('FST_') && typeof statusCode === 'number';
  const status = error instanceof HttpException ? error.getStatus() : fromFastify ? Number(statusCode) : 500;
  if (status >= 500) return undefined;
  // Their messages quote the address, and with it tokens.
  const [type, detail] = frameworkDetails.get(status) ?? ['refused', STATUS_CODES[status] ?? 'Refused'];
  return answer(status, type, detail);
}

function unexpected(id: string): Answer {
  const detail = `Something went wrong on our side. The log names the cause under ${id}.`;
  return { ...answer(500, 'unexpected', detail), unexpected: true };
}

/** Titles do not change from one occurrence to the next. */
function answer(
  status: number,
  type: string,
  detail: string,
  more: Partial<Problem> = {},
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const title = STATUS_CODES[status] ?? 'Error';
  const problem = { type: `urn:secateur:problem:${type}`, title, status, detail, ...more };
  return { problem, headers, unexpected: false };
}
