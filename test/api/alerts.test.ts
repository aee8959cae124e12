import { DetectionService, DigestService, NoticesService } from '@secateur/backend/app';
import {
  AlertSettings,
  AlertSettingsAnswer,
  AlertTest,
  Digest,
  Incident,
  Incidents,
  Notices,
  SendPauses,
} from '@secateur/backend/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { rollupColumns, rollupLines } from '../simulator/rollup.js';
import { simulateSender } from '../simulator/sender.js';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';
import { SmtpReceiver } from '../support/smtp-receiver.js';
import { soon } from '../support/targets.js';
import { isSignedBy, WebhookReceiver } from '../support/webhook-receiver.js';

/*
 * Seventy-five days of five streams; yesterday one campaign of stream-0 made six times as many leave as usual. Stream-4 is
 * essential. The log is of one seed, but its weekdays are those of today: on some days something else is unusual, too.
 */
const day = 86_400_000;
const hour = 3_600_000;
const today = Math.floor(Date.now() / day);
const now = new Date(today * day + 13 * hour);
const campaign = `stream-0-${today - 1}-0`;
const streams = ['stream-0', 'stream-1', 'stream-2', 'stream-3', 'stream-4'];
const placeOf = (key: string) => ({ channel: 'email', category: key, origin: 'shop' });
const detection = {
  ...{ enabled: true, q: 0.01, drifts_per_year: 1, min_events: 3, min_deliveries: 200, min_ratio: 1.5 },
  ...{ complaint_min_deliveries: 1000, complaint_min_events: 5, complaint_pause: false },
};
const quiet = { detection, webhook: null, email: null, digest: { enabled: true } };

let app: RunningApp;
let hook: WebhookReceiver;
let mail: SmtpReceiver;
let secret: string;
const call = new Calls(() => app);

const smtp = () => ({
  ...{ host: '127.0.0.1', port: mail.port, security: 'none' },
  ...{ from: 'alerts@example.com', to: ['ada@example.com', 'ben@example.com'] },
});
const told = () => ({ ...quiet, webhook: { url: hook.url }, email: smtp() });
const set = (settings: object) => call.send('PUT', '/v1/alerts/settings', settings);
const detect = (at = now) => app.app.get(DetectionService).detect(at);
const list = async (query = ''): Promise<Incident[]> =>
  Incidents.parse((await call.get(`/v1/alerts${query}`)).body).incidents;
const change = async (id: string, action: string, body: object): Promise<Incident> => {
  const answer = await call.post(`/v1/alerts/${id}/${action}`, body);
  expect(answer).toMatchObject({ status: 200 });
  return Incident.parse(answer.body);
};
const onStream = async (key: string): Promise<Incident> => {
  const found = (await list()).find((one) => one.streams.includes(key) && one.kind === 'spike');
  if (found === undefined) throw new Error(`no incident on ${key}`);
  return found;
};
const notices = async (id: string) =>
  Notices.parse((await call.get(`/v1/alerts/${id}/notices`)).body).notices;

beforeAll(async () => {
  app = await startApp({ markets: ['US'] }, { SECATEUR_PRIVATE_TARGETS: '127.0.0.1' });
  hook = await WebhookReceiver.start();
  mail = await SmtpReceiver.start();
  for (const key of streams)
    await call.stream(key, placeOf(key), {
      class: key === 'stream-4' ? 'essential' : 'commercial',
      list_id: `${key}.shop.example.com`,
    });
  const spike = { kind: 'campaign', stream: 'stream-0', key: campaign, factor: 6 } as const;
  const sender = simulateSender({
    ...{ seed: 11, days: 75, from: today - 75, streams: 5, volumes: [4000, 9000] },
    incidents: [{ ...spike, from: today - 1, to: today - 1 }],
  });
  for (const { batches } of sender.days()) {
    const lines = batches.flatMap((batch) => rollupLines(batch, today * 24 + 13));
    await app.engine.insert('rates', rollupColumns, lines.join('\n'), null);
  }
  secret = AlertSettingsAnswer.parse((await set(told())).body).signing_secret ?? '';
});
beforeEach(() => {
  hook.answer = () => ({ status: 204 });
  mail.refusal = null;
});
afterAll(async () => {
  await app.stop();
  await hook.server.goAway();
  await mail.stop();
});

describe('detection', () => {
  test('finds the campaign, says how sure it is, and tells everybody once', async () => {
    const { opened, notices: made } = await detect();
    expect(opened).toBeGreaterThanOrEqual(1);
    expect(made).toBe(3 * opened);
    const incident = await onStream('stream-0');
    expect(incident).toMatchObject({
      kind: 'spike',
      state: 'open',
      streams: ['stream-0'],
      in_history: false,
    });
    expect(incident.suspects[0]).toMatchObject({ kind: 'campaign', key: campaign });
    const found = incident.evidence.find(({ cell }) => cell.level === 'campaign');
    expect(found?.ratio.lower).toBeGreaterThan(1.5);
    expect(found?.ratio.upper).toBeGreaterThan(found?.ratio.value ?? 0);
    expect(found?.baseline_days).toBe(56);
    expect(incident.tests).toBeGreaterThan(20);
    await soon(() => hook.taken.length).toBe(opened);
    const about = hook.taken.filter(
      ({ body }) => (body as { data?: { id?: string } }).data?.id === incident.id,
    );
    expect(about).toHaveLength(1);
    const [message] = about;
    expect(message?.body).toMatchObject({ type: 'alert.opened' });
    expect(message !== undefined && isSignedBy(secret, message)).toBe(true);
    await soon(() => mail.mails.length).toBe(2 * opened);
    const written = mail.mails.filter(({ text }) => text.includes(`Incident ${incident.id}`));
    expect(written.map(({ to }) => to).sort()).toEqual(['ada@example.com', 'ben@example.com']);
    await soon(async () => (await notices(incident.id)).map(({ state }) => state)).toEqual(
      Array.from({ length: 3 }, () => 'acknowledged'),
    );
    expect(JSON.stringify(await notices(incident.id))).not.toContain('@');
  });

  test('looks at each bucket once, however often the job runs', async () => {
    const before = hook.taken.length;
    expect(await detect()).toEqual({ looks: 0, tests: 0, opened: 0, notices: 0 });
    expect(await detect(new Date(now.getTime() + 60_000))).toMatchObject({ looks: 0 });
    expect(hook.taken).toHaveLength(before);
  });

  test('a later look at the same day goes on with its incident and tells nobody again', async () => {
    const { id, evidence } = await onStream('stream-0');
    const before = (await list()).length;
    const later = new Date((today + 1) * day + hour);
    expect(await detect(later)).toMatchObject({ opened: 0, notices: 0 });
    const again = await onStream('stream-0');
    expect(again.id).toBe(id);
    expect(again.evidence.length).toBeGreaterThanOrEqual(evidence.length);
    expect(await list()).toHaveLength(before);
  });

  test('days that alarmed leave the baseline', async () => {
    const flags = await app.engine.query('alerts/flagged_days', { since: today - 2 });
    expect(flags).toContainEqual(
      expect.objectContaining({ level: 'campaign', key: campaign, on_day: today - 1, metric: 'opt_outs' }),
    );
  });

  test('complaints above 0.30 % of a list are told of, whatever is usual there', async () => {
    const to = now.getTime() + 3 * day;
    const at = new Date(to - 2 * hour).toISOString();
    const line = ['', at, 'stream-2', 'c', 'offer', 'email', 'stream-2', 'shop', 20_000, 0, 0, 0, 120];
    await app.engine.insert('rates', rollupColumns, JSON.stringify(line), null);
    await detect(new Date(to));
    const incident = (await list()).find(({ kind }) => kind === 'complaint_rate');
    expect(incident).toMatchObject({ severity: 'critical', streams: ['stream-2'] });
    expect(incident?.evidence[0]).toMatchObject({
      cell: { level: 'list', key: 'stream-2.shop.example.com' },
      observed: 120,
      delivered: 20_000,
    });
    expect(incident?.evidence[0]?.rate.lower).toBeGreaterThan(0.003);
  });

  test('where it is switched on, a list above 0.30 % rests for a day', async () => {
    await set({ ...told(), detection: { ...detection, complaint_pause: true } });
    const to = now.getTime() + 6 * day;
    const at = new Date(to - 2 * hour).toISOString();
    const line = ['', at, 'stream-3', 'c', 'offer', 'email', 'stream-3', 'shop', 20_000, 0, 0, 0, 120];
    await app.engine.insert('rates', rollupColumns, JSON.stringify(line), null);
    await detect(new Date(to));
    const { pauses } = SendPauses.parse((await call.get('/v1/alerts/pauses')).body);
    expect(pauses).toMatchObject([
      { stream: 'stream-3', changed_by: 'detector', until: new Date(to + day).toISOString() },
    ]);
    await call.post(`/v1/alerts/pauses/${pauses[0]?.id}/lift`, {});
    expect(await set(told())).toMatchObject({ status: 200 });
  });

  test('switched off it looks at nothing', async () => {
    expect(await set({ ...told(), detection: { ...detection, enabled: false } })).toMatchObject({
      status: 200,
    });
    expect(await detect(new Date(now.getTime() + 9 * day))).toMatchObject({ looks: 0 });
    expect(await set(told())).toMatchObject({ status: 200 });
  });
});

describe('the life of an incident', () => {
  test('acknowledged, assigned, resolved: each step says who and when, and is refused once it is resolved', async () => {
    const { id } = await onStream('stream-0');
    const acknowledged = await change(id, 'acknowledge', { note: 'looking' });
    expect(acknowledged).toMatchObject({ state: 'acknowledged', assigned_to: expect.any(String) });
    expect(await change(id, 'assign', { to: 'ada' })).toMatchObject({ assigned_to: 'ada' });
    const resolved = await change(id, 'resolve', { note: 'campaign ended' });
    expect(resolved.state).toBe('resolved');
    expect(resolved.history.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['opened', 'acknowledged', 'assigned', 'resolved']),
    );
    for (const action of ['acknowledge', 'resolve'])
      expect(await call.post(`/v1/alerts/${id}/${action}`, {})).toMatchObject({ status: 409 });
    expect((await list('?state=active')).map((one) => one.id)).not.toContain(id);
    expect((await list('?state=resolved')).map((one) => one.id)).toContain(id);
    expect(await call.get(`/v1/alerts/${id}`)).toMatchObject({ status: 200, body: { id } });
  });

  test('muted until a time, and not into the past', async () => {
    const incident = (await list()).find(({ kind }) => kind === 'complaint_rate');
    const id = incident?.id ?? '';
    const until = new Date(Date.now() + 365 * day).toISOString();
    expect(await change(id, 'mute', { until })).toMatchObject({ state: 'muted', muted_until: until });
    const past = { until: '2020-01-01T00:00:00.000Z' };
    expect(await call.post(`/v1/alerts/${id}/mute`, past)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'until' }] },
    });
    const normal = await call.post(`/v1/alerts/${id}/resolve`, { new_normal: true });
    expect(normal).toMatchObject({ status: 409 });
  });

  test('a caller who may only read changes nothing; one without a key sees nothing', async () => {
    const { id } = await onStream('stream-0');
    const reader = await call.key('read');
    for (const [action, body] of [
      ['acknowledge', {}],
      ['assign', { to: 'ada' }],
      ['resolve', {}],
      ['mute', { until: '2030-01-01T00:00:00.000Z' }],
      ['pause-sends', { why: 'x' }],
    ] as const)
      expect(await call.post(`/v1/alerts/${id}/${action}`, body, reader), action).toMatchObject({
        status: 403,
      });
    expect(await call.send('PUT', '/v1/alerts/settings', told(), reader)).toMatchObject({ status: 403 });
    expect(await call.post('/v1/alerts/settings/test', {}, reader)).toMatchObject({ status: 403 });
    expect(await call.get('/v1/alerts', reader)).toMatchObject({ status: 200 });
    expect(await call.get('/v1/alerts', { authorization: '' })).toMatchObject({ status: 401 });
  });

  test('what is not there is not found, and bad fields are named', async () => {
    const none = '00000000-0000-4000-8000-000000000000';
    expect(await call.get(`/v1/alerts/${none}`)).toMatchObject({ status: 404 });
    expect(await call.get(`/v1/alerts/${none}/notices`)).toMatchObject({ status: 404 });
    expect(await call.post(`/v1/alerts/${none}/acknowledge`, {})).toMatchObject({ status: 404 });
    expect(await call.post(`/v1/alerts/pauses/${none}/lift`, {})).toMatchObject({ status: 404 });
    expect(await call.get('/v1/alerts/nothing')).toMatchObject({ status: 400 });
    expect(await call.get('/v1/alerts?state=odd')).toMatchObject({ status: 400 });
    const bad = await set({ ...told(), detection: { ...detection, q: 2 } });
    expect(bad).toMatchObject({ status: 400, body: { errors: [{ field: 'detection.q' }] } });
  });
});

describe('pausing sends', () => {
  const check = (key: string, extra: object = {}) => call.check({ ...placeOf(key), ...extra }, 'u-1');
  const pause = async (id: string, body: object) => {
    const answer = await call.post(`/v1/alerts/${id}/pause-sends`, body);
    expect(answer).toMatchObject({ status: 200 });
    return SendPauses.parse(answer.body).pauses;
  };

  beforeAll(() => call.profiles({ id: 'u-1', email: 'u-1@example.com', jurisdiction: 'US' }));

  test('denies the stream until it is lifted, and touches neither other streams nor anybody’s statements', async () => {
    const { id } = await onStream('stream-0');
    expect(await check('stream-0')).toMatchObject({ allowed: true });
    const [paused] = await pause(id, { why: 'too many leave' });
    expect(paused).toMatchObject({
      stream: 'stream-0',
      campaign: null,
      until: null,
      active: true,
      incident: id,
    });
    expect(await check('stream-0')).toEqual({
      subscriber: 'u-1',
      allowed: false,
      reason: 'paused_by_operator',
    });
    expect(await check('stream-1')).toMatchObject({ allowed: true });
    const standing = await call.get('/v1/permissions/u-1');
    expect(standing).toMatchObject({ status: 200, body: { statements: [] } });
    expect((await call.changes('0')).changes).toEqual([]);
    const lifted = await call.post(`/v1/alerts/pauses/${paused?.id}/lift`, { why: 'mended' });
    expect(lifted).toMatchObject({ status: 200, body: { active: false } });
    expect(await check('stream-0')).toMatchObject({ allowed: true });
    expect(await call.post(`/v1/alerts/pauses/${paused?.id}/lift`, {})).toMatchObject({ status: 409 });
  });

  test('what the person said stands before the pause', async () => {
    const { id } = await onStream('stream-0');
    await call.profiles({ id: 'u-2', email: 'u-2@example.com', jurisdiction: 'US' });
    await call.optOut({ subscriber: 'u-2', ...placeOf('stream-0') });
    const [paused] = await pause(id, { why: 'x' });
    expect(await call.check(placeOf('stream-0'), 'u-2')).toMatchObject({ allowed: false, reason: 'opt_out' });
    await call.post(`/v1/alerts/pauses/${paused?.id}/lift`, {});
  });

  test('of one campaign lets the others go, and one with an end ends', async () => {
    const { id } = await onStream('stream-0');
    const until = new Date(Date.now() + 1500).toISOString();
    await pause(id, { campaign, until, why: 'x' });
    expect(await check('stream-0', { campaign })).toMatchObject({ reason: 'paused_by_operator' });
    expect(await check('stream-0', { campaign: 'another' })).toMatchObject({ allowed: true });
    await soon(() => check('stream-0', { campaign })).toMatchObject({ allowed: true });
  });

  test('essential mail is paused only by name', async () => {
    const { id } = await onStream('stream-0');
    const body = { streams: ['stream-4'], why: 'template broken' };
    const [paused] = await pause(id, body);
    expect(await check('stream-4')).toMatchObject({ reason: 'paused_by_operator' });
    await call.post(`/v1/alerts/pauses/${paused?.id}/lift`, {});
    expect(await call.post(`/v1/alerts/${id}/pause-sends`, { streams: ['nothing'], why: 'x' })).toMatchObject(
      {
        status: 400,
        body: { errors: [{ field: 'streams[0]' }] },
      },
    );
  });

  test('is known to a sender, who may read the pauses', async () => {
    const { body } = await call.get('/v1/alerts/pauses', await call.key('send'));
    expect(SendPauses.parse(body).pauses.length).toBeGreaterThan(2);
  });
});

describe('notices', () => {
  const deliver = (at = new Date()) => app.app.get(NoticesService).deliver(at);
  /** Of another week each time: a week is told once. */
  let week = 0;
  const tell = (of = ++week) => app.app.get(DigestService).send(new Date(Date.now() + (of - 1) * 7 * day));

  test('the test button tries every recipient and says what became of it', async () => {
    const { results } = AlertTest.parse((await call.post('/v1/alerts/settings/test', {})).body);
    expect(results).toMatchObject([{ place: 'webhook', ok: true, status: 204 }, { ok: true }, { ok: true }]);
    mail.refusal = 550;
    hook.answer = () => ({ status: 500 });
    const again = AlertTest.parse((await call.post('/v1/alerts/settings/test', {})).body).results;
    expect(again.map(({ ok, status }) => [ok, status])).toEqual([
      [false, 500],
      [false, 550],
      [false, 550],
    ]);
  });

  test('what is not taken is tried again under the same id, and has a receipt of each', async () => {
    hook.answer = () => ({ status: 503 });
    const before = hook.messages.length;
    await tell();
    await soon(() => hook.messages.length).toBe(before + 1);
    const waiting = async () =>
      Notices.parse((await call.get('/v1/alerts/notices')).body).notices.find(
        ({ state }) => state === 'waiting',
      );
    await soon(waiting).toMatchObject({ place: 'webhook', attempts: 1, status: 503 });
    // Not before its time.
    expect(await deliver()).toEqual({ sent: 0, failed: 0 });
    hook.answer = () => ({ status: 204 });
    expect(await deliver(new Date(Date.now() + 61_000))).toEqual({ sent: 1, failed: 0 });
    expect(await tell(week)).toEqual({ notices: 0 });
    expect(hook.messages.at(-1)?.id).toBe(hook.messages.at(-2)?.id);
    expect(await waiting()).toBeUndefined();
  });

  test('the digest tells of the week: rates with intervals, movers, open incidents', async () => {
    const digest = Digest.parse((await call.get('/v1/alerts/digest')).body);
    expect(digest.overall.opt_out_rate.denominator).toBeGreaterThan(10_000);
    expect(digest.overall.opt_out_rate.lower).toBeGreaterThan(0);
    expect(digest.movers.map(({ key }) => key)).toContain('stream-0');
    const before = mail.mails.length;
    await tell();
    await soon(() => mail.mails.length).toBe(before + 2);
    expect(mail.mails.at(-1)?.text).toMatch(/Opt-out rate [\d.]+ % \([\d.]+ to [\d.]+\)/);
    expect(await set({ ...told(), digest: { enabled: false } })).toMatchObject({ status: 200 });
    expect(await tell()).toEqual({ notices: 0 });
  });
});

describe('settings', () => {
  test('tell the budget, and no secret', async () => {
    await set(told());
    const answer = await call.get('/v1/alerts/settings', await call.key('read'));
    const settings = AlertSettings.parse(answer.body);
    expect(settings.false_incidents_per_year).toEqual({ spikes: 3.65, drifts: 1, total: 4.65 });
    expect(settings.webhook?.url).toBe(new URL(hook.url).origin);
    expect(JSON.stringify(answer.body)).not.toContain('whsec');
  });

  test('a password stays where the server stays, and never goes to another', async () => {
    const email = { ...smtp(), host: 'mail.example.com', security: 'tls', user: 'ada', password: 'not-told' };
    const stored = await set({ ...quiet, email });
    expect(stored).toMatchObject({ status: 200, body: { email: { has_password: true } } });
    expect(JSON.stringify(stored.body)).not.toContain('not-told');
    const { password: _, ...without } = email;
    const more = { ...without, to: ['cem@example.com'] };
    expect(await set({ ...quiet, email: more })).toMatchObject({ body: { email: { has_password: true } } });
    expect(await set({ ...quiet, email: { ...more, host: 'evil.example.net' } })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'email.password' }] },
    });
    const settings = JSON.stringify(await app.engine.query('settings/settings_all', {}));
    expect(settings).not.toContain('not-told');
  });

  test('neither webhook nor mail server may lie off the public internet unless it is allowed', async () => {
    expect(await set({ ...quiet, webhook: { url: 'https://10.0.0.1/hook' } })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'webhook.url' }] },
    });
    const inside = { ...smtp(), host: '10.0.0.1', to: ['ada@example.com'] };
    expect(await set({ ...quiet, email: inside })).toMatchObject({ status: 200 });
    const { results } = AlertTest.parse((await call.post('/v1/alerts/settings/test', {})).body);
    expect(results).toMatchObject([{ ok: false, detail: 'its address is not one that may be called' }]);
  });
});
