import { expect, it } from 'vitest';
import { mailboxesIn, oneMailbox } from './addresses.js';

it('finds the mailboxes of a list, groups and quoted names included', () => {
  const list =
    '"Plum, Ida" <ida@pomona.example>, otto@pomona.example (Otto), friends: a@b.example, c@d.example;';
  expect(mailboxesIn(list)).toEqual([
    'ida@pomona.example',
    'otto@pomona.example',
    'a@b.example',
    'c@d.example',
  ]);
});

it.each([
  ['<ida@pomona.example>', 'ida@pomona.example'],
  ['rfc822;ida@pomona.example', 'ida@pomona.example'],
  ['RFC822; <ida@pomona.example>', 'ida@pomona.example'],
  ['utf-8; ida@pomona.example', 'ida@pomona.example'],
  ['rfc822;ida+2Bplums@pomona.example', 'ida+plums@pomona.example'],
  ['rfc822;ida+42@pomona.example', 'ida+42@pomona.example'],
  ['ida+2Bplums@pomona.example', 'ida+2Bplums@pomona.example'],
  ['ida@pomona.example, ida@pomona.example', 'ida@pomona.example'],
  ['ida@pomona.example, otto@pomona.example', null],
  ['x400; /C=DE/', null],
  ['<Undisclosed Recipients>', null],
  ['ida@localhost', null],
  ['redacted@pomona.example', null],
  ['[Redacted]@pomona.example', null],
  ['xxxx@pomona.example', null],
  ['', null],
  [null, null],
])('the one mailbox of %s is %s', (value, mailbox) => {
  expect(oneMailbox(value)).toBe(mailbox);
});

it('reads nothing of a list that is a flood', () => {
  expect(mailboxesIn('ida@pomona.example, '.repeat(10_000))).toEqual([]);
});
