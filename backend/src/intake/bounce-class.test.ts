import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BounceClass, bounced, classifyBounce, weighBounce } from './bounce-class.js';

const hard: BounceClass = { trigger: 'hard_bounce', isBlock: false };
const soft: BounceClass = { trigger: 'soft_bounce', isBlock: false };
const block: BounceClass = { trigger: 'soft_bounce', isBlock: true };
const unclassified: BounceClass = { trigger: 'bounce_unclassified', isBlock: false };

describe('a permanent failure that speaks of the address is hard (INV-DSN-1)', () => {
  it.each([
    ['5.1.1', '550 5.1.1 <ida@shop.example>: Recipient address rejected'],
    ['5.1.0', '550 5.1.0 Address rejected'],
    ['5.1.2', null],
    ['5.1.3', null],
    ['5.1.6', null],
    ['5.1.10', '550 5.1.10 RESOLVER.ADR.RecipientNotFound'],
    ['5.2.1', '550 5.2.1 mailbox disabled, not accepting messages'],
    ['5.4.4', 'Host or domain name not found'],
    // The code says no more than "failed": the words decide.
    ['5.0.0', '500 unknown recipient'],
    ['5.0.0', '550 user unknown'],
    ['5.0.0 (permanent failure)', "smtp; 550 'ida@mail.example' is not a registered gateway user"],
    ['5.5.0', 'RecipientError: 550 5.5.0 Requested action not taken: mailbox unavailable.'],
    ['5.0.0', "554 delivery error: dd This user doesn't have a mail.example account"],
    [null, '550 No such user here'],
    [null, '550 The account you tried to reach does not exist'],
    ['550', 'Invalid recipient'],
    ['551', 'User not local'],
    [null, 'smtp; 550 5.1.1 <ida@shop.example>... User Unknown'],
    // The status says less than the server did.
    ['5.0.0', 'smtp; 550-5.1.1 The account cannot be reached'],
    ['5.5.0', '550 5.5.0 no mailbox here by that name'],
    [null, 'RCPT from mx.shop.example[192.0.2.9]: 550 user unknown in local recipient table'],
  ])('%s %s', (status, text) => {
    expect(classifyBounce({ status, action: 'failed', text })).toEqual(hard);
  });
});

describe('a failure of the moment, a full mailbox or a fault of host or network is soft', () => {
  it.each([
    ['4.0.0', 'smtp; 426 connection timed out'],
    ['4.1.1', '450 4.1.1 user unknown, try later'],
    ['4.2.2', '452 4.2.2 mailbox full'],
    ['5.2.2', '552-5.2.2 The inbox is out of storage space and inactive'],
    ['5.2.3', '552 5.2.3 message too long'],
    ['5.3.4', '552 5.3.4 message too big'],
    ['5.4.1', null],
    ['5.4.7', 'delivery time expired'],
    ['5.2.1', '550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents'],
    ['5.0.0', '550 mailbox full'],
    [null, '552 too much'],
    [null, '421 service not available'],
    ['421', null],
    [null, 'Quota exceeded'],
  ])('%s %s', (status, text) => {
    expect(classifyBounce({ status, action: 'failed', text })).toEqual(soft);
  });
});

describe('a refusal of the sender is a block, which says nothing about the address', () => {
  it.each([
    ['5.7.1', '550 5.7.1 user unknown'],
    ['5.7.26', null],
    ['5.7.515', null],
    ['4.7.0', '421 4.7.0 try again later'],
    ['5.1.8', '553 5.1.8 sender domain does not exist'],
    ['5.1.7', null],
    ['5.1.0', '550 5.1.0 sender rejected'],
    [null, '550 sender domain shop.example does not exist'],
    ['5.6.1', 'media not supported'],
    ['5.0.0', '550 blocked using zen.spamhaus.example'],
    ['5.0.0', '550 mailbox unavailable. Reject due to policy restrictions'],
    ['5.0.0', 'smtp; 550 5.7.1 message refused'],
    [null, '554 your message was detected as spam'],
    [null, '421 deferred due to the reputation of 192.0.2.1'],
    ['5.0.0', '550 relay access denied'],
  ])('%s %s', (status, text) => {
    expect(classifyBounce({ status, action: 'failed', text })).toEqual(block);
  });
});

it('says that nobody knows where neither code nor words tell', () => {
  for (const status of [null, '', 'failed', '5.0.0', '5.1.4', '5.5.1', '550', '2.0.0']) {
    expect(classifyBounce({ status, text: null }), String(status)).toEqual(unclassified);
    expect(classifyBounce({ status, text: '550 the server said no' }), String(status)).toEqual(unclassified);
  }
});

it('takes a delay for a delay, whatever its code', () => {
  for (const status of ['4.4.7', '5.1.1', '4.7.0', null]) {
    expect(classifyBounce({ status, action: ' Delayed ' })).toEqual({
      trigger: 'delivery_delayed',
      isBlock: false,
    });
  }
});

it('reads no code out of an address, a version or a longer number', () => {
  for (const text of ['host 5.1.1.7 said no', 'client 192.5.1.1', 'id 15.1.1', 'mail/45.1.10', '1550x']) {
    expect(classifyBounce({ status: '5.0.0', text }), text).toEqual(unclassified);
  }
});

it('never calls an address dead when the code is temporary or about policy, whatever the words', () => {
  const code = fc.oneof(
    fc.tuple(fc.constant(4), fc.nat(7), fc.nat(999)),
    fc.tuple(fc.constant(5), fc.constant(7), fc.nat(999)),
  );
  fc.assert(
    fc.property(code, fc.constantFrom('', 'user unknown', '550 5.1.1 no such user'), (parts, text) => {
      // 4.0.0 says only "for now" and 5.7 "not from you"; neither is overruled by words.
      expect(classifyBounce({ status: parts.join('.'), text }).trigger).toBe('soft_bounce');
    }),
  );
});

it("lets a provider's verdict settle only what code and words leave open", () => {
  const vague = { status: '5.0.0' };
  expect(weighBounce(vague, 'hard')).toEqual(hard);
  expect(weighBounce(vague, 'soft')).toEqual(soft);
  expect(weighBounce(vague, null)).toEqual(unclassified);
  expect(weighBounce({ status: '5.7.1' }, 'hard')).toEqual(block);
  expect(weighBounce({ status: '5.2.2' }, 'hard')).toEqual(soft);
  // It goes on trying, whatever one server said.
  expect(weighBounce({ status: '5.1.1' }, 'soft')).toEqual(soft);
  expect(weighBounce({ status: '4.7.1' }, 'soft')).toEqual(block);
  expect(weighBounce({ status: '5.1.1', action: 'delayed' }, 'hard').trigger).toBe('delivery_delayed');
});

it('makes only a hard bounce speak of the address, and none the wish of a person', () => {
  expect(bounced(hard)).toMatchObject({ scopeHint: 'address', madeBy: 'provider' });
  expect(bounced(block)).toMatchObject({ scopeHint: 'none', isBlock: true, madeBy: 'provider' });
});

it('takes any text of any length in bounded time', () => {
  const began = performance.now();
  for (const word of ['user ', 'sender ', 'unknown', '5.1.1.', '550 ', 'a']) {
    classifyBounce({ status: null, text: word.repeat(50_000) });
  }
  expect(performance.now() - began).toBeLessThan(10_000);
});
