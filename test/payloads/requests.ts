import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  byCustomerio,
  byKlaviyo,
  byMailersend,
  byMailtrap,
  byMeta,
  bySendgrid,
  bySvix,
  byTwilioJson,
  type ProviderCall,
} from '../support/provider-calls.js';
import { publicUrl, secrets } from './service.js';

/** One request to the service. */
export interface PayloadRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer | null;
  /** With an API key: mail comes from a server of ours. */
  withKey?: true;
}

/** A raw HTTP/1.1 request, as `.http.txt` holds it: the bytes of the body as they stand. */
export function parseHttp(raw: Buffer): PayloadRequest {
  const end = raw.indexOf('\r\n\r\n');
  const [first = '', ...lines] = raw.subarray(0, end).toString('latin1').split('\r\n');
  const [method = '', path = ''] = first.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const length = Number(headers['content-length'] ?? 0);
  delete headers['content-length'];
  delete headers.host;
  const body = length === 0 ? null : raw.subarray(end + 4, end + 4 + length);
  return { method, path, headers, body };
}

/**
 * The payload as its provider posts it: as it stands where it is a whole request or signed in itself, else under a
 * signature or secret of the README.
 */
export function requestFor(directory: string, path: string): PayloadRequest {
  const raw = readFileSync(join(directory, path));
  const provider = path.split('/')[0] ?? '';
  if (path.endsWith('.http.txt')) return parseHttp(raw);
  if (path.endsWith('.eml')) {
    const headers = { 'content-type': 'message/rfc822' };
    return { method: 'POST', path: '/v1/mail', headers, body: raw, withKey: true };
  }
  const text = raw.toString('utf8');
  const route = `/v1/webhooks/${provider}`;
  const signed = (call: ProviderCall, query = ''): PayloadRequest => ({
    method: 'POST',
    path: route + query,
    headers: call.headers,
    body: Buffer.from(call.body),
  });
  const json = { 'content-type': 'application/json' };
  switch (provider) {
    case 'sendgrid':
      return signed(bySendgrid(JSON.stringify([JSON.parse(text)].flat())));
    case 'mailgun':
      return { method: 'POST', path: route, headers: json, body: raw };
    case 'customerio':
      return signed(byCustomerio(text, secrets.customerio));
    case 'resend':
      return signed(bySvix(text, secrets.resend, `msg_${path}`));
    case 'klaviyo':
      return signed(byKlaviyo(text, secrets.klaviyo));
    case 'whatsapp':
      return signed(byMeta(text, secrets.whatsapp));
    case 'mailersend':
      return signed(byMailersend(text, secrets.mailersend));
    case 'mailtrap':
      return signed(byMailtrap(text, secrets.mailtrap));
    case 'twilio': {
      const call = byTwilioJson(text, secrets.twilio, publicUrl + route);
      return signed(call, call.query);
    }
    case 'ses':
      if (path.includes('/sns_')) {
        const headers = { 'content-type': 'text/plain; charset=UTF-8' };
        return { method: 'POST', path: route, headers, body: raw };
      }
      return { method: 'POST', path: `${route}/${secrets.path}`, headers: json, body: raw };
    default:
      return { method: 'POST', path: `${route}/${secrets.path}`, headers: json, body: raw };
  }
}
