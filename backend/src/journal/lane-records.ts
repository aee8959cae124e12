import { safeReason } from './errors.js';
import type { LaneOptions, Prepared } from './lane-options.js';
import type { PendingKeys } from './pending-keys.js';
import type { GroupRecord, RequestRecord } from './record.js';

/** Those who were told `pending` and get a result when the group is in. */
export interface Late<Request, Result> {
  requests: readonly Request[];
  results: readonly Result[];
}

function keysOf<Request, Result>(
  options: LaneOptions<Request, Result>,
  requests: readonly Request[],
): string[] {
  return [...new Set(requests.flatMap((request) => options.keys(request)))];
}

/** The journal record of a decided group. */
export function groupRecord<Request, Result>(
  options: LaneOptions<Request, Result>,
  prepared: Prepared<Result>,
  requests: readonly Request[],
  at: number,
  resolves?: readonly string[],
): GroupRecord {
  const { id, inserts } = prepared.group;
  const record: GroupRecord = {
    kind: 'group',
    id,
    lane: options.name,
    at,
    keys: keysOf(options, requests),
    inserts,
  };
  return resolves === undefined ? record : { ...record, resolves };
}

/** The journal record of requests that are not decided. */
export function requestRecord<Request, Result>(
  options: LaneOptions<Request, Result>,
  requests: readonly Request[],
  id: string,
  at: number,
): RequestRecord {
  const encoded = options.encode(requests);
  return { kind: 'request', id, lane: options.name, at, keys: keysOf(options, requests), requests: encoded };
}

/** Keeps one request that cannot be decided, under an id of its own. */
export async function keepAside<Request, Result>(
  options: LaneOptions<Request, Result>,
  pending: PendingKeys,
  id: string,
  request: Request,
  at: number,
  error: unknown,
): Promise<void> {
  const record = requestRecord(options, [request], id, at);
  await setAside(options, record, error);
  pending.add(id, record.keys);
}

/** @returns the reason that is kept beside the record */
export async function setAside<Request, Result>(
  options: LaneOptions<Request, Result>,
  record: RequestRecord | GroupRecord,
  error: unknown,
): Promise<string> {
  const reason = safeReason(error);
  await options.journal.setAside(record, reason);
  quietly(() => options.onSetAside?.(record.id, error));
  return reason;
}

export function tellLate<Request, Result>(
  options: LaneOptions<Request, Result>,
  late: Late<Request, Result>,
): void {
  for (const [index, request] of late.requests.entries()) {
    for (const result of late.results.slice(index, index + 1)) {
      quietly(() => options.onLateResult?.(request, result));
    }
  }
}

/** A listener that throws must not stop the lane. */
export function quietly(tell: () => void): void {
  try {
    tell();
  } catch {
    // The listener's own affair.
  }
}
