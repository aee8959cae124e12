import { createHash } from 'node:crypto';
import {
  formBody,
  hmacFits,
  invalid,
  isJson,
  sameBytes,
  type Verification,
  type VerifyContext,
  type WebhookCall,
} from '../adapter.js';

/**
 * HMAC-SHA-1 over the address and the sorted fields of the form. Of JSON only the address is signed, which holds the
 * hash of the body: without it anything could stand in the body.
 * @see https://www.twilio.com/docs/usage/security
 */
export function verifyTwilio(call: WebhookCall, { secrets }: VerifyContext): Verification {
  const signature = call.headers['x-twilio-signature'];
  if (signature === undefined) return invalid('the signature header is missing');
  if (isJson(call) && !isHashed(call))
    return invalid('`bodySHA256` in the address is not the hash of the body');
  const fields = isJson(call) ? '' : sortedFields(formBody(call));
  const fits = addresses(call.url).some((url) =>
    hmacFits('sha1', secrets, [url, fields], signature, 'base64'),
  );
  return fits ? { valid: true, signedAt: null } : invalid('the signature does not fit');
}

function isHashed({ url, body }: WebhookCall): boolean {
  const claimed = URL.canParse(url) ? new URL(url).searchParams.get('bodySHA256') : null;
  if (claimed === null) return false;
  return sameBytes(createHash('sha256').update(body).digest(), Buffer.from(claimed, 'hex'));
}

/** Each value of a repeated field counts once. One pass: nobody is known yet who sends a hundred thousand fields. */
function sortedFields(fields: URLSearchParams): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of fields) {
    const known = values.get(name);
    if (known === undefined) values.set(name, new Set([value]));
    else known.add(value);
  }
  const names = [...values.keys()].sort();
  return names.flatMap((name) => [...(values.get(name) ?? [])].sort().map((value) => name + value)).join('');
}

/** Twilio signs with the usual port or without it, whatever stands in its settings. */
function addresses(url: string): string[] {
  if (!URL.canParse(url)) return [url];
  const { protocol, username, password, hostname, port, pathname, search, hash } = new URL(url);
  const user = username === '' ? '' : `${username}${password === '' ? '' : `:${password}`}@`;
  const withPort = (suffix: string) => `${protocol}//${user}${hostname}${suffix}${pathname}${search}${hash}`;
  const usual = protocol === 'https:' ? '443' : '80';
  return [url, withPort(''), withPort(`:${port === '' ? usual : port}`)];
}
