import { describe, expect, it } from 'vitest';
import { permission } from '../permissions/permission.js';
import type { Statement } from '../permissions/statement.js';
import { decide } from './decide.js';
import {
  at,
  day,
  delivery,
  emailId,
  facts,
  noon,
  person,
  phoneId,
  pushId,
  request,
  shop,
  statement,
  stream,
} from './decide-test-support.js';
import type { Facts, OptOutRequest, Rule } from './request.js';

const STREAM = 'channel=email;category=promotions;origin=shop';
const CHAN = 'class=commercial;channel=email';
const promotions = 'email.promotions.shop';

const run = (given: Partial<OptOutRequest> = {}, known: Partial<Facts> = {}) =>
  decide(request(given), facts(known));
const lines = (statements: readonly Statement[]) =>
  statements.map((one) => `${one.effect} ${one.selector} ${one.binds}`).sort();
const spells = (...streams: string[]) => streams.map((key) => ({ stream: key, openedAt: noon - 30 * day }));
const rule = (id: string, ...selectors: string[]): Rule => ({
  id,
  evaluate: () => ({ selectors, detail: 'because' }),
});
const rules = (...list: Rule[]) => ({ rules: { id: 'v7', rules: list } });
const shown = { trigger: 'one_click_unsubscribe', allOptionShown: true } as const;

describe('what was asked', () => {
  it('a click stops its stream and leaves the others', () => {
    const decision = run(shown);
    expect(decision.effective).toEqual([STREAM]);
    expect(decision.streamsStopped).toEqual([promotions]);
    expect(decision.streamsKept).toContain('email.newsletter.shop');
    expect(decision.streamsKept).not.toContain('email.receipts.shop');
    expect(decision.keptByScoping).toBe(2);
  });

  it('dittofeed: a link for one group leaves the other groups of its channel', () => {
    expect(run({ ...shown, trigger: 'group_unsubscribe' }).streamsStopped).toEqual([promotions]);
  });

  it('Mautic: one-click on one segment writes no do-not-contact for the channel', () => {
    const decision = run(shown);
    expect(decision.statements.map((one) => one.selector)).toEqual([STREAM]);
  });

  it('SendGrid: a click on a stream that is known no more stays what its token says, beside the channel that the law demands', () => {
    const decision = run({ ...shown, category: 'deleted' });
    expect(decision.effective).toContain('channel=email;category=deleted;origin=shop');
    expect(decision.effective).toContain(CHAN);
    expect(decision.widenedFor).toEqual(['stream']);
    // Not everything on every channel: texts, push and news go on.
    expect(decision.streamsKept).toEqual(
      shop
        .filter(
          (one) => one.class !== 'essential' && (one.channel !== 'email' || one.class === 'informational'),
        )
        .map((one) => one.key),
    );
  });

  it('Customer.io: a global e-mail link stops no texts, push or WhatsApp', () => {
    const decision = run({ trigger: 'global_unsubscribe', asked: 'all' });
    expect(decision.streamsStopped).toEqual(['email.newsletter.shop', 'email.news.shop', promotions]);
    expect(decision.streamsKept.some((key) => key.startsWith('email.'))).toBe(false);
    expect(decision.streamsKept).toHaveLength(6);
    expect(decision.keptByScoping).toBe(0);
  });

  it('PostHog: a one-click is written for its category, not for all', () => {
    expect(run(shown).effective).not.toContain('channel=email');
  });

  it('twenty: un-ticking every box is not "all"', () => {
    const boxes = shop.filter((one) => one.channel === 'email').map((one) => at('email', one.category));
    const decision = run({ trigger: 'preference_change', asked: boxes });
    expect(decision.effective).toHaveLength(boxes.length);
    expect(decision.effective).not.toContain('channel=email');
  });

  it('"this" without a stream means all advertising on the channel, and says that it was widened for it', () => {
    const decision = run({ category: null, origin: null });
    expect(decision.effective).toEqual([CHAN]);
    expect(decision.widenedFor).toContain('stream');
  });

  it('takes the stream from the message where the request names none', () => {
    const decision = run(
      { ...shown, category: null, origin: null, messageId: 'm1' },
      { deliveries: [delivery()] },
    );
    expect(decision).toMatchObject({ stream: promotions, effective: [STREAM], widenedFor: [] });
  });

  it('"everything" stops all but essential on every channel, and profiling, for person and identifiers', () => {
    const decision = run({ trigger: 'preference_change', asked: 'everything' });
    expect(decision.streamsKept).toEqual([]);
    expect(decision.streamsStopped).toEqual(
      shop.filter((one) => one.class !== 'essential').map((one) => one.key),
    );
    const bound = (selector: string) =>
      decision.statements.filter((one) => one.selector === selector).map((one) => one.subject);
    expect(bound('class=informational').sort()).toEqual([person, emailId, phoneId, pushId].sort());
    expect(bound('channel=email')).toEqual([emailId]);
  });

  it('INV-TX: a click on an essential stream ends that stream by name and no other essential one', () => {
    const decision = run({ ...shown, category: 'receipts' });
    expect(decision.asked).toEqual(['class=essential;channel=email;category=receipts;origin=shop']);
    expect(decision.streamsStopped).toContain('email.receipts.shop');
  });

  it('INV-TX: a complaint about a receipt stops advertising, not receipts', () => {
    const decision = run({ type: 'complained', category: 'receipts' });
    expect(decision.streamsStopped).toEqual(['email.newsletter.shop', promotions]);
  });
});

describe('binding', () => {
  it('INV-IDENT: an e-mail opt-out binds the address, the person only where none is known', () => {
    expect(lines(run(shown).statements)).toEqual([`opt_out ${STREAM} identifier`]);
    const unknown = { identifier: null, identifiers: { email: null, phone: null, push: null } };
    expect(lines(run(shown, unknown).statements)).toEqual([`opt_out ${STREAM} person`]);
  });

  it('push, web and in-app opt-outs bind the person', () => {
    const decision = run({ channel: 'push' }, { identifier: pushId });
    expect(decision.statements.map((one) => one.binds)).toEqual(['person']);
  });

  it('a pick of another channel binds the identifier there, and the person, for the request names no number', () => {
    const decision = run({ trigger: 'preference_change', asked: [at('sms', 'promotions')] });
    expect(decision.statements.map((one) => one.subject)).toEqual([phoneId, person]);
    expect(decision.streamsStopped).toEqual(['sms.promotions.shop']);
    expect(decision.keptByScoping).toBe(2);
  });

  it('an unknown person still gets a suppression on the address', () => {
    const decision = run(shown, { person: null, identifiers: { email: null, phone: null, push: null } });
    expect(lines(decision.statements)).toEqual([`opt_out ${STREAM} identifier`]);
    expect(decision.flags).not.toContain('unidentified');
  });

  it('INV-FLOOR-1: an objection binds the person and every identifier, strongly', () => {
    const decision = run({ trigger: 'gdpr_objection_art21', channel: 'web', category: null, origin: null });
    expect(decision.statements).toHaveLength(8);
    expect(decision.statements.every((one) => one.strength === 'strong' && one.basis === 'art21')).toBe(true);
    expect(decision.streamsStopped).toContain('web.ads.shop');
    expect(decision.streamsKept).toEqual(['email.news.shop', 'sms.delivery.shop']);
  });

  it('INV-GPC-1: a browser signal stops profiling alone, whatever the rules say', () => {
    const signal = {
      trigger: 'opt_out_preference_signal',
      channel: 'web',
      category: null,
      origin: null,
    } as const;
    const decision = run(signal, rules(rule('wide', 'channel=email')));
    expect(decision.effective).toEqual(['class=profiling']);
    expect(decision.streamsStopped).toEqual(['web.ads.shop']);
  });
});

describe('what an opt-in may say', () => {
  const optIn = { type: 'opted_in', basis: 'consent', evidence: 'form' } as const;

  it('a pick without channel and category is narrowed to the channel of the request', () => {
    for (const [pick, kept] of [
      [{}, 'channel=email'],
      [{ class: 'commercial' }, 'class=commercial;channel=email'],
      [{ brand: 'acme' }, 'brand=acme;channel=email'],
    ] as const) {
      const decision = run({ ...optIn, asked: [pick] });
      expect(decision.asked).toEqual([kept]);
      expect(decision.flags).toContain('opt_in_narrowed');
    }
  });

  it('a pick that names a channel or a category is taken as it stands', () => {
    const asked = [{ channel: 'sms' } as const, { category: 'promotions' }];
    const decision = run({ ...optIn, asked });
    expect(decision.asked).toEqual(['channel=sms', 'category=promotions']);
    expect(decision.flags).not.toContain('opt_in_narrowed');
  });
});

describe('a trigger that could not be read', () => {
  it('stops the channel, as a signal of unknown kind, and asks for a review', () => {
    const decision = run({ trigger: null, allOptionShown: true, flags: ['unreadable:trigger'] });
    expect(decision.floor.map((finding) => finding.row)).toEqual([27]);
    expect(decision.effective).toEqual([STREAM, CHAN]);
    expect(decision.flags).toContain('review');
  });
});

describe('rules', () => {
  it('widen a bare click by the first rule that matches, and the trace tells of all', () => {
    const none: Rule = { id: 'none', evaluate: () => null };
    const decision = run(
      shown,
      rules(none, rule('news', 'category=newsletter'), rule('late', 'channel=email')),
    );
    expect(decision).toMatchObject({
      rule: 'news',
      ruleset: 'v7',
      effective: [STREAM, 'category=newsletter'],
    });
    expect(decision.trace.map((step) => [step.rule, step.matched])).toEqual([
      ['none', false],
      ['news', true],
      ['late', true],
    ]);
    expect(decision.streamsStopped).toEqual(['email.newsletter.shop', promotions]);
  });

  it('never touch picks, "all" or "everything"', () => {
    for (const asked of [[at('email', 'promotions')], 'all', 'everything'] as const) {
      const given = { trigger: 'preference_change', asked: asked as OptOutRequest['asked'] } as const;
      expect(run(given, rules(rule('wide', '*'))).effective).toEqual(run(given).effective);
    }
  });

  it('add to a complaint', () => {
    const decision = run({ type: 'complained' }, rules(rule('wide', 'channel=email')));
    expect(decision.effective).toEqual([CHAN, STREAM, 'channel=email']);
  });

  it('INV-FLOOR-1: the floor stands alone when a rule throws or returns what is no selector', () => {
    const broken: Rule = {
      id: 'broken',
      evaluate: () => {
        throw new Error('no');
      },
    };
    for (const one of [broken, rule('typo', 'chanel=email')]) {
      const decision = run(shown, rules(one, rule('after', 'channel=email')));
      expect(decision.effective).toEqual([STREAM]);
      expect(decision.flags).toEqual(['rule_failed']);
      expect(decision.trace).toHaveLength(1);
    }
  });

  it('INV-TX: stop no essential mail', () => {
    const decision = run(shown, rules(rule('greedy', 'class=essential', '*')));
    expect(decision.effective).toEqual([STREAM, '*']);
    expect(decision.flags).toEqual(['rule_essential_dropped']);
    const after = permission(
      decision.statements,
      { person, identifier: emailId, stream: shop[3] ?? stream(), parents: [], jurisdictions: ['US'] },
      noon,
    );
    expect(after.allowed).toBe(true);
  });
});

describe('opt-in', () => {
  const out = (given: Partial<Statement> = {}) =>
    statement({ subject: emailId, binds: 'identifier', selector: STREAM, ...given });
  const yes = { type: 'opted_in', evidence: 'form 7', basis: 'consent' } as const;

  it('is written for person and address, and opens a spell', () => {
    const decision = run(yes, { statements: [out()] });
    expect(lines(decision.statements)).toEqual([`opt_in ${STREAM} identifier`, `opt_in ${STREAM} person`]);
    expect(decision.statements.every((one) => one.counts && !one.explicit && one.person === person)).toBe(
      true,
    );
    expect(decision.spellEdges).toEqual([{ stream: promotions, edge: 'open', at: noon, cause: 'opt_in' }]);
  });

  it.each([
    ['an import', { madeBy: 'import', evidence: 'file' }],
    ['an agent by API', { madeBy: 'agent', evidence: 'said so' }],
    ['an admin', { madeBy: 'admin', evidence: 'ticket' }],
    ['a sender without evidence', { evidence: ' ' }],
  ] as const)('INV-RESUB: by %s lifts nothing and opens no spell where an opt-out stands', (_, given) => {
    const decision = run({ ...yes, ...given }, { statements: [out()] });
    expect(decision.statements.some((one) => one.counts)).toBe(false);
    expect(decision.spellEdges).toEqual([]);
    expect(run({ ...yes, ...given }).spellEdges).toHaveLength(1);
  });

  it('INV-RESUB: is explicit only with evidence of the person, whatever basis an import names', () => {
    const explicit = (given: Partial<OptOutRequest>) =>
      run({ ...yes, basis: 'double_opt_in', ...given }).statements.every((one) => one.explicit);
    expect(explicit({})).toBe(true);
    expect(explicit({ madeBy: 'import' })).toBe(false);
    expect(explicit({ evidence: '' })).toBe(false);
  });

  it('INV-CA-2: that has run out already opens no spell where consent is needed', () => {
    const streams = shop.map((one) => ({ ...one, regime: 'opt_in' as const }));
    expect(run({ ...yes, expiresAt: noon }, { streams }).spellEdges).toEqual([]);
    expect(run({ ...yes, expiresAt: noon + 1 }, { streams }).spellEdges).toHaveLength(1);
  });

  it('PostHog: to one category opens that one and keeps the wide opt-out for the rest', () => {
    const decision = run(yes, { statements: [out({ selector: 'channel=email' })] });
    expect(decision.spellEdges.map((edge) => edge.stream)).toEqual([promotions]);
  });

  it('INV-RESUB: over a complaint takes fresh explicit consent', () => {
    const complaint = run({ type: 'complained', occurredAt: noon - day, receivedAt: noon - day }).statements;
    expect(run(yes, { statements: complaint }).spellEdges).toEqual([]);
    const explicit = { ...yes, basis: 'explicit_consent' } as const;
    expect(run(explicit, { statements: complaint }).spellEdges).toHaveLength(1);
  });

  it('without a stream is guessed no wider than it was said: there is none', () => {
    const decision = run({ ...yes, category: null, origin: null });
    expect(decision.statements).toEqual([]);
    expect(decision.flags).toContain('stream_unknown');
  });

  it('INV-DSN-2: by double opt-in from the address releases its hold, plain consent does not', () => {
    const held = run({ type: 'bounced', bounce: 'hard', decision: 'b', occurredAt: noon - day });
    const verified = run({ ...yes, basis: 'double_opt_in' }, { statements: held.statements });
    expect(verified.statements.filter((one) => one.effect === 'void').map((one) => one.voids)).toEqual(['b']);
    expect(verified.spellEdges).toHaveLength(1);
    expect(run(yes, { statements: held.statements }).spellEdges).toEqual([]);
  });
});

describe('bounces, pauses, caps', () => {
  it('INV-DSN-2: a hard bounce holds the address and closes the spells of every channel that uses it', () => {
    const known = { spells: spells(promotions, 'email.receipts.shop', 'sms.promotions.shop') };
    const decision = run({ type: 'bounced', bounce: 'hard' }, known);
    expect(lines(decision.statements)).toEqual(['hold * identifier']);
    expect(decision.spellEdges.map((edge) => [edge.stream, edge.cause])).toEqual([
      [promotions, 'hard_bounce'],
      ['email.receipts.shop', 'hard_bounce'],
    ]);
    expect(decision.streamsStopped).toEqual(['email.newsletter.shop', 'email.news.shop', promotions]);
    expect(decision.attributed).toBeNull();
  });

  it('INV-DSN-1: a soft bounce or a block writes nothing', () => {
    for (const bounce of ['soft', 'block'] as const) {
      const decision = run({ type: 'bounced', bounce }, { spells: spells(promotions) });
      expect(decision.statements).toEqual([]);
      expect(decision.spellEdges).toEqual([]);
      expect(decision.streamsStopped).toEqual([]);
    }
  });

  it('a pause stops its stream until it ends, 30 days where nothing is said, and closes no spell', () => {
    const decision = run({ type: 'paused' }, { spells: spells(promotions) });
    expect(decision.statements).toMatchObject([
      { effect: 'pause', selector: STREAM, expiresAt: noon + 30 * day, subject: emailId },
    ]);
    expect(decision.flags).toEqual(['until_defaulted']);
    expect(decision.spellEdges).toEqual([]);
    expect(decision.streamsStopped).toEqual([promotions]);
    expect(run({ type: 'paused', until: noon + day }).statements[0]?.expiresAt).toBe(noon + day);
  });

  it('a cap stops nothing', () => {
    const cap = { n: 1, per: 'week' } as const;
    const decision = run({ type: 'capped', cap }, { spells: spells(promotions) });
    expect(decision.statements).toMatchObject([{ effect: 'cap', selector: STREAM, cap }]);
    expect(decision.streamsStopped).toEqual([]);
    expect(decision.spellEdges).toEqual([]);
    expect(run({ type: 'capped' }).flags).toEqual(['cap_missing']);
  });
});

describe('undo', () => {
  const first = run({ ...shown, decision: 'first', occurredAt: noon - 1000 }, { spells: spells(promotions) });
  const undo = { type: 'undone', voids: 'first' } as const;

  it('writes a void on the same subjects, never an opt-in, and re-opens the spell', () => {
    const decision = run(undo, { statements: first.statements });
    expect(decision.statements).toMatchObject([{ effect: 'void', voids: 'first', subject: emailId }]);
    expect(decision.statements).toHaveLength(1);
    expect(decision.effective).toEqual([]);
    expect(decision.spellEdges).toEqual([{ stream: promotions, edge: 'open', at: noon, cause: 'undo' }]);
  });

  it('lifts only its own decision', () => {
    const other = run({ ...shown, decision: 'other', occurredAt: noon - 2000 });
    const known = { statements: [...first.statements, ...other.statements] };
    expect(run(undo, known).spellEdges).toEqual([]);
  });

  it('re-opens only what the decision had closed, where that is known', () => {
    const wide = run({ asked: 'all', decision: 'first', occurredAt: noon - 1000 });
    const known = { statements: wide.statements, closedByVoided: [promotions] };
    expect(run(undo, known).spellEdges.map((edge) => edge.stream)).toEqual([promotions]);
  });

  it('of a decision that nobody knows changes nothing', () => {
    const decision = run(undo);
    expect(decision.statements).toEqual([]);
    expect(decision.flags).toEqual(['void_unknown']);
  });

  it('INV-RESUB: of a complaint is the person’s alone, of anything by staff needs evidence', () => {
    const complaint = run({ type: 'complained', decision: 'first', occurredAt: noon - 1000 });
    const admin = { ...undo, madeBy: 'admin' } as const;
    expect(run({ ...admin, evidence: 'ticket' }, { statements: complaint.statements }).flags).toEqual([
      'void_refused',
    ]);
    expect(run(admin, { statements: first.statements }).flags).toEqual(['void_refused']);
    expect(run({ ...admin, evidence: 'ticket' }, { statements: first.statements }).statements).toHaveLength(
      1,
    );
  });

  it('"pause instead" is a void and a pause: the spell lives on, nothing is sent', () => {
    const decision = run({ type: 'paused', voids: 'first' }, { statements: first.statements });
    expect(lines(decision.statements)).toEqual([`pause ${STREAM} identifier`, 'void * identifier']);
    expect(decision.spellEdges.map((edge) => edge.cause)).toEqual(['undo']);
  });
});

describe('spells', () => {
  it('close with the cause of the request', () => {
    const cause = (given: Partial<OptOutRequest>) =>
      run(given, { spells: spells(promotions) }).spellEdges.map((edge) => edge.cause);
    expect(cause(shown)).toEqual(['opt_out']);
    expect(cause({ type: 'complained' })).toEqual(['complaint']);
    expect(cause({ trigger: 'complaint' })).toEqual(['complaint']);
    expect(cause({ type: 'consent_expired' })).toEqual(['consent_expiry']);
    expect(cause({ type: 'erased' })).toEqual(['erasure']);
  });

  it('all close on erasure, essential and informational ones too', () => {
    const known = { spells: spells(promotions, 'email.receipts.shop', 'email.news.shop', 'gone') };
    const decision = run({ type: 'erased', category: null, origin: null }, known);
    expect(decision.spellEdges).toHaveLength(4);
    expect(decision.streamsKept).toEqual([]);
  });

  it('one wide opt-out closes many', () => {
    const known = { spells: spells(promotions, 'email.newsletter.shop', 'sms.promotions.shop') };
    expect(run({ asked: 'all' }, known).spellEdges.map((edge) => edge.stream)).toEqual([
      'email.newsletter.shop',
      promotions,
    ]);
  });

  it('INV-ORDER: an opt-out that arrives late, before a newer opt-in, closes nothing', () => {
    const late = { ...shown, occurredAt: noon - 2 * day };
    const newer = run({ type: 'opted_in', evidence: 'x', occurredAt: noon - day }).statements;
    const decision = run(late, { statements: newer, spells: spells(promotions) });
    expect(decision.statements).toHaveLength(1);
    expect(decision.spellEdges).toEqual([]);
    expect(decision.streamsStopped).toEqual([]);
    expect(decision.statements[0]?.orderAt).toBe(noon - 2 * day);
  });

  it('never end before they began', () => {
    const late = { ...shown, occurredAt: noon - 60 * day };
    expect(run(late, { spells: spells(promotions) }).spellEdges[0]?.at).toBe(noon - 30 * day);
  });

  it('an open spell counts as sendable where only the regime would deny', () => {
    const consent = shop.map((one) => ({ ...one, regime: 'opt_in' as const }));
    const known = { streams: consent, spells: spells(promotions, 'email.newsletter.shop') };
    const decision = run(shown, known);
    expect(decision.streamsStopped).toEqual([promotions]);
    expect(decision.streamsKept).toEqual(['email.newsletter.shop']);
    expect(decision.keptByScoping).toBe(1);
  });

  it('a repeat changes nothing', () => {
    const before = run(shown).statements.map((one) => ({ ...one, decision: 'before' }));
    const decision = run(shown, { statements: before });
    expect(decision.streamsStopped).toEqual([]);
    expect(decision.keptByScoping).toBe(2);
  });
});

describe('attribution', () => {
  const old = delivery({ messageId: 'old', deliveredAt: noon - 2 * day });
  const recent = delivery({ messageId: 'recent', deliveredAt: noon - 1000 });
  const cause = (given: Partial<OptOutRequest>, known: Partial<Facts>) =>
    run({ ...shown, ...given }, known).attributed?.messageId ?? null;

  it('is to the message that the request names, else to the last on its stream', () => {
    expect(cause({ messageId: 'old' }, { deliveries: [recent, old] })).toBe('old');
    expect(cause({}, { deliveries: [recent, old] })).toBe('recent');
    expect(cause({ messageId: 'unknown' }, { deliveries: [old] })).toBe('old');
  });

  it('is not to a later message, one of another stream or one older than seven days', () => {
    expect(cause({}, { deliveries: [delivery({ deliveredAt: noon + 1 })] })).toBeNull();
    expect(cause({}, { deliveries: [delivery({ stream: 'email.newsletter.shop' })] })).toBeNull();
    expect(cause({}, { deliveries: [delivery({ deliveredAt: noon - 7 * day })] })).toBe('m1');
    expect(cause({}, { deliveries: [delivery({ deliveredAt: noon - 7 * day - 1 })] })).toBeNull();
  });

  it('gives a delivery one opt-out at most, so no rate exceeds 100 %', () => {
    expect(cause({ messageId: 'old' }, { deliveries: [recent, old], attributed: ['old'] })).toBeNull();
    expect(cause({}, { deliveries: [recent, old], attributed: ['recent'] })).toBeNull();
  });

  it('is not for a repeat that changed nothing', () => {
    const before = run(shown).statements.map((one) => ({ ...one, decision: 'before' }));
    expect(cause({}, { deliveries: [recent], statements: before })).toBeNull();
  });

  it('is for the first opt-out even where the regime had denied already', () => {
    const streams = shop.map((one) => ({ ...one, regime: 'opt_in' as const }));
    expect(cause({}, { deliveries: [recent], streams })).toBe('recent');
  });

  it('unsolicited is what comes out of the blue', () => {
    const soon = { deliveries: [delivery({ deliveredAt: noon - 3 * day })] };
    const is = (given: Partial<OptOutRequest>, known: Partial<Facts> = soon) => run(given, known).unsolicited;
    expect(is(shown)).toBe(false);
    expect(is(shown, { deliveries: [delivery({ deliveredAt: noon - 3 * day - 1 })] })).toBe(true);
    expect(is(shown, { deliveries: [] })).toBe(true);
    expect(is({ type: 'complained' })).toBe(true);
    expect(is({ madeBy: 'agent' })).toBe(true);
    expect(is({ trigger: 'provider_suppressed' })).toBe(true);
    expect(is({ trigger: 'mailto_unsubscribe' })).toBe(false);
    expect(is({ trigger: 'mailto_unsubscribe', category: null, origin: null })).toBe(true);
    expect(is({ type: 'erased' })).toBe(true);
    expect(is({ type: 'opted_in', evidence: 'x' })).toBe(false);
  });
});

describe('the record', () => {
  it('is the same in every replay, ids included', () => {
    const one = run(shown, { deliveries: [delivery()] });
    expect(run(shown, { deliveries: [delivery()] })).toEqual(one);
    for (const { id } of run({ asked: 'everything' }).statements) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
    const ids = run({ asked: 'everything' }).statements.map((statement) => statement.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says where the jurisdiction came from and which segments the person was in', () => {
    const decision = run(shown, { jurisdiction: null, phoneJurisdiction: 'DE', segments: ['b', 'a'] });
    expect(decision).toMatchObject({
      jurisdictions: ['DE'],
      jurisdictionFrom: 'phone',
      segments: ['a', 'b'],
    });
  });

  it('INV-FLOOR-2: says that it was widened for want of a jurisdiction', () => {
    const decision = run(shown, { jurisdiction: null });
    expect(decision.effective).toEqual([STREAM, CHAN]);
    expect(decision.widenedFor).toEqual(['jurisdiction']);
    const inside = { jurisdiction: null, settings: { markets: ['US'], tcpaWaiverUntil: null } };
    expect(run(shown, inside)).toMatchObject({ effective: [STREAM], widenedFor: [] });
  });

  it('says that nobody could be found', () => {
    const nobody = { person: null, identifier: null, identifiers: { email: null, phone: null, push: null } };
    expect(run(shown, nobody)).toMatchObject({ statements: [], flags: ['unidentified'] });
  });
});
