import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from './html.js';
import { chooseLanguage, languages } from './language.js';
import { maskEmail, maskPhone } from './mask.js';
import { en } from './messages/en.js';
import { offersOf } from './offers.js';
import { renderNotice, renderPage } from './page.js';
import type { PageView, Result, StreamName } from './page-view.js';

const offers: StreamName = { title: 'Weekly offers', channel: 'email', brand: 'Rosewood' };
const view: PageView = {
  language: en,
  action: '/u/token',
  stylesheet: '/u/assets/page.css?v=1',
  formId: '0123456789abcdef',
  channel: 'email',
  stream: offers,
  already: false,
  boxes: [{ ...offers, key: 'email.promotions.shop', ticked: true, locked: false }],
  essential: true,
  addressHint: null,
  result: null,
  privacySignal: null,
};
const stopped: Result = {
  kind: 'stopped',
  asked: 'this',
  stopped: [offers],
  goesOn: [],
  resumed: [],
  stayOff: [],
  widened: false,
  pending: false,
  away: false,
  receipt: 'receipt',
  offers: offersOf(null),
  askReason: true,
};
const results: Result[] = [
  stopped,
  { ...stopped, asked: 'all' },
  { ...stopped, asked: 'everything' },
  { ...stopped, asked: 'picks', stopped: [], resumed: [offers], stayOff: [offers] },
  { ...stopped, pending: true, goesOn: null, receipt: null },
  { kind: 'paused', until: Date.UTC(2026, 11, 21) },
  { kind: 'fewer', cap: { n: 2, per: 'month' } },
  ...(
    ['undone', 'noted', 'not-undone', 'undo-over', 'unchanged', 'thanks', 'not-offered', 'failed'] as const
  ).map((kind) => ({ kind })),
];

/** What a browser reads, for the five entities that are ever written. */
function unescaped(text: string): string {
  const letters: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return text.replace(/&(.*?);/g, (_, name: string) => letters[name] ?? '?');
}

describe('the page', () => {
  it('escapes whatever a sender called a stream or a brand', () => {
    const hostile = `"><script>alert(1)</script><b x='&amp;`;
    const evil = { title: hostile, channel: 'email' as const, brand: hostile };
    for (const result of [null, ...results]) {
      const page = renderPage({
        ...view,
        stream: evil,
        addressHint: hostile,
        boxes: [
          { ...evil, key: 'k', ticked: true, locked: false },
          { ...evil, brand: '', key: 'l', ticked: false, locked: true },
        ],
        result:
          result?.kind === 'stopped'
            ? { ...result, stopped: [evil], goesOn: [evil], receipt: hostile }
            : result,
      });
      expect(page).not.toMatch(/<script|<b x/);
    }
    expect(renderNotice(en, hostile, hostile, hostile, hostile)).not.toMatch(/<script|<b x/);
  });

  it('escapes any text so that it reads as that text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { text: out } = html`<p title="${text}">${text}</p>`;
        const read = /^<p title="([^"<>]*)">([^<>]*)<\/p>$/s.exec(out)?.slice(1).map(unescaped);
        const meant = text.toWellFormed().replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
        expect(read).toEqual([meant, meant]);
      }),
    );
  });

  it('takes out controls that turn the direction of text', () => {
    expect(html`${'a\u202eb\u2066c'}`.text).toBe('abc');
  });

  it.each(languages.map((language) => [language.code, language] as const))(
    'says something in every state in %s',
    (_, language) => {
      const views = [null, ...results].flatMap((result) =>
        [null, 'honoured' as const, 'noted' as const].map((privacySignal) => ({ result, privacySignal })),
      );
      for (const state of views) {
        const page = renderPage({ ...view, language, ...state });
        expect(page).not.toMatch(/undefined|null|NaN|\[object|\$\{/);
        expect(page).toContain(`<html lang="${language.code}">`);
        expect(page.match(/<h1>/g)).toHaveLength(1);
        expect(/<title>(.+)<\/title>/.exec(page)?.[1]).toBeTruthy();
        // Every control has a name: a label of its own, or its text.
        const ids = [...page.matchAll(/<input type="checkbox" id="([^"]+)"/g)].map(([, id]) => id);
        for (const id of ids) expect(page).toContain(`<label for="${id}">`);
        const described = [...page.matchAll(/aria-describedby="([^"]+)"/g)].map(([, id]) => id);
        for (const id of described) expect(page.split(`id="${id}"`)).toHaveLength(2);
      }
    },
  );

  it('keeps "stop everything" one click away in every state where something may still come', () => {
    for (const result of [null, ...results]) {
      const isWide = result?.kind === 'stopped' && (result.asked === 'all' || result.asked === 'everything');
      if (!isWide) expect(renderPage({ ...view, result })).toContain('name="do" value="everything"');
    }
    expect(renderPage({ ...view, already: true })).toContain('name="do" value="everything"');
  });

  it('"all" is as large as "stop": neither is hidden behind the other (INV-CA-1)', () => {
    const page = renderPage(view);
    const card = page.slice(page.indexOf('<section'), page.indexOf('</section>'));
    expect(card).toContain('value="stop"');
    expect(card).toContain('value="all"');
    expect(card.indexOf('<details')).toBeGreaterThan(card.indexOf('value="everything"'));
  });

  it('counts what does not fit into a short list', () => {
    const many = Array.from({ length: 9 }, (_, n) => ({ ...offers, title: `Stream ${n}` }));
    const page = renderPage({ ...view, result: { ...stopped, goesOn: many } as Result });
    expect(page).toContain('and 3 more');
  });

  it('says that a decision is wider than the one message', () => {
    expect(renderPage({ ...view, result: { ...stopped, widened: true } as Result })).toContain(en.widened);
  });
});

describe('the message files', () => {
  /** Every text of a language under its key, those of functions for one argument. */
  const texts = (value: object, before = ''): [string, string][] =>
    Object.entries(value).flatMap(([key, each]): [string, string][] => {
      if (typeof each === 'object') return texts(each, `${before}${key}.`);
      return [[`${before}${key}`, typeof each === 'function' ? each(7, 'week') : each]];
    });

  /** The same word in both languages. */
  const shared: Record<string, readonly string[]> = {
    de: ['kinds.sms'],
    fr: ['kinds.email', 'kinds.sms', 'kinds.push'],
    es: ['kinds.sms'],
  };

  it.each(
    languages.filter(({ code }) => code !== 'en').map((language) => [language.code, language] as const),
  )('leave no English in %s', (code, language) => {
    const english = new Map(texts(en));
    const same = texts(language).filter(([key, text]) => text === english.get(key));
    const known = [...(shared[code] ?? [])];
    expect(same.map(([key]) => key).filter((key) => !known.includes(key))).toEqual([]);
    // Words that no other of the languages has.
    const words = /\b(?:the|you|your|this|messages are|stop|with|nothing|everything|again|and|from)\b/i;
    for (const [key, text] of texts(language))
      expect([key, text]).not.toEqual([key, expect.stringMatching(words)]);
  });

  it('plead with nobody: they name no loss and ask nobody to stay', () => {
    const pleading =
      /sorry|\bsad\b|miss you|really|are you sure|please stay|schade|vermissen|wirklich|bleiben Sie|dommage|regret|vraiment|restez|lástima|lament|seguro\?|quédese/i;
    for (const language of languages) {
      for (const [key, text] of texts(language))
        expect([key, text]).not.toEqual([key, expect.stringMatching(pleading)]);
    }
  });

  it('count in words that fit the number', () => {
    expect(languages.map((language) => language.more(1))).toEqual([
      'and 1 more',
      'und 1 weitere',
      'et 1 autre',
      'y 1 más',
    ]);
    expect(languages.map((language) => language.more(3))).toEqual([
      'and 3 more',
      'und 3 weitere',
      'et 3 autres',
      'y 3 más',
    ]);
  });

  it.each([
    ['en', 'Pause for 1 day', 'Pause for 2 days', 'At most one a day', 'At most 3 a month'],
    ['de', '1 Tag Pause', '2 Tage Pause', 'Höchstens eine pro Tag', 'Höchstens 3 pro Monat'],
    ['fr', 'Pause d’un jour', 'Pause de 2 jours', 'Au plus un par jour', 'Au plus 3 par mois'],
    ['es', 'Pausa de 1 día', 'Pausa de 2 días', 'Como máximo uno por día', 'Como máximo 3 por mes'],
  ])('offer a pause and a cap in words that fit the number in %s', (code, ...expected) => {
    const m = chooseLanguage(code, '');
    expect([m.pause(1), m.pause(2), m.fewer(1, 'day'), m.fewer(3, 'month')]).toEqual(expected);
    const [, , , atMost = ''] = expected;
    expect(m.fewerText(3, 'month').toLowerCase()).toContain(atMost.toLowerCase());
  });

  it.each([
    ['en', 'December 20, 2026'],
    ['de', '20. Dezember 2026'],
    ['fr', '20 décembre 2026'],
    ['es', '20 de diciembre de 2026'],
  ])('write the last day of a pause as people do in %s', (code, date) => {
    const page = renderPage({
      ...view,
      language: chooseLanguage(code, ''),
      result: { kind: 'paused', until: Date.UTC(2026, 11, 21) },
    });
    expect(page).toContain(date);
  });

  it('have the same keys and no empty text', () => {
    const paths = (value: object, before = ''): string[] =>
      Object.entries(value).flatMap(([key, each]) => {
        if (typeof each === 'string') expect(each.trim(), key).not.toBe('');
        return typeof each === 'object' ? paths(each, `${before}${key}.`) : [`${before}${key}`];
      });
    for (const language of languages) expect(paths(language).sort()).toEqual(paths(en).sort());
  });
});

describe('the language', () => {
  it.each([
    [undefined, undefined, 'en'],
    [undefined, 'de', 'de'],
    [undefined, 'de-CH, fr;q=0.9', 'de'],
    [undefined, 'fr-BE', 'fr'],
    [undefined, 'es-419, en;q=0.9', 'es'],
    [undefined, 'it, de;q=0.5, en;q=0.8', 'en'],
    [undefined, 'de;q=0, en;q=0.1', 'en'],
    [undefined, ';;;,,q=,*', 'en'],
    ['DE', 'en', 'de'],
    ['xx', 'de', 'de'],
    ['es', 'fr', 'es'],
  ])('?lang=%s with Accept-Language %s is %s', (asked, header, code) => {
    expect(chooseLanguage(asked, header).code).toBe(code);
  });
});

describe('a masked address', () => {
  it('shows no more than its first letters and its end', () => {
    expect(maskEmail('jane@example.com')).toBe('j•••@e•••.com');
    expect(maskEmail('😀x@münchen.co.uk')).toBe('😀•••@m•••.uk');
    expect(maskEmail('no address')).toBe('•••');
    expect(maskEmail('a@localhost')).toBe('a•••@l•••');
    expect(maskPhone('+4915112345678')).toBe('+49•••78');
    expect(maskPhone('+4912')).toBe('•••');
  });
});
