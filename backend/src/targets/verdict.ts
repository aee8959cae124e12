import type { IncomingHttpHeaders } from 'node:http';
import type { OutboundFault } from '../outbound.js';

/**
 * What one try came to. `status` is null where there was no answer; `detail` is shown and holds no address and no secret.
 *
 * - `acknowledged`: the target has it, or there was nothing to write
 * - `refused`: the target answers, and does not want this one
 * - `away`: the target cannot take anything now, whatever it is
 * - `gone`: the target wants nothing ever again
 */
export interface Verdict {
  readonly kind: 'acknowledged' | 'refused' | 'away' | 'gone';
  readonly status: number | null;
  readonly detail: string;
  /** `away`: the target asked not to be called before. */
  readonly retryAfterMs?: number;
}

/** Longer than this nobody is left alone, whatever they ask for. */
const mostRetryAfterMs = 24 * 3_600_000;

/**
 * What an answer means. Wrong credentials and redirects are a fault of the target's definition and not of the notice: all
 * wait until somebody mends it. 410 is how a receiver of Standard Webhooks ends its subscription.
 */
export function verdictOf(status: number, headers: IncomingHttpHeaders, now: number): Verdict {
  const detail = `answered ${status}`;
  if (status >= 200 && status < 300) return { kind: 'acknowledged', status, detail };
  if (status === 410) return { kind: 'gone', status, detail };
  if (status < 400) return { kind: 'away', status, detail: `${detail}: redirects are not followed` };
  if (status === 401 || status === 403)
    return { kind: 'away', status, detail: `${detail}: it does not accept our credentials` };
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    const retryAfterMs = retryAfter(headers, now);
    return { kind: 'away', status, detail, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
  }
  return { kind: 'refused', status, detail };
}

const faultDetails: Record<OutboundFault, string> = {
  blocked: 'its address is not one that may be called',
  insecure: 'its address may only be called over https',
  unreachable: 'no connection',
  timeout: 'no answer in time',
  aborted: 'the call was ended',
};

export function verdictOfFault(fault: OutboundFault): Verdict {
  return { kind: 'away', status: null, detail: faultDetails[fault] };
}

/** Something of ours failed over one notice. */
export const unsendable: Verdict = {
  kind: 'refused',
  status: null,
  detail: 'it could not be written: see the log',
};

/** What weighs most of several calls that one notice needed. */
export function worst(verdicts: readonly Verdict[]): Verdict | undefined {
  const weight: Record<Verdict['kind'], number> = { acknowledged: 0, refused: 1, away: 2, gone: 3 };
  return verdicts.reduce<Verdict | undefined>(
    (found, one) => (found === undefined || weight[one.kind] > weight[found.kind] ? one : found),
    undefined,
  );
}

/** Milliseconds until the instant of Retry-After (RFC 9110: seconds or a date), else of SendGrid's X-RateLimit-Reset. */
function retryAfter(headers: IncomingHttpHeaders, now: number): number | null {
  const asked = headers['retry-after'];
  const reset = headers['x-ratelimit-reset'];
  let milliseconds = Number.NaN;
  if (asked !== undefined)
    milliseconds = /^\d+$/.test(asked.trim()) ? Number(asked) * 1000 : Date.parse(asked) - now;
  else if (typeof reset === 'string' && /^\d+$/.test(reset)) milliseconds = Number(reset) * 1000 - now;
  return Number.isNaN(milliseconds) ? null : Math.min(mostRetryAfterMs, Math.max(0, milliseconds));
}
