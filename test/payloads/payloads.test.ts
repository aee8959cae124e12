import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DecisionView } from '@secateur/backend/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byTwilio } from '../support/provider-calls.js';
import { type Difference, differences } from './compare.js';
import { type Entry, type Expected, readIndex } from './index-file.js';
import { type PayloadRequest, parseHttp, requestFor } from './requests.js';
import { publicUrl, type Sent, type Service, secrets, startService } from './service.js';

/*
 * Every payload of a folder, through the real routes, against what its index says it means. `pnpm payloads <folder>`.
 */
const directory = process.env.SECATEUR_PAYLOADS ?? '';
const entries = readIndex(directory);

/** Where we read a payload otherwise than the index does, field by field, and why. */
const argued: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'sendgrid/batch_all_events.json': {
    emits:
      '`processed` only says that SendGrid took the message: none of the 27 triggers says that, and the nearest, delivery_delayed, would be a wrong word in every report. It is counted as skipped.',
  },
};

/** Expectations that the index names and the folder does not hold, read from the payload by hand. */
const unheld: Readonly<Record<string, Expected>> = {
  'ses/bounce_permanent.json': {
    channel: 'email',
    trigger: 'hard_bounce',
    subscriber: 'recipient@example.com',
    occurred_at: '2017-08-05T00:41:02.669Z',
    message_id: 'EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000',
    scope_hint: 'address',
    stream: null,
  },
  'customerio/customer_unsubscribed.json': {
    channel: 'email',
    trigger: 'global_unsubscribe',
    subscriber: 'recipient@example.com',
    occurred_at: '2021-02-11T17:04:49Z',
    scope_hint: 'global',
    stream: null,
    provider_event_id: '01E4C4CT6YDC7Y5M7FE1GWWPQJ',
  },
  'klaviyo/unsubscribed_from_email_marketing.json': {
    channel: 'email',
    subscriber: 'recipient@example.com',
    occurred_at: '2026-04-13T22:16:46Z',
    provider_event_id: '73WCCK7JKtE',
  },
};

/** What changes nothing: told, and counted as no event. */
const silent: readonly string[] = ['not_spam', 'auth_failure', 'auto_reply'];
const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };

let service: Service;
const found = new Map<string, Difference[]>();
let sent = 0;

beforeAll(async () => {
  service = await startService(directory);
  await service.api.stream('promotions', promotions);
});
afterAll(async () => {
  await service.stop();
  const disagreeing = [...found].filter(([, list]) => list.length > 0);
  for (const [path, list] of disagreeing)
    for (const one of list)
      console.log(
        `payloads: ${path}: ${one.field}: expected ${text(one.expected)}, found ${text(one.found)}`,
      );
  console.log(
    `payloads: ${sent} of ${entries.length} sent, ${sent - disagreeing.length} agree, ${disagreeing.length} disagree`,
  );
});

const text = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

test.each(entries.map((entry) => [entry.path, entry] as const))('%s', async (path, entry) => {
  const list = await differencesOf(entry);
  sent++;
  found.set(path, list);
  const unargued = list.filter(({ field }) => argued[path]?.[field] === undefined);
  expect(unargued).toEqual([]);
});

test('no more than three payloads are read otherwise, and each for a reason that holds', () => {
  expect(entries).toHaveLength(93);
  const disagreeing = [...found].filter(([, list]) => list.length > 0).map(([path]) => path);
  expect(disagreeing.length).toBeLessThanOrEqual(3);
  expect(disagreeing.sort()).toEqual(Object.keys(argued).sort());
});

async function differencesOf(entry: Entry): Promise<Difference[]> {
  if (entry.expect.verify !== undefined) return vector(entry);
  if (entry.provider === 'rfc8058') return oneClick(entry);
  if (entry.provider === 'gpc') return signal(entry);
  const minted = entry.provider === 'mailto' ? await mintedMail(entry) : null;
  const answer = await service.send(minted ?? requestFor(directory, entry.path));
  return [...statusOf(entry, answer), ...toldOf(entry, answer)];
}

function statusOf({ expect: wanted }: Entry, { status }: Sent): Difference[] {
  const demanded =
    wanted.http_status === undefined ? undefined : Number.parseInt(String(wanted.http_status), 10);
  if (demanded !== undefined)
    return status === demanded ? [] : [{ field: 'http_status', expected: demanded, found: status }];
  if (wanted.signature === 'invalid') return [];
  // A subscription to be confirmed is signed by nobody's real key.
  return status < 300 || wanted.emits === 0
    ? []
    : [{ field: 'status', expected: 'below 300', found: status }];
}

function toldOf({ path, expect: wanted }: Entry, { told }: Sent): Difference[] {
  const events = told?.events ?? [];
  const counted = events.filter(({ trigger }) => !silent.includes(String(trigger)));
  const list: Difference[] = [];
  if (typeof wanted.emits === 'number' && counted.length !== wanted.emits)
    list.push({ field: 'emits', expected: wanted.emits, found: counted.length });
  if (wanted.opt_out_events !== undefined) {
    const outs = counted.filter(({ trigger }) => /unsubscribe|complaint/.test(String(trigger)));
    if (outs.length !== wanted.opt_out_events)
      list.push({ field: 'opt_out_events', expected: wanted.opt_out_events, found: outs.length });
  }
  if (wanted.events !== undefined) return [...list, ...each(wanted.events as Expected[], counted)];
  if (wanted.subscribers !== undefined) {
    const each_ = wanted.subscribers.map(
      (subscriber) => ({ subscriber, trigger: wanted.trigger }) as Expected,
    );
    return [...list, ...each(each_, counted)];
  }
  const named = wanted.unwraps_to ?? wanted.same_as;
  const full = named === undefined ? wanted : expectationOf(named, path);
  if (wanted.emits === 0) {
    const said = [...events.map(({ trigger }) => trigger), ...Object.keys(told?.skipped ?? {})];
    if (wanted.trigger !== undefined && !said.includes(wanted.trigger))
      list.push({ field: 'trigger', expected: wanted.trigger, found: said });
    return list;
  }
  if (full.trigger === undefined && full.channel === undefined) return list;
  const [event] = counted;
  if (event === undefined) return [...list, { field: 'event', expected: 'one', found: 'none' }];
  return [...list, ...differences(tokenless(full), tokenless(event))];
}

/** The index writes `<from token>` where the payload's own link says it. */
function tokenless<Fields extends Readonly<Record<string, unknown>>>(fields: Fields): Fields {
  const plain = fields.stream === '<from token>' ? { ...fields, stream: 'shop:promotions' } : fields;
  // One vocabulary for reach: the index adds prose to two of its words.
  const hint = String(plain.scope_hint ?? '');
  return hint.startsWith('global_') ? { ...plain, scope_hint: 'global' } : plain;
}

function expectationOf(path: string, from: string): Expected {
  const held = entries.find((entry) => entry.path === path)?.expect ?? unheld[path];
  if (held === undefined) throw new Error(`${from} means ${path}, of which nothing is known`);
  return held;
}

function each(wanted: readonly Expected[], events: readonly Record<string, unknown>[]): Difference[] {
  if (wanted.length !== events.length)
    return [{ field: 'events', expected: wanted.length, found: events.length }];
  return wanted.flatMap((one, index) => {
    // `reason` is prose, and the order of recipients is the report's.
    const event = events.find(({ subscriber }) => subscriber === one.subscriber) ?? events[index] ?? {};
    return differences(tokenless(one), tokenless(event));
  });
}

/** Mail to an address of ours: with a token of ours in place of the sample's. */
async function mintedMail({ path, expect: wanted }: Entry): Promise<PayloadRequest | null> {
  const request = requestFor(directory, path);
  const mail = request.body?.toString('latin1') ?? '';
  const local = /^To: <?((?:opt-out|unsub)[^@]*)@/m.exec(mail)?.[1];
  if (local === undefined) return null;
  const token = await service.mint(wanted.subscriber ?? 'natural', promotions);
  return { ...request, body: Buffer.from(mail.replace(local, `unsubscribe+${token}`), 'latin1') };
}

async function newestDecision(): Promise<DecisionView | null> {
  const { body } = await service.api.get('/v1/decisions?limit=1');
  const [newest] = (body as { decisions: { id: string }[] }).decisions;
  if (newest === undefined) return null;
  return DecisionView.parse((await service.api.get(`/v1/decisions/${newest.id}`)).body);
}

/** The public edge tells nothing of itself, under no header: its events are read from the decision they led to. */
async function oneClick({ path, expect: wanted }: Entry): Promise<Difference[]> {
  const subscriber = path;
  const token = await service.mint(subscriber, promotions);
  const request = { ...requestFor(directory, path), path: `/u/${token}` };
  const isReplay = path.includes('replay');
  if (isReplay) await service.send(request);
  const before = await newestDecision();
  const { status } = await service.send(request);
  const after = await newestDecision();
  const isNew = after !== null && after.id !== before?.id;
  const list: Difference[] = [];
  if (status !== 200) list.push({ field: 'status', expected: 200, found: status });
  if (wanted.trigger === undefined) {
    if (isNew) list.push({ field: 'emits', expected: wanted.emits, found: after.trigger });
    return list;
  }
  if (!isNew) return [...list, { field: 'event', expected: 'one', found: 'none' }];
  const view = {
    channel: after.channel,
    trigger: after.trigger,
    subscriber: after.subscriber === subscriber ? '<from token>' : after.subscriber,
    stream: after.stream === 'promotions' ? '<from token>' : after.stream,
    scope_hint: after.asked === 'this' ? 'stream' : 'unknown',
    campaign: null,
    message_id: null,
    occurred_at: null,
  };
  const asked = { ...wanted, subscriber: '<from token>' };
  return [...list, ...differences(asked, view)];
}

/** The signal rides on a request to a page of ours for a known person, whom the token names as the cookie does there. */
async function signal({ path, expect: wanted }: Entry): Promise<Difference[]> {
  const token = await service.mint('known-customer-1', promotions);
  const { headers } = requestFor(directory, path);
  const before = await newestDecision();
  await service.send({ method: 'GET', path: `/u/${token}`, headers, body: null });
  const after = await newestDecision();
  if (after === null || after.id === before?.id)
    return [{ field: 'emits', expected: wanted.emits, found: 0 }];
  const allowed = (await service.api.check(promotions, 'known-customer-1')).allowed;
  const list: Difference[] = allowed ? [] : [{ field: 'note', expected: 'no e-mail opt-out', found: 'one' }];
  const { scope_hint: prose, ...rest } = wanted;
  expect(prose).toContain('sale_share');
  if (after.effective.join() !== 'class=profiling')
    list.push({ field: 'scope_hint', expected: prose, found: after.effective });
  return [...list, ...differences(rest, { channel: after.channel, trigger: after.trigger })];
}

/** Signature vectors: the bytes are taken, and with one of them changed they are not. */
async function vector({ path }: Entry): Promise<Difference[]> {
  const data = JSON.parse(readFileSync(join(directory, path), 'utf8')) as Record<string, unknown>;
  if (path.startsWith('twilio')) return twilioVector(data);
  const isSendgrid = path.startsWith('sendgrid');
  const body = isSendgrid
    ? Buffer.from(String(data.raw_body_base64), 'base64')
    : Buffer.from(String(data.payload));
  const headers: Record<string, string> = isSendgrid
    ? {
        'x-twilio-email-event-webhook-timestamp': String(data.timestamp),
        'x-twilio-email-event-webhook-signature': String(data.signature_base64_der),
      }
    : {
        'svix-id': String(data['svix-id']),
        'svix-timestamp': String(data['svix-timestamp']),
        'svix-signature': String(data['svix-signature']),
      };
  const route = isSendgrid ? 'sendgrid' : 'resend';
  return bothWays({
    method: 'POST',
    path: `/v1/webhooks/${route}`,
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  });
}

async function bothWays(request: PayloadRequest): Promise<Difference[]> {
  const flipped = Buffer.from(request.body ?? []);
  flipped[10] = (flipped[10] ?? 0) ^ 1;
  const [good, bad] = [await service.send(request), await service.send({ ...request, body: flipped })];
  const list: Difference[] = [];
  if (good.status !== 200) list.push({ field: 'verify', expected: 200, found: good.status });
  if (bad.status !== 401) list.push({ field: 'verify flipped', expected: 401, found: bad.status });
  return list;
}

/** The vector is of another address: what signs our own calls to the route makes it, too. */
async function twilioVector(data: Record<string, unknown>): Promise<Difference[]> {
  const fields = data.params as Record<string, string>;
  const made = byTwilio(fields, String(data.auth_token), String(data.url)).headers['x-twilio-signature'];
  const list: Difference[] =
    made === data.x_twilio_signature
      ? []
      : [{ field: 'verify', expected: data.x_twilio_signature, found: made }];
  const path = '/v1/webhooks/twilio';
  const call = byTwilio(fields, secrets.twilio, publicUrl + path);
  const request = { method: 'POST', path, headers: call.headers, body: Buffer.from(call.body) };
  return [...list, ...(await bothWays(request))];
}

describe('the reader of recorded requests', () => {
  test('takes exactly Content-Length bytes of the body', () => {
    const raw = Buffer.from('POST /a HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\nxyz\n');
    expect(parseHttp(raw)).toEqual({ method: 'POST', path: '/a', headers: {}, body: Buffer.from('xyz') });
  });
});
