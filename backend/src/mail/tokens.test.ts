import { expect, it } from 'vitest';
import { openLink } from '../preferences/token.js';
import { sampleLink, tokenOf } from './testing/mails.js';
import { TokenFinder } from './tokens.js';

const never = () => null;
const counted = (open: (token: string) => ReturnType<typeof openLink>) => {
  let calls = 0;
  const finder = new TokenFinder((token) => {
    calls++;
    return open(token);
  });
  return { finder, calls: () => calls };
};
const mark = { ...sampleLink, id: 'x' };

it('finds a token wherever it stands: behind a name with dashes, in an address, in a parameter', () => {
  const token = tokenOf();
  const { finder } = counted((text) => (text === token ? mark : null));
  for (const text of [
    token,
    ` ${token} `,
    `opt-out-${token}`,
    `https://o.example/u/${token}?x=1`,
    `subject=unsubscribe ${token}`,
  ]) {
    expect(finder.find(text), text).toBe(mark);
  }
  expect(finder.inAddresses(['x@y.example', `bounce_${token}=ida=pomona.example@o.example`])).toBe(mark);
  expect(finder.inAddresses([`ida@${token}.example`])).toBeNull();
});

it('the shortest token that there is, is long enough to be looked at', () => {
  const stream = { channel: 'email', category: 'a', origin: 'b' } as const;
  const token = tokenOf({ identifier: null, stream, campaign: null, messageId: null });
  expect(token.length).toBeGreaterThanOrEqual(90);
  expect(new TokenFinder((text) => (text === token ? mark : null)).find(`x ${token}`)).toBe(mark);
});

it('tries so many at most, whatever a message holds, and nothing that is too long for one', () => {
  const { finder, calls } = counted(never);
  finder.find('a-'.repeat(100_000));
  expect(calls()).toBe(0);
  for (let at = 0; at < 100; at++) finder.find(`${'a-'.repeat(100)} `.repeat(100));
  expect(calls()).toBeGreaterThan(100);
  expect(calls()).toBeLessThanOrEqual(300);
});
