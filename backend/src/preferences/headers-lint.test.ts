import { describe, expect, it } from 'vitest';
import { type HeaderList, lintHeaders } from './headers-lint.js';

const good: HeaderList = [
  [
    'DKIM-Signature',
    'v=1; a=rsa-sha256; d=example.com; h=From:To:Subject:\r\n\tList-Unsubscribe:List-Unsubscribe-Post; bh=x; b=y',
  ],
  ['List-Unsubscribe', '<mailto:leave@example.com?subject=token>,\r\n <https://example.com/u/opaque>'],
  ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
  ['List-Id', 'Weekly offers <promotions.shop.example.com>'],
];

/** The good headers with one of them changed; null leaves it out. */
function changed(name: string, value: string | null, more: HeaderList = []): string[] {
  const headers: HeaderList = good.flatMap(
    ([each, old]): HeaderList => (each === name ? (value === null ? [] : [[each, value]]) : [[each, old]]),
  );
  return lintHeaders([...headers, ...more]).map(({ code, header }) => `${header}: ${code}`);
}

describe('the linter of outbound headers', () => {
  it('finds nothing in good headers, folded or not, with a mailto beside, in any case', () => {
    expect(lintHeaders(good)).toEqual([]);
    expect(
      lintHeaders(good.map(([name, value]) => [name.toUpperCase(), value.replace(/\r\n/g, '')])),
    ).toEqual([]);
  });

  it('INV-8058-1 wants exactly one https address', () => {
    const at = (value: string) => changed('List-Unsubscribe', value);
    expect(at('<https://a.example/1>, <https://a.example/2>')).toEqual(['List-Unsubscribe: several_https']);
    expect(at('<mailto:a@example.com>')).toEqual(['List-Unsubscribe: no_https']);
    expect(at('<http://a.example/1>')).toEqual(['List-Unsubscribe: http', 'List-Unsubscribe: no_https']);
    expect(at('<https://a.example/1>, <http://a.example/1>')).toEqual(['List-Unsubscribe: http']);
    expect(at('https://a.example/1')).toContain('List-Unsubscribe: not_a_uri');
    expect(at('<https://>')).toContain('List-Unsubscribe: not_a_uri');
  });

  it('INV-8058-1 wants the one pair in List-Unsubscribe-Post', () => {
    const at = (value: string) => changed('List-Unsubscribe-Post', value);
    for (const value of ['List-Unsubscribe=One-Click&x=1', 'One-Click', 'list-unsubscribe=one-click', '']) {
      expect(at(value)).toEqual(['List-Unsubscribe-Post: post_value']);
    }
  });

  it('INV-8058-1 wants each header once', () => {
    expect(changed('List-Unsubscribe', null)).toContain('List-Unsubscribe: missing');
    expect(changed('List-Unsubscribe-Post', null)).toContain('List-Unsubscribe-Post: missing');
    expect(changed('-', null, [['list-unsubscribe', '<https://a.example/2>']])).toEqual([
      'List-Unsubscribe: repeated',
    ]);
    expect(changed('-', null, [['List-Id', '<a.b>']])).toEqual(['List-Id: repeated']);
  });

  it('INV-8058-2 wants both headers in h= of one signature, and asks for none where there is none', () => {
    const at = (value: string | null, more: HeaderList = []) => changed('DKIM-Signature', value, more);
    expect(at(null)).toEqual([]);
    expect(at('v=1; h=from:to; b=x')).toEqual([
      'List-Unsubscribe: not_signed',
      'List-Unsubscribe-Post: not_signed',
    ]);
    expect(at('v=1; h=from : list-unsubscribe; b=x')).toEqual(['List-Unsubscribe-Post: not_signed']);
    expect(at('v=1; bh=List-Unsubscribe:List-Unsubscribe-Post; h=from; b=x')).toHaveLength(2);
    expect(at('h=list-unsubscribe; b=x', [['DKIM-Signature', 'h=list-unsubscribe-post; b=y']])).toEqual([
      'List-Unsubscribe-Post: not_signed',
    ]);
    expect(at('h=from; b=x', [['DKIM-Signature', 'h=LIST-Unsubscribe-Post:List-Unsubscribe; b=y']])).toEqual(
      [],
    );
  });

  it('INV-2919-1 wants a List-Id of a label in a namespace, of at most 255 octets', () => {
    const at = (value: string) => changed('List-Id', value);
    expect(at('<promotions>')).toEqual(['List-Id: list_id_shape']);
    expect(at('promotions.shop.example.com')).toEqual(['List-Id: list_id_shape']);
    expect(at(`${'a'.repeat(255 - 14)} <a.example.c>`)).toEqual([]);
    expect(at(`${'a'.repeat(256 - 14)} <a.example.c>`)).toEqual(['List-Id: list_id_too_long']);
    expect(at(`${'ä'.repeat(121)} <a.example.c>`)).toEqual(['List-Id: list_id_too_long']);
  });

  it('finds a header that was smuggled into another', () => {
    expect(changed('List-Id', 'x\r\nBcc: a@example.com <a.b>')).toContain('List-Id: control_character');
  });
});
