import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionTypes } from '../contract/decisions.js';
import { canonicalSelector } from '../contract/selectors.js';
import { channels, legalBases, makers, triggers } from '../contract/vocabulary.js';
import { permission } from '../permissions/permission.js';
import type { Statement } from '../permissions/statement.js';
import { identifierKind } from '../subscribers/named-identifiers.js';
import { decide } from './decide.js';
import {
  anyLedger,
  anySelector,
  anyStream,
  day,
  emailId,
  facts,
  noon,
  person,
  phoneId,
  pushId,
  request,
  shop,
} from './decide-test-support.js';
import { floor } from './floor.js';
import { allJurisdictions } from './jurisdiction.js';
import type { Decision, Facts, OptOutRequest, Rule } from './request.js';

const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const anyAsked: fc.Arbitrary<OptOutRequest['asked']> = fc.oneof(
  fc.constantFrom('this' as const, 'this' as const, 'all' as const, 'everything' as const),
  fc.array(anySelector, { minLength: 1, maxLength: 3 }),
);

const anyRequest: fc.Arbitrary<OptOutRequest> = fc
  .record({
    type: fc.constantFrom('opted_out' as const, 'opted_out' as const, ...decisionTypes),
    trigger: nullable(fc.constantFrom(...triggers)),
    asked: anyAsked,
    channel: fc.constantFrom(...channels),
    category: nullable(fc.constantFrom('promotions', 'news', 'receipts', 'a', 'nowhere')),
    origin: nullable(fc.constantFrom('shop', 'shop', 'x')),
    madeBy: fc.constantFrom('person' as const, 'person' as const, ...makers),
    evidence: fc.constantFrom('', 'form'),
    basis: nullable(fc.constantFrom(...legalBases)),
    bounce: fc.constantFrom('hard' as const, 'soft' as const, null),
    allOptionShown: fc.constantFrom(true, false, null),
    legalBasis: nullable(fc.constantFrom(...legalBases)),
    cap: fc.constant({ n: 2, per: 'week' as const }),
    voids: fc.constantFrom(null, null, 'd4'),
    delay: fc.constantFrom(0, 1000, day),
  })
  .map(({ delay, ...given }) => request({ ...given, occurredAt: noon - delay }));

const anyRule: fc.Arbitrary<Rule> = fc.oneof(
  fc.constant<Rule>({ id: 'silent', evaluate: () => null }),
  fc.constant<Rule>({
    id: 'throws',
    evaluate: () => {
      throw new TypeError('broken');
    },
  }),
  fc.constant<Rule>({ id: 'nonsense', evaluate: () => ({ selectors: ['nonsense'], detail: '' }) }),
  fc.array(anySelector, { maxLength: 3 }).map(
    (list): Rule => ({
      id: 'wide',
      evaluate: () => ({ selectors: list.map(canonicalSelector), detail: '' }),
    }),
  ),
);

const anyJurisdiction = fc.constantFrom(null, null, 'US', 'DE', 'AU', 'CA', 'GB', 'IN', 'CH');

/** Statements lie at 0 to 12 ms since the epoch, long before the request. */
const anyFacts: fc.Arbitrary<Facts> = fc
  .record({
    jurisdiction: anyJurisdiction,
    more: fc.array(anyStream, { maxLength: 2 }),
    statements: anyLedger,
    rules: fc.array(anyRule, { maxLength: 3 }),
    identifier: fc.constantFrom(emailId, phoneId, null),
    open: fc.subarray(shop.map((one) => one.key)),
    markets: fc.subarray(['US', 'DE', 'AU']),
  })
  .map(({ more, rules, open, markets, ...given }) => {
    const extra = more.filter((one, index) => more.findIndex((other) => other.key === one.key) === index);
    return facts({
      ...given,
      streams: [...shop, ...extra].sort((a, b) => (a.key < b.key ? -1 : 1)),
      rules: { id: 'random', rules },
      spells: open.map((stream) => ({ stream, openedAt: noon - 30 * day })),
      settings: { markets, tcpaWaiverUntil: null },
    });
  });

const identifierOf = (channel: string, known: Facts, asked: OptOutRequest): string | null => {
  const kinds = { email: 'email', sms: 'phone', voice: 'phone', whatsapp: 'phone', push: 'push' } as const;
  const kind = channel in kinds ? kinds[channel as keyof typeof kinds] : null;
  if (kind === null) return null;
  const own = asked.channel in kinds ? kinds[asked.channel as keyof typeof kinds] : null;
  const ids = { email: emailId, phone: phoneId, push: pushId };
  return kind === own && known.identifier !== null ? known.identifier : ids[kind];
};

const allowed = (statements: readonly Statement[], known: Facts, asked: OptOutRequest, key: string) => {
  const stream = known.streams.find((one) => one.key === key);
  if (stream === undefined) return false;
  const question = {
    person,
    identifier: identifierOf(stream.channel, known, asked),
    stream,
    parents: [],
    jurisdictions: known.jurisdiction === null ? allJurisdictions : [known.jurisdiction],
  };
  return permission(statements, question, asked.receivedAt).allowed;
};

const runs = { numRuns: 300 };
const takes = (decision: Decision) =>
  ['opted_out', 'complained', 'erased', 'consent_expired'].includes(decision.request.type);

describe('decide, for random requests, ledgers and rules', () => {
  it('INV-FLOOR-1: the floor is in force whatever the rules say, also those that throw', () => {
    fc.assert(
      fc.property(anyRequest, anyFacts, (asked, known) => {
        const decision = decide(asked, known);
        const demanded = decision.floor.flatMap((finding) => finding.selectors);
        expect(decision.effective).toEqual(expect.arrayContaining(demanded));
        if (asked.type !== 'bounced' && takes(decision) && demanded.length > 0) {
          const written = new Set(
            decision.statements.filter((one) => one.effect === 'opt_out').map((one) => one.selector),
          );
          expect([...written].sort()).toEqual([...new Set(decision.effective)].sort());
        }
      }),
      runs,
    );
  });

  it('INV-FLOOR-2: an unknown jurisdiction gets the union of the markets’ floors, else of all', () => {
    fc.assert(
      fc.property(anyRequest, anyFacts, (asked, known) => {
        fc.pre(known.jurisdiction === null);
        const decision = decide(asked, known);
        const list = known.settings.markets.length > 0 ? known.settings.markets : allJurisdictions;
        const stream = known.streams.find((one) => one.key === decision.stream) ?? null;
        const each = list.flatMap((one) => floor(asked, stream, [one], known.settings));
        const union = new Set(each.flatMap((finding) => finding.selectors));
        expect(new Set(decision.floor.flatMap((finding) => finding.selectors))).toEqual(union);
      }),
      runs,
    );
  });

  it('INV-FLOOR-3: an opt-out, complaint, objection or bounce opens nothing that was shut', () => {
    fc.assert(
      fc.property(anyRequest, anyFacts, (asked, known) => {
        const decision = decide({ ...asked, voids: null }, known);
        fc.pre(
          takes(decision) || asked.type === 'bounced' || asked.type === 'paused' || asked.type === 'capped',
        );
        expect(decision.statements.some((one) => one.effect === 'opt_in' || one.effect === 'void')).toBe(
          false,
        );
        expect(decision.spellEdges.every((edge) => edge.edge === 'close')).toBe(true);
        const together = [...known.statements, ...decision.statements];
        for (const { key } of known.streams) {
          if (allowed(together, known, asked, key))
            expect(allowed(known.statements, known, asked, key)).toBe(true);
        }
      }),
      runs,
    );
  });

  it('INV-FLOOR-4: what is unknown never makes a floor smaller', () => {
    fc.assert(
      fc.property(
        anyRequest,
        anyFacts,
        fc.constantFrom('US', 'DE', 'AU', 'CA'),
        (asked, known, jurisdiction) => {
          const demanded = (given: Partial<OptOutRequest>, where: string | null) => {
            const blank = known.streams.map((one) => ({ ...one, allOptionShown: false, legalBasis: null }));
            const decision = decide(
              { ...asked, ...given },
              {
                ...known,
                streams: blank,
                jurisdiction: where,
                settings: { markets: [], tcpaWaiverUntil: null },
              },
            );
            return new Set(decision.floor.flatMap((finding) => finding.selectors));
          };
          const blind = demanded({ allOptionShown: null, legalBasis: null }, null);
          const places = demanded(
            {
              allOptionShown:
                asked.allOptionShown === false && Array.isArray(asked.asked) ? null : asked.allOptionShown,
            },
            jurisdiction,
          );
          const isStream = (selector: string) =>
            selector.includes('category=') && selector.includes('origin=');
          for (const selector of places) {
            // A stream gives way to the whole channel, which contains it or stands beside the asked stream itself.
            if (!isStream(selector)) expect(blind).toContain(selector);
            else expect(blind.size).toBeGreaterThan(0);
          }
        },
      ),
      runs,
    );
  });

  it('picks are neither widened nor narrowed, whatever the rules', () => {
    fc.assert(
      fc.property(
        anyRequest,
        anyFacts,
        fc.array(anySelector, { minLength: 1, maxLength: 4 }),
        (asked, known, picks) => {
          const clicks = [
            'preference_change',
            'one_click_unsubscribe',
            'sms_stop',
            'mailto_unsubscribe',
            null,
          ] as const;
          for (const trigger of clicks) {
            const given = {
              ...asked,
              type: 'opted_out',
              trigger,
              asked: picks,
              voids: null,
              madeBy: 'person',
              allOptionShown: true,
            } as const;
            const decision = decide({ ...given, asked: [...picks] }, known);
            expect(new Set(decision.effective)).toEqual(new Set(picks.map(canonicalSelector)));
            expect(decision.rule).toBe('');
          }
        },
      ),
      runs,
    );
  });

  it('"all" and "everything" are neither widened nor narrowed by rules', () => {
    fc.assert(
      fc.property(
        anyRequest,
        anyFacts,
        fc.constantFrom('all' as const, 'everything' as const),
        (asked, known, word) => {
          const given = {
            ...asked,
            type: 'opted_out' as const,
            trigger: 'preference_change' as const,
            asked: word,
          };
          const bare = { ...known, rules: { id: 'none', rules: [] } };
          expect(decide(given, known).effective).toEqual(decide(given, bare).effective);
          expect(decide(given, known).effective).toContain(`channel=${asked.channel}`);
        },
      ),
      runs,
    );
  });

  it('INV-RULE-1: with more rules never less stops', () => {
    fc.assert(
      fc.property(anyRequest, anyFacts, (asked, known) => {
        const bare = decide(asked, { ...known, rules: { id: 'none', rules: [] } });
        const ruled = decide(asked, known);
        expect(ruled.effective).toEqual(expect.arrayContaining(bare.effective));
        expect(ruled.streamsStopped).toEqual(expect.arrayContaining(bare.streamsStopped));
      }),
      runs,
    );
  });

  it('the clicked stream always ends, unless the person has opted in again since', () => {
    fc.assert(
      fc.property(anyRequest, anyFacts, fc.constantFrom(...shop), (asked, known, clicked) => {
        const { channel, category, origin } = clicked;
        const trigger = [
          'opt_out_preference_signal',
          'gdpr_objection_art21',
          'erasure_request_art17',
          'complaint',
          'complaint_optout',
          'not_spam',
          'auth_failure',
        ];
        fc.pre(!trigger.includes(asked.trigger ?? ''));
        const given = {
          ...asked,
          type: 'opted_out',
          asked: 'this',
          channel,
          category,
          origin,
          voids: null,
        } as const;
        const ledger = known.statements.filter((one) => one.effect !== 'opt_in');
        const decision = decide(given, { ...known, statements: ledger });
        expect(allowed([...ledger, ...decision.statements], known, given, clicked.key)).toBe(
          asked.trigger === 'global_unsubscribe' && clicked.class === 'essential'
            ? allowed(ledger, known, given, clicked.key)
            : false,
        );
      }),
      runs,
    );
  });

  it('INV-TX: essential mail that nobody named goes on', () => {
    fc.assert(
      fc.property(anyRequest, anyFacts, (asked, known) => {
        fc.pre(asked.category !== 'receipts' && asked.type !== 'bounced' && asked.type !== 'erased');
        const named = Array.isArray(asked.asked) && asked.asked.some((pick) => pick.class === 'essential');
        fc.pre(!named);
        const decision = decide(asked, known);
        const before = allowed(known.statements, known, asked, 'email.receipts.shop');
        const after = allowed(
          [...known.statements, ...decision.statements],
          known,
          asked,
          'email.receipts.shop',
        );
        if (before) expect(after).toBe(true);
        expect(decision.streamsStopped).not.toContain('email.receipts.shop');
      }),
      runs,
    );
  });

  it('INV-ORDER: the order in which facts are listed changes nothing', () => {
    fc.assert(
      fc.property(anyRequest, anyFacts, (asked, known) => {
        const turned = {
          ...known,
          statements: [...known.statements, ...known.statements].reverse(),
          spells: [...known.spells].reverse(),
        };
        const one = decide(asked, known);
        const two = decide(asked, turned);
        const sorted = (decision: Decision) =>
          [...decision.spellEdges].sort((a, b) => (a.stream < b.stream ? -1 : 1));
        expect({ ...two, spellEdges: sorted(two) }).toEqual({ ...one, spellEdges: sorted(one) });
      }),
      runs,
    );
  });

  it('INV-BRAND: splitting a brand into pseudo-senders does not shrink a channel-wide opt-out', () => {
    fc.assert(
      fc.property(anyRequest, anyFacts, (asked, known) => {
        const split = known.streams.map((one, index) => ({
          ...one,
          brand: `brand ${index}`,
          brands: [{ value: `brand ${index}`, until: Infinity }],
        }));
        expect(decide(asked, { ...known, streams: split }).effective).toEqual(decide(asked, known).effective);
      }),
      runs,
    );
  });

  it('counts: stopped, kept and saved streams agree', () => {
    fc.assert(
      fc.property(anyRequest, anyFacts, (asked, known) => {
        const decision = decide(asked, known);
        const { streamsStopped, streamsKept, keptByScoping, spellEdges } = decision;
        expect(streamsStopped.filter((key) => streamsKept.includes(key))).toEqual([]);
        expect(keptByScoping).toBeGreaterThanOrEqual(0);
        expect(keptByScoping).toBeLessThanOrEqual(streamsKept.length);
        const closed = spellEdges.filter((edge) => edge.edge === 'close').map((edge) => edge.stream);
        expect(closed.every((key) => known.spells.some((spell) => spell.stream === key))).toBe(true);
        expect(new Set(spellEdges.map((edge) => edge.stream)).size).toBe(spellEdges.length);
        if (takes(decision)) {
          const open = known.spells.map((spell) => spell.stream);
          expect(closed).toEqual(expect.arrayContaining(streamsStopped.filter((key) => open.includes(key))));
        }
      }),
      runs,
    );
  });
});

describe('whom a request binds, for every address that it names and the person has', () => {
  const [named, own] = ['00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-0000000000a2'];
  const anId = fc.constantFrom(null, named, own);

  it('INV-IDENT: whoever is asked about afterwards, by whatever address they have, is denied', () => {
    fc.assert(
      fc.property(
        anId,
        anId,
        anId,
        fc.boolean(),
        fc.constantFrom(...shop.filter((one) => one.class !== 'essential' && one.channel !== 'web')),
        fc.constantFrom(
          { type: 'opted_out', asked: 'this' } as const,
          { type: 'opted_out', asked: 'all' } as const,
          { type: 'complained', asked: 'this' } as const,
        ),
        (identifier, ownId, next, isKnown, stream, wish) => {
          fc.pre(isKnown || identifier !== null);
          const kind = identifierKind[stream.channel];
          const identifiers = { email: null, phone: null, push: null };
          const known = facts({
            person: isKnown ? person : null,
            identifier: kind === null ? null : identifier,
            identifiers: kind === null || !isKnown ? identifiers : { ...identifiers, [kind]: ownId },
          });
          const { channel, category, origin } = stream;
          const { statements } = decide(request({ ...wish, channel, category, origin }), known);
          const isDenied = (who: string | null, at: string | null) =>
            !permission(
              statements,
              { person: who, identifier: at, stream, parents: [], jurisdictions: ['US'] },
              noon,
            ).allowed;
          if (isKnown) expect(isDenied(person, ownId)).toBe(true);
          // Push binds the person: a device has no other owner.
          if (kind !== null && kind !== 'push' && identifier !== null)
            expect(isDenied(null, identifier)).toBe(true);
          // A request that names the person alone holds at the next address, too.
          if (isKnown && identifier === null) expect(isDenied(person, next)).toBe(true);
        },
      ),
      runs,
    );
  });
});
