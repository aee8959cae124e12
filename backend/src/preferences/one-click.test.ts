import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOneClick } from './one-click.js';

const bytes = (text: string) => Buffer.from(text, 'utf8');
const multipart = (boundary: string, ...lines: string[]) =>
  bytes([`--${boundary}`, ...lines, `--${boundary}--`, ''].join('\r\n'));

describe('a one-click body (INV-8058-5)', () => {
  it.each([
    ['urlencoded, as RFC 8058 prints it', 'List-Unsubscribe=One-Click'],
    ['with a line end', 'List-Unsubscribe=One-Click\r\n'],
    ['with white space and line ends around', '\r\n  List-Unsubscribe = One-Click \r\n\r\n'],
    ['percent-encoded', 'List%2DUnsubscribe=One%2dClick'],
    ['in another case', 'list-unsubscribe=one-click'],
    ['beside other pairs', 'utm_source=x&List-Unsubscribe=One-Click&y='],
  ])('%s', (_, text) => {
    expect(isOneClick(bytes(text))).toBe(true);
  });

  it('multipart, well formed', () => {
    const header = 'Content-Disposition: form-data; name="List-Unsubscribe"';
    expect(isOneClick(multipart('----b0undary', header, '', 'One-Click'))).toBe(true);
    expect(isOneClick(multipart('b', header.toUpperCase(), '', 'One-Click'))).toBe(true);
    expect(
      isOneClick(multipart('b', header, 'Content-Type: text/plain; charset=utf-8', '', 'One-Click')),
    ).toBe(true);
    expect(isOneClick(multipart('b', 'Content-Type: text/plain', header, '', ' One-Click '))).toBe(true);
    expect(
      isOneClick(multipart('b', 'content-disposition:form-data;name=List-Unsubscribe', '', 'One-Click')),
    ).toBe(true);
    expect(
      isOneClick(
        multipart('b', 'Content-Disposition: form-data;', '\tname="List-Unsubscribe"', '', 'One-Click'),
      ),
    ).toBe(true);
    expect(
      isOneClick(bytes(multipart('b', header, '', 'One-Click').toString().replaceAll('\r\n', '\n'))),
    ).toBe(true);
    expect(
      isOneClick(
        multipart('b', 'Content-Disposition: form-data; name="x"', '', 'y', '--b', header, '', 'One-Click'),
      ),
    ).toBe(true);
  });

  it('multipart as the RFC prints it, where the delimiter equals the boundary', () => {
    const text = [
      '---FormBoundaryexample',
      'Content-Disposition: form-data; name="List-Unsubscribe"',
      '',
      'One-Click',
      '---FormBoundaryexample--',
      '',
    ].join('\r\n');
    expect(isOneClick(bytes(text))).toBe(true);
    expect(isOneClick(bytes(text.replace(/\r\n---Form.*--\r\n$/s, '')))).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \r\n'],
    ['the name alone', 'List-Unsubscribe'],
    ['another value', 'List-Unsubscribe=Two-Click'],
    ['a longer value', 'List-Unsubscribe=One-Click-Not'],
    ['a longer name', 'X-List-Unsubscribe=One-Click'],
    ['JSON', '{"List-Unsubscribe":"One-Click"}'],
    ['our own form', 'form=0123&do=stop&reason=too_many'],
    ['our own form with the pair inside a value', 'form=0123&do=stop&reason=List-Unsubscribe%3DOne-Click'],
    [
      'a part of another name',
      '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
    [
      'a file of that name',
      '--b\r\nContent-Disposition: form-data; name="x"; filename="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
    [
      'a part without value',
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n\r\n--b--\r\n',
    ],
  ])('is not %s', (_, text) => {
    expect(isOneClick(bytes(text))).toBe(false);
  });

  it('is found in any multipart body with any boundary', () => {
    const boundary = fc.stringMatching(/^[A-Za-z0-9'()+_,./:=?-]{1,70}$/);
    fc.assert(
      fc.property(boundary, fc.constantFrom('', '--'), (name, dashes) => {
        const header = 'Content-Disposition: form-data; name="List-Unsubscribe"';
        const text = `${dashes}${name}\r\n${header}\r\n\r\nOne-Click\r\n${dashes}${name}--\r\n`;
        expect(isOneClick(bytes(text))).toBe(true);
      }),
    );
  });

  it('is judged quickly however hostile it is', () => {
    const header = 'Content-Disposition: form-data; name="List-Unsubscribe"\r\n';
    const hostile = [
      header.repeat(5000),
      `${header}${'a\r\n'.repeat(50_000)}`,
      '\r\n \r\n '.repeat(30_000),
      '='.repeat(200_000),
    ];
    const before = performance.now();
    for (const text of hostile) expect(isOneClick(bytes(text))).toBe(false);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});
