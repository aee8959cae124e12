import type { PermissionChange } from '../contract/permissions.js';
import type { Outbound, OutboundAnswer, OutboundCall } from '../outbound.js';
import { OutboundError } from '../outbound.js';
import { type Verdict, verdictOf, verdictOfFault } from './verdict.js';

/** How one kind of target is told. */
export interface Sender {
  /** Most calls of `send` at once. */
  readonly concurrency: number;
  /** Most changes in one `send`; no two of them are about the same person. */
  readonly batch: number;
  /**
   * @returns one verdict for each change, in order
   * @throws EngineAwayError, QueryFailedError, or OutboundError `aborted`: nobody knows what became of them
   */
  send(changes: readonly PermissionChange[], signal: AbortSignal): Promise<Verdict[]>;
  /** Asks the target whether it would take anything, and changes nothing there. @throws OutboundError `aborted` */
  test(signal: AbortSignal): Promise<Verdict>;
}

/** One call and what it came to; the answer where there was one. @throws OutboundError `aborted` */
export async function tried(
  outbound: Outbound,
  call: OutboundCall,
): Promise<{ verdict: Verdict; answer: OutboundAnswer | null }> {
  try {
    const answer = await outbound.call(call);
    return { verdict: verdictOf(answer.status, answer.headers, Date.now()), answer };
  } catch (error) {
    if (!(error instanceof OutboundError) || error.fault === 'aborted') throw error;
    return { verdict: verdictOfFault(error.fault), answer: null };
  }
}

/** The JSON of an answer; undefined where it is none or too large. */
export function jsonOf(answer: OutboundAnswer | null): unknown {
  if (answer === null || answer.body === null) return undefined;
  try {
    return JSON.parse(answer.body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A base address without a slash at its end. */
export const baseOf = (url: string): string => url.replace(/\/+$/, '');
