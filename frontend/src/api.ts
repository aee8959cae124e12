import { Problem } from '@secateur/backend/contract';
import type { z } from 'zod';

/** Where a call failed: the server said so, it could not be reached, or its answer was not what the contract says. */
export type FailureKind = 'problem' | 'network' | 'contract';

/** A call that failed. It says what was asked and what is wrong, in words for the person who looks at the panel. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly kind: FailureKind;
  /** `GET /v1/analytics/overview` */
  readonly request: string;
  readonly status: number | null;
  readonly title: string;
  readonly fields: readonly { field: string; reason: string }[];

  constructor(failure: {
    kind: FailureKind;
    request: string;
    status: number | null;
    title: string;
    detail: string;
    fields?: readonly { field: string; reason: string }[];
  }) {
    super(failure.detail);
    this.kind = failure.kind;
    this.request = failure.request;
    this.status = failure.status;
    this.title = failure.title;
    this.fields = failure.fields ?? [];
  }

  /** Nobody is signed in, or the session has ended. */
  get signedOut(): boolean {
    return this.status === 401;
  }

  /** Asking again may help: the network, or the server's own trouble. A refusal stays a refusal. */
  get passing(): boolean {
    return this.kind === 'network' || (this.status !== null && this.status >= 500);
  }
}

interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: unknown;
  signal?: AbortSignal;
}

let csrf = '';

/** The token that changes must carry; it comes with the session. */
export function rememberCsrf(token: string): void {
  csrf = token;
}

/**
 * Calls the API and parses what comes back with its contract.
 * A failure is always thrown, never turned into empty data.
 *
 * @throws ApiError
 */
export async function call<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  { method = 'GET', body, signal }: CallOptions = {},
): Promise<z.infer<Schema>> {
  const request = `${method} ${path.split('?', 1)[0]}`;
  const response = await send(request, path, method, body, signal);
  const text = await response.text().catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new ApiError({
      kind: 'network',
      request,
      status: null,
      title: 'Connection lost',
      detail: 'The connection broke before the answer was complete.',
    });
  });
  const answer = parseJson(text);
  if (!response.ok) throw problemOf(request, response.status, answer);
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ApiError({
    kind: 'contract',
    request,
    status: response.status,
    title: 'Unexpected answer',
    detail: `The answer does not follow the contract at “${issue?.path.join('.') || 'its root'}”: ${issue?.message ?? 'unknown'}.`,
  });
}

async function send(
  request: string,
  path: string,
  method: string,
  body: unknown,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET' && csrf !== '') headers['x-csrf-token'] = csrf;
  try {
    return await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError({
      kind: 'network',
      request,
      status: null,
      title: 'Not reachable',
      detail: 'Secateur could not be reached. Is the service running, and are you online?',
    });
  }
}

function problemOf(request: string, status: number, answer: unknown): ApiError {
  const problem = Problem.safeParse(answer);
  if (problem.success) {
    const { title, detail, errors } = problem.data;
    return new ApiError({ kind: 'problem', request, status, title, detail, fields: errors });
  }
  // A proxy in between answers in its own words.
  return new ApiError({
    kind: 'problem',
    request,
    status,
    title: `Error ${status}`,
    detail: `The server answered ${status} without saying why.`,
  });
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The same call for a terminal: `$SECATEUR_KEY` stands for an API key with scope `read`. */
export function curl(path: string, origin: string): string {
  return `curl -H "Authorization: Bearer $SECATEUR_KEY" \\\n  '${origin}${path.replaceAll("'", '%27')}'`;
}
