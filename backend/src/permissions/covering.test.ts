import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSelector } from '../contract/selectors.js';
import { anyAncestor, anyStream, below, stream } from '../opt-outs/decide-test-support.js';
import { coverageOf, coveredBy, covering, tailsOf } from './covering.js';

describe('covering', () => {
  it('lists 128 selectors for a message that names everything on a stream that never changed', () => {
    const list = covering({ stream: stream(), audience: 'vip', campaign: 'spring' }, []);
    expect(list).toHaveLength(128);
    expect(new Set(list.map((one) => one.selector)).size).toBe(128);
    expect(list.map((one) => one.selector)).toContain(
      'class=commercial;brand=acme;channel=email;category=promotions;origin=shop;audience=vip;campaign=spring',
    );
    expect(list.map((one) => one.selector)).toContain('*');
    expect(list.map((one) => one.selector)).toContain('campaign=spring');
  });

  it('has only canonical selectors, each once, within the bound', () => {
    fc.assert(
      fc.property(anyStream, fc.array(anyAncestor, { maxLength: 3 }), (one, parents) => {
        const list = covering({ stream: one, audience: 'vip', campaign: null }, parents);
        const selectors = list.map((each) => each.selector);
        expect(new Set(selectors).size).toBe(selectors.length);
        for (const selector of selectors) parseSelector(selector);
        expect(selectors.length).toBeLessThanOrEqual(5 * 3 * (7 * (1 + parents.length) + 1) * 2);
      }),
      { numRuns: 30 },
    );
  });

  it('is the list by which the quick lookup answers', () => {
    fc.assert(
      fc.property(
        anyStream,
        anyAncestor,
        fc.constantFrom('vip', null),
        fc.constantFrom('spring', null),
        (one, parent, audience, campaign) => {
          const list = covering({ stream: one, audience, campaign }, [parent]);
          const wide = covering({ stream: one, audience: 'vip', campaign: 'spring' }, [parent]);
          const listed = new Map(list.map((each) => [each.selector, each]));
          const tails = tailsOf(audience, campaign);
          const coverage = coverageOf(one, [parent]);
          const quick = wide.map(({ selector }) => coveredBy(coverage, selector, tails));
          const slow = wide.map(({ selector }) => listed.get(selector));
          expect(quick.map((each) => [each?.until, each?.from])).toEqual(
            slow.map((each) => [each?.until, each?.from]),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  it('never covers a stream that always was essential without naming it', () => {
    const list = covering({ stream: stream({ class: 'essential' }) }, [
      below(stream({ category: 'parent' })),
    ]);
    expect(list.length).toBeGreaterThan(0);
    expect(list.filter((one) => parseSelector(one.selector).class !== 'essential')).toEqual([]);
  });

  it('keeps one stream apart from another version of it', () => {
    const before = stream();
    const after = { ...before, version: 2, brand: 'zenith', brands: [{ value: 'zenith', until: Infinity }] };
    expect(coverageOf(before, []).has('brand=zenith')).toBe(false);
    expect(coverageOf(after, []).has('brand=zenith')).toBe(true);
    expect(coverageOf(before, [below(after)]).has('brand=zenith')).toBe(true);
    expect(coverageOf(before, []).has('brand=zenith')).toBe(false);
  });
});
