import { expect, it } from 'vitest';
import { verdictOf } from './authentication-results.js';
import { readFields } from './header-block.js';

const ours = 'mx.orchard.example';
const verdict = (
  results: readonly string[],
  from = 'From: Vera <vera@pomona.example>',
  id: string | null = ours,
) =>
  verdictOf(readFields([...results.map((value) => `Authentication-Results: ${value}`), from].join('\n')), id);

const nothing = { dmarc: false, dkim: false };

it('believes what our own mail server says of the From’s domain', () => {
  const both = `${ours}; dkim=pass (2048-bit key; unprotected) header.d=pomona.example header.s=s1;\n dmarc=pass (p=reject) header.from=pomona.example`;
  expect(verdict([both])).toEqual({ dmarc: true, dkim: true });
  expect(verdict([`${ours.toUpperCase()} 1; dmarc=pass header.from=Pomona.example`])).toEqual({
    dmarc: true,
    dkim: false,
  });
  expect(verdict([`${ours}; dkim=pass header.i=@pomona.example`])).toEqual({ dmarc: false, dkim: true });
  expect(verdict([`${ours}; dkim=pass header.d=pomona.example`], 'From: vera@mail.pomona.example')).toEqual({
    dmarc: false,
    dkim: true,
  });
});

it.each([
  ['another server', ['mx.forger.example; dmarc=pass header.from=pomona.example']],
  ['our server below another', ['mx.forger.example; none', `${ours}; dmarc=pass header.from=pomona.example`]],
  ['a failure', [`${ours}; dmarc=fail header.from=pomona.example; dkim=fail header.d=pomona.example`]],
  ['another domain', [`${ours}; dmarc=pass header.from=forger.example; dkim=pass header.d=forger.example`]],
  [
    'a pass in a comment',
    [`${ours}; dmarc=fail (dmarc=pass header.from=pomona.example) header.from=x.example`],
  ],
  ['a word that only begins so', [`${ours}; dmarc=passed header.from=pomona.example`]],
  ['a top-level domain', [`${ours}; dkim=pass header.d=example`]],
  ['a domain that ends alike', [`${ours}; dkim=pass header.d=mona.example`]],
  ['nothing', []],
])('does not believe %s', (_, results) => {
  expect(verdict(results)).toEqual(nothing);
});

it('believes nobody without an id of ours, and of no From or several', () => {
  const pass = `${ours}; dmarc=pass header.from=pomona.example`;
  expect(verdict([pass], undefined, null)).toEqual(nothing);
  expect(verdict([pass], 'Subject: x')).toEqual(nothing);
  expect(verdict([pass], 'From: vera@pomona.example, otto@pomona.example')).toEqual(nothing);
});
