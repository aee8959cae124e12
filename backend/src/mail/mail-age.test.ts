import { expect, it } from 'vitest';
import { mayWait } from './mail-age.js';
import { type Message, readMessage } from './message.js';
import { mail } from './testing/mails.js';

const now = Date.parse('2026-11-05T12:00:00Z');
const waits = async (...headers: string[]) =>
  mayWait((await readMessage(mail(['From: vera@pomona.example', ...headers], 'x'))) as Message, now);

it.each([
  ['young', ['Date: Thu, 05 Nov 2026 11:00:00 +0000'], true],
  ['not yet two days old', ['Date: Tue, 03 Nov 2026 12:00:01 +0000'], true],
  ['two days old', ['Date: Tue, 03 Nov 2026 12:00:00 +0000'], false],
  ['of a clock that is a little ahead', ['Date: Thu, 05 Nov 2026 20:00:00 +0000'], true],
  ['of next year', ['Date: Fri, 05 Nov 2027 12:00:00 +0000'], false],
  ['of no time', [], false],
  ['of a time that is none', ['Date: yesterday'], false],
  ['of a zone that nobody knows', ['Date: Thu, 05 Nov 2026 11:00:00 QQQ'], true],
] as const)('one that is %s', async (_, headers, expected) => {
  expect(await waits(...headers)).toBe(expected);
});

it('the time at which our mail server took it counts before its own, and the topmost before those below', async () => {
  const at = (date: string) => `Received: from x by mx.orchard.example with ESMTP id 7; ${date}`;
  const [old, young] = ['Sun, 01 Nov 2026 11:00:00 +0000', 'Thu, 05 Nov 2026 11:00:00 +0000'];
  expect(await waits(at(young), at(old), `Date: ${old}`)).toBe(true);
  expect(await waits(at(old), at(young), `Date: ${young}`)).toBe(false);
});
