import { EngineAwayError } from '@secateur/sql';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls, minutesAgo, type Place } from '../support/calls.js';

const email = { channel: 'email', category: 'promotions', origin: 'shop' };
const sms = { ...email, channel: 'sms' };

let app: RunningApp;
const call = new Calls(() => app);
let count = 0;
const fresh = (prefix: string) => `${prefix}-${++count}`;
const freshPhone = () => `+1202555${String(1000 + ++count)}`;

beforeAll(async () => {
  app = await startApp();
  for (const channel of ['email', 'sms', 'voice', 'whatsapp', 'push', 'in_app'])
    await call.stream(channel, { ...email, channel });
});
afterAll(() => app.stop());

const person = async (profile: object = {}): Promise<string> => {
  const id = fresh('u');
  await call.profiles({ id, jurisdiction: 'US', ...profile });
  return id;
};
const event = (change: object) => call.events({ id: fresh('e'), type: 'opted_out', ...change });
const isAllowed = async (place: Place, subscriber: string) => (await call.check(place, subscriber)).allowed;

/*
 * Every way to name a person × what their profile says × every channel × three ways to want less.
 *
 *   named:   the sender's id, the e-mail address, the phone number, and each mixture of them
 *   profile: for e-mail and phone each nothing, the address that is named, or another one
 *
 * A request that names neither the id, nor an address on the profile, nor one of its channel's kind is about nobody.
 */
describe('however the person is named, the send check finds the opt-out', () => {
  const channels = ['email', 'sms', 'voice', 'whatsapp', 'push', 'in_app'] as const;
  const kinds = { email: 'email', sms: 'phone', voice: 'phone', whatsapp: 'phone' } as const;
  const wishes = [
    { type: 'opted_out', asked: 'this' },
    { type: 'opted_out', asked: 'all' },
    { type: 'complained' },
  ] as const;
  const held = ['none', 'same', 'other'] as const;
  const names = [
    ['subscriber'],
    ['subscriber', 'email'],
    ['subscriber', 'phone'],
    ['subscriber', 'email', 'phone'],
    ['email'],
    ['phone'],
    ['email', 'phone'],
  ] as const;

  test.each(channels)('on %s', async (channel) => {
    const kind = channel in kinds ? kinds[channel as keyof typeof kinds] : null;
    const place = { ...email, channel };
    const profiles: object[] = [];
    const events: object[] = [];
    const later: object[] = [];
    const meant: string[] = [];
    const sharing: string[] = [];
    const says = new Map<string, string>();
    for (const named of names) {
      for (const emailHeld of held) {
        for (const phoneHeld of held) {
          for (const wish of wishes) {
            const id = fresh('u');
            const address = { email: `${id}@example.com`, phone: freshPhone() };
            const own = {
              email: { none: null, same: address.email, other: `other-${id}@example.com` }[emailHeld],
              phone: { none: null, same: address.phone, other: freshPhone() }[phoneHeld],
            };
            const who: Record<string, string> = {};
            for (const name of named) who[name] = name === 'subscriber' ? id : address[name];
            says.set(
              id,
              `${named.join(' + ')}; e-mail ${emailHeld}, phone ${phoneHeld}; ${JSON.stringify(wish)}`,
            );
            profiles.push({ id, ...own, jurisdiction: 'US' });
            const isKnown =
              who.subscriber !== undefined ||
              (who.email !== undefined && emailHeld === 'same') ||
              (who.phone !== undefined && phoneHeld === 'same');
            if (isKnown) meant.push(id);
            if (!isKnown && (kind === null || who[kind] === undefined)) continue;
            events.push({ id: fresh('e'), ...wish, ...place, ...who });
            if (kind === null || who[kind] === undefined) continue;
            const next = fresh('next');
            says.set(next, `whoever has the ${kind} of ${says.get(id)}`);
            later.push({ id: next, [kind]: who[kind], jurisdiction: 'US' });
            sharing.push(next);
          }
        }
      }
    }
    await call.profiles(...profiles);
    await call.events(...events);
    if (later.length > 0) await call.profiles(...later);
    const answers = await call.checks(place, [...meant, ...sharing]);
    expect(answers.length).toBeGreaterThan(80);
    const missed = answers.filter(({ allowed }) => allowed).map(({ subscriber }) => says.get(subscriber));
    expect(missed).toEqual([]);
  });
});

describe('the same id again', () => {
  const proof = { basis: 'consent', evidence: 'form' };

  test('an opt-in from a clock ahead of ours, redelivered later, lifts no opt-out made in between', async () => {
    const id = await person();
    const occurred_at = new Date(Date.now() + 400).toISOString();
    const optIn = { id: fresh('i'), type: 'opted_in', subscriber: id, ...email, ...proof, occurred_at };
    expect(await call.events(optIn)).toMatchObject({ flagged: [{ flags: ['occurred_at_clamped'] }] });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await call.optOut({ subscriber: id, ...email });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await call.events(optIn)).toMatchObject({ accepted: 0, duplicates: 1 });
    expect(await isAllowed(email, id)).toBe(false);
  });

  test('with other content an opt-in is refused and kept, an opt-out is applied', async () => {
    const id = await person();
    const optIn = { id: fresh('i'), type: 'opted_in', subscriber: id, ...email, ...proof };
    await call.events({ ...optIn, occurred_at: minutesAgo(9) });
    await call.optOut({ subscriber: id, ...email, occurred_at: minutesAgo(5) });
    const again = await call.post('/v1/events', [{ ...optIn, evidence: 'another form' }]);
    expect(again.body).toMatchObject({ accepted: 0, rejected: [{ code: 'id_reused', field: 'id' }] });
    expect(await isAllowed(email, id)).toBe(false);

    await call.events({ ...optIn, id: fresh('i') });
    expect(await isAllowed(email, id)).toBe(true);
    const last = { id: optIn.id, type: 'opted_out', subscriber: id, ...email, asked: 'all' };
    await call.events(last);
    expect(await isAllowed(email, id)).toBe(false);
    expect(await call.events(last)).toMatchObject({ accepted: 0, duplicates: 1 });
  });
});

describe('whom an opt-out binds', () => {
  test('a STOP that spells the number as at home stops the number on the profile', async () => {
    const id = await person({ phone: '+15551234567' });
    await event({ trigger: 'sms_stop', subscriber: id, phone: '(555) 123-4567', ...sms });
    expect(await isAllowed(sms, id)).toBe(false);
  });

  test('an address that is named beside the person leaves their other channels alone', async () => {
    const [address, phone] = [`${fresh('a')}@example.com`, freshPhone()];
    const id = await person({ email: address, phone });
    await event({ trigger: 'sms_stop', subscriber: id, email: address, phone, ...sms });
    expect([await isAllowed(sms, id), await isAllowed(email, id)]).toEqual([false, true]);
  });

  test('INV-IDENT: where the address is named it is bound, not the person', async () => {
    const address = `${fresh('a')}@example.com`;
    const id = await person({ email: address });
    await event({ subscriber: id, email: address, ...email });
    await call.profiles({ id, email: `new-${address}` });
    expect(await isAllowed(email, id)).toBe(true);
  });

  test('where only the person is named a new address, or none, opens nothing', async () => {
    const id = await person({ email: `${fresh('a')}@example.com` });
    await event({ subscriber: id, ...email });
    await call.profiles({ id, email: `${fresh('a')}@example.com` });
    expect(await isAllowed(email, id)).toBe(false);
    await call.profiles({ id, email: null });
    expect(await isAllowed(email, id)).toBe(false);
  });

  test('the same words in favour lift it again', async () => {
    for (const names of [
      ['subscriber'],
      ['email'],
      ['subscriber', 'email'],
      ['subscriber', 'email', 'phone'],
    ]) {
      const [address, phone] = [`${fresh('a')}@example.com`, freshPhone()];
      const id = await person({ email: address, phone });
      const all = Object.entries({ subscriber: id, email: address, phone });
      const who = Object.fromEntries(all.filter(([name]) => names.includes(name)));
      await event({ ...who, ...email, occurred_at: minutesAgo(3) });
      expect(await isAllowed(email, id)).toBe(false);
      await event({ ...who, ...email, type: 'opted_in', basis: 'consent', evidence: 'form' });
      expect(await isAllowed(email, id)).toBe(true);
    }
  });

  test('an opt-in at another address lifts nothing at the person’s own', async () => {
    const id = await person({ email: `${fresh('a')}@example.com` });
    await event({ subscriber: id, ...email, occurred_at: minutesAgo(3) });
    const other = { subscriber: id, email: `${fresh('other')}@example.com` };
    await event({ ...other, ...email, type: 'opted_in', basis: 'consent', evidence: 'form' });
    expect(await isAllowed(email, id)).toBe(false);
  });

  test('INV-DSN-2: a hard bounce holds the address of the channel, whatever else is named', async () => {
    const [address, phone] = [`${fresh('a')}@example.com`, freshPhone()];
    const id = await person({ email: address, phone });
    await event({ type: 'bounced', bounce: 'hard', subscriber: id, email: address, phone, ...sms });
    expect(await call.check(sms, id)).toMatchObject({ allowed: false, reason: 'hold' });
    expect(await isAllowed(email, id)).toBe(true);
  });

  test('a STOP that names an e-mail address stops the texts of everybody who has it', async () => {
    const address = `${fresh('home')}@example.com`;
    const one = await person({ email: address, phone: freshPhone() });
    const two = await person({ email: address, phone: freshPhone() });
    await event({ email: address, ...sms });
    expect([await isAllowed(sms, one), await isAllowed(sms, two)]).toEqual([false, false]);
    expect([await isAllowed(email, one), await isAllowed(email, two)]).toEqual([true, true]);
  });

  test('a STOP by an e-mail address that nobody has waits for somebody to look', async () => {
    const answer = await call.post('/v1/events', [
      { id: fresh('e'), type: 'opted_out', email: `${fresh('nobody')}@example.com`, ...sms },
    ]);
    expect(answer.body).toMatchObject({ accepted: 0, rejected: [{ code: 'unidentified' }] });
  });

  test('an objection by an address reaches the address on every channel', async () => {
    const address = `${fresh('a')}@example.com`;
    await event({ trigger: 'gdpr_objection_art21', email: address, ...email, channel: 'web' });
    const id = await person({ email: address });
    expect(await isAllowed(email, id)).toBe(false);
  });

  test('while the request waits, whoever shares the address of the person waits with them', async () => {
    const address = `${fresh('home')}@example.com`;
    const [one, two] = [await person({ email: address }), await person({ email: address })];
    const stranger = await person({ email: `${fresh('a')}@example.com` });
    const away = new EngineAwayError('insert', null, 'a test took it away');
    const insert = vi.spyOn(app.engine, 'insert').mockRejectedValue(away);
    const ping = vi.spyOn(app.engine, 'ping').mockRejectedValue(away);
    const answer = await call.post('/v1/opt-outs', { id: fresh('o'), subscriber: one, ...email });
    expect(answer).toMatchObject({ status: 202, body: { state: 'pending' } });
    for (const id of [one, two])
      expect(await call.check(email, id)).toMatchObject({ allowed: false, reason: 'pending' });
    expect(await isAllowed(email, stranger)).toBe(true);
    insert.mockRestore();
    ping.mockRestore();
    await vi.waitFor(
      async () => expect(await call.check(email, two)).toMatchObject({ reason: 'opt_out' }),
      10_000,
    );
  });

  test('a message that went to several people says nothing about whom it is: the request waits', async () => {
    const [one, two] = [await person(), await person()];
    const message = fresh('m');
    for (const subscriber of [one, two])
      await event({ type: 'delivered', subscriber, ...email, message_id: message });
    const answer = await call.post('/v1/events', [
      { id: fresh('e'), type: 'opted_out', ...email, message_id: message },
    ]);
    expect(answer.body).toMatchObject({
      accepted: 0,
      rejected: [{ code: 'ambiguous_message', field: 'message_id' }],
    });
    await event({ subscriber: one, ...email, message_id: message });
    expect([await isAllowed(email, one), await isAllowed(email, two)]).toEqual([false, true]);
  });
});

test('an attribute of any size leaves the others readable to the engine', async () => {
  const plan = fresh('plan');
  await person({ attributes: { big: 1e20, huge: -(2 ** 63), plan } });
  const plans = await app.engine.rows(
    'attributes of all',
    "SELECT JSONExtractFloat(attributes, 'big') AS big FROM subjects WHERE JSONExtractString(attributes, 'plan') = {plan:String}",
    { plan },
  );
  expect(plans).toEqual([{ big: 1e20 }]);
});
