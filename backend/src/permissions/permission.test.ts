import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalSelector, parseSelector, type Selector } from '../contract/selectors.js';
import {
  anyAncestor,
  anyLedger,
  anySelector,
  anyStatement,
  anyStream,
  below,
  day,
  emailId,
  noon,
  person,
  phoneId,
  shop,
  statement,
  stranger,
  stream,
} from '../opt-outs/decide-test-support.js';
import type { CataloguedStream } from '../streams/stream.js';
import { type Permission, type PermissionQuestion, permission } from './permission.js';
import { regime } from './regime.js';
import type { Statement } from './statement.js';

const promotions = stream();
const question = (given: Partial<PermissionQuestion> = {}): PermissionQuestion => ({
  person,
  identifier: emailId,
  stream: promotions,
  parents: [],
  jurisdictions: ['US'],
  ...given,
});
const optIn = (given: Partial<Statement> = {}) =>
  statement({ id: 'in', effect: 'opt_in', orderAt: noon, counts: true, ...given });
const optOut = (given: Partial<Statement> = {}) => statement({ id: 'out', ...given });
const ask = (statements: Statement[], given: Partial<PermissionQuestion> = {}, now = noon + day) =>
  permission(statements, question(given), now);

describe('permission', () => {
  it('asks the regime where nobody has said anything', () => {
    expect(ask([])).toEqual({ allowed: true, reason: 'regime_opt_out' });
    expect(ask([], { stream: stream({ regime: 'opt_in' }) })).toEqual({
      allowed: false,
      reason: 'regime_opt_in',
    });
  });

  it('names the statement that denies', () => {
    expect(ask([optOut()])).toEqual({ allowed: false, reason: 'opt_out', statementId: 'out' });
  });

  it('does not ask another person or another identifier', () => {
    expect(ask([optOut({ subject: stranger })]).allowed).toBe(true);
    expect(ask([optOut({ subject: phoneId, binds: 'identifier' })]).allowed).toBe(true);
    expect(ask([optOut({ subject: emailId, binds: 'identifier' })]).allowed).toBe(false);
  });

  it('is denied by a live hold whatever the stream, and not by the hold of another address', () => {
    const hold = statement({ id: 'hold', effect: 'hold', subject: emailId, binds: 'identifier' });
    const receipts = stream({ category: 'receipts', class: 'essential' });
    expect(ask([hold], { stream: receipts })).toMatchObject({ allowed: false, reason: 'hold' });
    expect(ask([hold, optIn()])).toMatchObject({ allowed: false, reason: 'hold' });
    expect(ask([hold], { identifier: phoneId }).allowed).toBe(true);
  });

  it('is lifted by a later opt-in of the same subject', () => {
    expect(ask([optOut(), optIn()])).toEqual({ allowed: true, reason: 'opt_in', statementId: 'in' });
  });

  it('INV-RESUB: import, API without evidence and admin resubscribe nobody: an opt-in that does not count lifts nothing', () => {
    expect(ask([optOut(), optIn({ counts: false })]).allowed).toBe(false);
    expect(ask([optIn({ counts: false })], { stream: stream({ regime: 'opt_in' }) }).allowed).toBe(false);
  });

  it('INV-RESUB: a soft opt-in never lifts a complaint, fresh explicit consent does', () => {
    const complaint = optOut({ strength: 'strong' });
    expect(ask([complaint, optIn()]).allowed).toBe(false);
    expect(ask([complaint, optIn({ explicit: true })]).allowed).toBe(true);
  });

  it('INV-IDENT: an opt-in of the person does not lift an opt-out of the address, nor the reverse', () => {
    const address = { subject: emailId, binds: 'identifier' } as const;
    expect(ask([optOut(address), optIn()]).allowed).toBe(false);
    expect(ask([optOut(), optIn(address)]).allowed).toBe(false);
    expect(ask([optOut(address), optIn(address)]).allowed).toBe(true);
  });

  it('INV-IDENT: consent on an address does not pass to its next owner', () => {
    const address = { subject: emailId, binds: 'identifier' } as const;
    const theirs = optIn({ ...address, person: stranger });
    expect(ask([optOut(address), theirs]).allowed).toBe(false);
    expect(ask([theirs], { stream: stream({ regime: 'opt_in' }) }).allowed).toBe(false);
    expect(ask([optOut({ ...address, person: stranger })]).allowed).toBe(false);
  });

  it('INV-ORDER: the opt-out wins a tie, and a tie is as wide as the larger tolerance', () => {
    const gap = (ms: number, tolerance: number) =>
      ask([optOut({ orderAt: noon, tolerance }), optIn({ orderAt: noon + ms })]).allowed;
    expect(gap(0, 0)).toBe(false);
    expect(gap(1, 0)).toBe(true);
    expect(gap(300_000, 300_000)).toBe(false);
    expect(gap(300_001, 300_000)).toBe(true);
    expect(ask([optOut({ orderAt: noon }), optIn({ orderAt: noon + 5, tolerance: 5 })]).allowed).toBe(false);
  });

  it('PostHog: resubscribing to one category never lifts a global opt-out beyond that category', () => {
    const global = optOut({ selector: 'channel=email' });
    const narrow = optIn({ selector: 'channel=email;category=promotions;origin=shop' });
    const allowed = shop
      .filter((one) => one.channel === 'email' && one.class !== 'essential')
      .filter((one) => ask([global, narrow], { stream: one }).allowed)
      .map((one) => one.category);
    expect(allowed).toEqual(['promotions']);
  });

  it('a void takes back its own decision only, and no other that says the same', () => {
    const undo = statement({ id: 'undo', effect: 'void', voids: 'decision of out' });
    expect(ask([optOut(), undo])).toEqual({ allowed: true, reason: 'regime_opt_out' });
    expect(ask([optOut(), undo, optOut({ id: 'other' })]).statementId).toBe('other');
  });

  it('a void of another subject takes back nothing', () => {
    const undo = statement({ id: 'undo', effect: 'void', voids: 'decision of out', subject: stranger });
    expect(ask([optOut(), undo]).allowed).toBe(false);
  });

  it('a pause denies until it ends', () => {
    const pause = statement({ id: 'pause', effect: 'pause', expiresAt: noon + day });
    expect(ask([pause], {}, noon + day - 1)).toMatchObject({ allowed: false, reason: 'pause' });
    expect(ask([pause], {}, noon + day).allowed).toBe(true);
  });

  it('INV-CA-2: after implied consent expires sending is refused without any opt-out', () => {
    const implied = optIn({ basis: 'implied_consent', expiresAt: noon + day });
    for (const legalBasis of ['implied_consent', null] as const) {
      const here = { stream: stream({ regime: null, legalBasis }), jurisdictions: ['CA'] };
      expect(ask([implied], here, noon).allowed).toBe(true);
      expect(ask([implied], here, noon + day)).toEqual({ allowed: false, reason: 'regime_opt_in' });
    }
  });

  it('the latest covering cap travels with the answer and never decides', () => {
    const cap = (id: string, n: number, orderAt: number, selector = '*') =>
      statement({ id, effect: 'cap', cap: { n, per: 'week' }, orderAt, selector });
    const caps = [cap('a', 3, 10), cap('b', 2, 20), cap('c', 1, 30, 'channel=sms'), cap('d', 9, 20 - 1)];
    expect(ask(caps)).toEqual({ allowed: true, reason: 'regime_opt_out', cap: { n: 2, per: 'week' } });
    expect(ask([...caps, optOut()])).toMatchObject({ allowed: false, cap: { n: 2, per: 'week' } });
  });

  it('audience and campaign are covered only where the message names them', () => {
    const narrow = optOut({ selector: 'channel=email;audience=vip%3B1;campaign=bf' });
    expect(ask([narrow]).allowed).toBe(true);
    expect(ask([narrow], { audience: 'vip;1' }).allowed).toBe(true);
    expect(ask([narrow], { audience: 'vip;1', campaign: 'bf' }).allowed).toBe(false);
    expect(ask([optOut({ selector: 'campaign=bf' })], { campaign: 'bf' }).allowed).toBe(false);
  });
});

describe('classes, brands and parents', () => {
  const was = (value: CataloguedStream['class'], until: number) => ({ value, until });

  it('re-classing a stream re-opens nobody', () => {
    const out = optOut({ selector: 'class=commercial;channel=email', orderAt: 10 });
    const now = stream({
      class: 'informational',
      classes: [was('commercial', 20), was('informational', Infinity)],
    });
    expect(ask([out], { stream: now }).allowed).toBe(false);
    expect(ask([{ ...out, orderAt: 20 }], { stream: now }).allowed).toBe(true);
  });

  it('re-classing a stream as essential re-opens nobody', () => {
    const out = optOut({ selector: 'channel=email', orderAt: 10 });
    const now = stream({ class: 'essential', classes: [was('commercial', 20), was('essential', Infinity)] });
    expect(ask([out], { stream: now }).allowed).toBe(false);
    expect(ask([{ ...out, orderAt: 20 }], { stream: now }).allowed).toBe(true);
  });

  it('an opt-in to news lifts no opt-out of advertising once the news turn into advertising', () => {
    const now = stream({ classes: [was('informational', 100), was('commercial', Infinity)] });
    const out = optOut({ selector: 'class=commercial', orderAt: 10 });
    expect(ask([out, optIn({ selector: 'class=informational', orderAt: 20 })], { stream: now }).allowed).toBe(
      false,
    );
    const toAdvertising = (orderAt: number) => optIn({ selector: 'class=commercial', orderAt });
    expect(ask([out, toAdvertising(20)], { stream: now }).allowed).toBe(false);
    expect(ask([out, toAdvertising(100)], { stream: now }).allowed).toBe(true);
  });

  it('INV-TX: essential mail is cut only by a selector that names it', () => {
    const receipts = { stream: stream({ category: 'receipts', class: 'essential' }) };
    for (const selector of [
      '*',
      'channel=email',
      'class=commercial',
      'channel=email;category=receipts;origin=shop',
    ]) {
      expect(ask([optOut({ selector })], receipts).allowed, selector).toBe(true);
    }
    expect(ask([optOut({ selector: 'class=essential;category=receipts' })], receipts).allowed).toBe(false);
  });

  it('INV-BRAND: an opt-out of a brand holds on a stream that has moved to another brand', () => {
    const moved = stream({
      brand: 'zenith',
      brands: [
        { value: 'acme', until: 20 },
        { value: 'zenith', until: Infinity },
      ],
    });
    expect(ask([optOut({ selector: 'brand=acme', orderAt: 10 })], { stream: moved }).allowed).toBe(false);
    expect(ask([optOut({ selector: 'brand=acme', orderAt: 30 })], { stream: moved }).allowed).toBe(true);
  });

  it('INV-2919-2: a stream that was split off inherits what was said about its parent', () => {
    const parent = stream();
    const child = stream({ category: 'weekly', parent: parent.key });
    const out = optOut({ selector: 'channel=email;category=promotions;origin=shop' });
    expect(ask([out], { stream: child, parents: [below(parent)] }).allowed).toBe(false);
    expect(ask([out], { stream: child }).allowed).toBe(true);
    const essential = stream({ category: 'receipts', class: 'essential', parent: parent.key });
    expect(ask([out], { stream: essential, parents: [below(parent)] }).allowed).toBe(true);
  });

  it('INV-2919-2: re-parenting a stream re-opens nobody who left the parent while it was one', () => {
    const child = stream({ category: 'weekly' });
    const former = { stream: stream(), until: 20, from: Infinity };
    const parents = [below(stream({ category: 'another' })), former];
    for (const effect of ['opt_out', 'pause'] as const) {
      const left = optOut({ effect, selector: 'category=promotions', orderAt: 10 });
      expect(ask([left], { stream: child, parents }).allowed, effect).toBe(false);
      expect(ask([{ ...left, orderAt: 20 }], { stream: child, parents }).allowed, effect).toBe(true);
    }
  });

  it('an opt-in counts through a parent of today alone, and only if newer than the re-parenting', () => {
    const child = stream({ category: 'weekly' });
    const out = optOut({ selector: 'category=weekly', orderAt: 10 });
    const yes = (orderAt: number) => optIn({ selector: 'category=promotions', orderAt });
    const since = (from: number, until = Infinity) => ({
      stream: child,
      parents: [{ stream: stream(), from, until }],
    });
    expect(ask([out, yes(15)], since(-Infinity)).allowed).toBe(true);
    expect(ask([out, yes(15)], since(20)).allowed).toBe(false);
    expect(ask([out, yes(25)], since(20)).allowed).toBe(true);
    expect(ask([out, yes(15)], since(Infinity, 20)).allowed).toBe(false);
  });
});

// ——— the slow obvious twin: the definition, line by line, with no index and no cache ———

function twin(statements: readonly Statement[], asked: PermissionQuestion, now: number): Permission {
  const mine = statements.filter((one) =>
    one.binds === 'person' ? one.subject === asked.person : one.subject === asked.identifier,
  );
  const voided = mine.filter((one) => one.effect === 'void').map((one) => one.voids);
  const live = mine.filter(
    (one) => !voided.includes(one.decision) && (one.expiresAt === null || one.expiresAt > now),
  );
  const covering = live.filter((one) => covers(one, asked));
  const cap = last(covering.filter((one) => one.effect === 'cap'))?.cap ?? undefined;
  const result = (answer: Permission): Permission => (cap === undefined ? answer : { ...answer, cap });

  const hold = last(live.filter((one) => one.effect === 'hold'));
  if (hold !== undefined) return result({ allowed: false, reason: 'hold', statementId: hold.id });
  const optIns = covering.filter(
    (one) =>
      one.effect === 'opt_in' &&
      one.counts &&
      asked.person !== null &&
      (one.binds === 'person' || one.person === asked.person) &&
      speaksOfToday(one, asked),
  );
  const denies = covering
    .filter((one) => one.effect === 'opt_out' || one.effect === 'pause')
    .filter(
      (deny) =>
        !optIns.some(
          (one) =>
            one.binds === deny.binds &&
            one.subject === deny.subject &&
            one.orderAt > deny.orderAt + one.tolerance &&
            one.orderAt > deny.orderAt + deny.tolerance &&
            (deny.strength === 'plain' || one.explicit),
        ),
    );
  const deny = last(denies);
  if (deny !== undefined) {
    return result({
      allowed: false,
      reason: deny.effect === 'pause' ? 'pause' : 'opt_out',
      statementId: deny.id,
    });
  }
  const yes = last(optIns);
  if (yes !== undefined) return result({ allowed: true, reason: 'opt_in', statementId: yes.id });
  return regime(asked.stream, asked.jurisdictions) === 'opt_in'
    ? result({ allowed: false, reason: 'regime_opt_in' })
    : result({ allowed: true, reason: 'regime_opt_out' });
}

/** An opt-in by class, brand or parent must name what the stream is or has, and has been or had ever since. */
function speaksOfToday(one: Statement, { stream, parents }: PermissionQuestion): boolean {
  const said = parseSelector(one.selector);
  const today = [below(stream), ...parents].filter((each) => each.from <= one.orderAt);
  if (!today.some((each) => isPlace(said, each.stream))) return false;
  const others = stream.classes.filter((held) => held.value !== stream.class && held.until > one.orderAt);
  const otherBrands = stream.brands.filter((held) => held.value !== stream.brand && held.until > one.orderAt);
  if (said.class === undefined) {
    if (stream.class !== 'essential' && others.some((held) => held.value === 'essential')) return false;
  } else if (said.class !== stream.class || others.length > 0) return false;
  return said.brand === undefined || (said.brand === stream.brand && otherBrands.length === 0);
}

function covers(one: Statement, { stream, parents, audience, campaign }: PermissionQuestion): boolean {
  const said = parseSelector(one.selector);
  const since = one.orderAt;
  const lineage = [below(stream), ...parents].filter((each) => each.until > since).map((each) => each.stream);
  const classesOf = (each: CataloguedStream) =>
    [...each.classes, { value: each.class, until: Infinity }].filter((held) => held.until > since);
  const brandsOf = (each: CataloguedStream) =>
    [...each.brands, { value: each.brand, until: Infinity }].filter((held) => held.until > since);
  return (
    lineage.some((each) => isPlace(said, each)) &&
    (said.class === undefined ||
      lineage.some((each) => classesOf(each).some((held) => held.value === said.class))) &&
    (said.brand === undefined ||
      lineage.some((each) => brandsOf(each).some((held) => held.value === said.brand))) &&
    (said.class === 'essential' || classesOf(stream).some((held) => held.value !== 'essential')) &&
    (said.audience === undefined || said.audience === audience) &&
    (said.campaign === undefined || said.campaign === campaign)
  );
}

const isPlace = (said: Selector, each: CataloguedStream): boolean =>
  (said.channel ?? each.channel) === each.channel &&
  (said.category ?? each.category) === each.category &&
  (said.origin ?? each.origin) === each.origin;

const last = (list: readonly Statement[]): Statement | undefined =>
  [...list].sort((a, b) => a.orderAt - b.orderAt || (a.id < b.id ? -1 : 1)).at(-1);

const anyQuestion: fc.Arbitrary<PermissionQuestion> = fc.record({
  person: fc.constantFrom(person, person, null),
  identifier: fc.constantFrom(emailId, emailId, phoneId, null),
  stream: anyStream,
  parents: fc.array(anyAncestor, { maxLength: 2 }),
  audience: fc.constantFrom('vip', 'other', null),
  campaign: fc.constantFrom('spring', null),
  jurisdictions: fc.constant(['US']),
});
const now = fc.integer({ min: 12, max: 25 });
const many = { numRuns: 200 };
const few = { numRuns: 60 };

describe('permission, for random ledgers', () => {
  it('answers as the definition does', () => {
    fc.assert(
      fc.property(anyLedger, anyQuestion, now, (ledger, asked, at) => {
        expect(permission(ledger, asked, at)).toEqual(twin(ledger, asked, at));
      }),
      { numRuns: 600 },
    );
  });

  it('INV-ORDER: any order and any repetition of the same statements gives the same answer', () => {
    const shuffled = anyLedger.chain((ledger) =>
      fc.tuple(
        fc.constant(ledger),
        fc.shuffledSubarray([...ledger, ...ledger], { minLength: ledger.length * 2 }),
      ),
    );
    fc.assert(
      fc.property(shuffled, anyQuestion, now, ([ledger, mixed], asked, at) => {
        expect(permission(mixed, asked, at)).toEqual(permission(ledger, asked, at));
      }),
      many,
    );
  });

  it('INV-FLOOR-3: another opt-out, pause or hold never allows what was denied', () => {
    fc.assert(
      fc.property(anyLedger, anyStatement, anyQuestion, now, (ledger, more, asked, at) => {
        fc.pre(['opt_out', 'pause', 'hold'].includes(more.effect));
        if (permission([...ledger, more], asked, at).allowed) {
          expect(permission(ledger, asked, at).allowed).toBe(true);
        }
      }),
      many,
    );
  });

  it('INV-RESUB: an opt-in that does not count changes nothing at all', () => {
    fc.assert(
      fc.property(anyLedger, anyStatement, anyQuestion, now, (ledger, more, asked, at) => {
        const imported = { ...more, effect: 'opt_in' as const, counts: false, explicit: false, cap: null };
        expect(permission([...ledger, imported], asked, at)).toEqual(permission(ledger, asked, at));
      }),
      many,
    );
  });

  it('INV-RESUB: an opt-in changes the answer only for messages that its selector matches', () => {
    fc.assert(
      fc.property(anyLedger, anySelector, anyQuestion, now, (ledger, selector, asked, at) => {
        const yes = optIn({ selector: canonicalSelector(selector), orderAt: 12, explicit: true });
        if (covers(yes, asked)) return;
        expect(permission([...ledger, yes], asked, at)).toEqual(permission(ledger, asked, at));
      }),
      many,
    );
  });

  it('undo lifts only its own decision: a void equals a ledger without that decision', () => {
    fc.assert(
      fc.property(anyLedger, anyQuestion, now, (ledger, asked, at) => {
        fc.pre(asked.person !== null);
        const undo = statement({ id: 'undo', effect: 'void', voids: 'd4', decision: 'undo' });
        const without = ledger.filter((one) => one.decision !== 'd4' || one.effect === 'void');
        expect(permission([...ledger, undo], asked, at)).toEqual(permission(without, asked, at));
      }),
      many,
    );
  });

  it('INV-TX: no ledger without a selector that names essential mail denies a stream that always was essential', () => {
    fc.assert(
      fc.property(anyLedger, anyQuestion, now, (ledger, asked, at) => {
        const essential = stream({ class: 'essential' });
        const said = ledger.filter(
          (one) => !one.selector.includes('class=essential') && one.effect !== 'hold',
        );
        expect(permission(said, { ...asked, stream: essential }, at).allowed).toBe(true);
      }),
      many,
    );
  });

  it('re-classing re-opens nobody: whatever class a stream gets, a denial by opt-out stays', () => {
    fc.assert(
      fc.property(
        anyLedger,
        anyQuestion,
        fc.constantFrom('commercial', 'informational', 'essential', 'profiling'),
        now,
        (ledger, asked, value, at) => {
          const before = permission(ledger, asked, at);
          fc.pre(before.reason === 'opt_out');
          // Re-classed after everything that was said (13), so nothing was said about the new class.
          const reclassed: CataloguedStream = {
            ...asked.stream,
            class: value as CataloguedStream['class'],
            classes: [
              ...asked.stream.classes.map((held) => ({ ...held, until: Math.min(held.until, 13) })),
              { value: value as CataloguedStream['class'], until: Infinity },
            ],
          };
          expect(permission(ledger, { ...asked, stream: reclassed }, at).allowed).toBe(false);
        },
      ),
      few,
    );
  });

  it('INV-2919-2: a denied parent denies its children, unless they are essential or consented to by themselves', () => {
    fc.assert(
      fc.property(anyLedger, anyQuestion, anyStream, now, (ledger, asked, child, at) => {
        fc.pre(child.class !== 'essential');
        const before = permission(ledger, asked, at);
        fc.pre(before.reason === 'opt_out' || before.reason === 'pause');
        const denier = ledger.filter((one) => one.id === before.statementId);
        const answer = permission(
          denier,
          { ...asked, stream: child, parents: [below(asked.stream), ...asked.parents] },
          at,
        );
        expect(answer.allowed).toBe(false);
      }),
      few,
    );
  });
});
