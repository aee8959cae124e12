import { expect, test } from 'vitest';
import { normaliseEvent } from './normalise.js';

const now = Date.UTC(2026, 10, 23, 9);
const base = { id: 'e', subscriber: 'u', channel: 'email', category: 'promotions', origin: 'shop' };

function permission(event: object, receivedAt = now) {
  const found = normaliseEvent({ ...base, ...event }, receivedAt, { tolerance: 0, madeBy: 'sender' });
  if (found.kind !== 'permission') throw new Error(`is ${found.kind}`);
  return found.incoming;
}

test('a redelivered event reads the same, whenever it arrives', () => {
  for (const occurred_at of [undefined, '2026-11-23T09:00:05Z', '1999-01-01T00:00:00Z']) {
    const event = { type: 'opted_in', ...(occurred_at === undefined ? {} : { occurred_at }) };
    const [first, later] = [permission(event), permission(event, now + 60_000)];
    expect(later.contentHash).toBe(first.contentHash);
    expect(permission({ ...event, evidence: 'form' }).contentHash).not.toBe(first.contentHash);
  }
});

test.each(['until', 'expires_at'] as const)(
  '%s beyond what the engine stores is clamped and flagged',
  (name) => {
    const end = (text: string) => {
      const { request } = permission({ type: name === 'until' ? 'paused' : 'opted_in', [name]: text });
      const at = name === 'until' ? request.until : request.expiresAt;
      return [at === null ? null : new Date(at).toISOString(), request.flags.includes(`${name}_clamped`)];
    };
    expect(end('9999-12-31T23:59:59-23:59')).toEqual(['2299-12-31T23:59:59.999Z', true]);
    expect(end('2300-01-01T00:00:00Z')).toEqual(['2299-12-31T23:59:59.999Z', true]);
    expect(end('0001-01-01T00:00:00Z')).toEqual(['1970-01-01T00:00:00.000Z', true]);
    expect(end('2299-12-31T00:00:00Z')).toEqual(['2299-12-31T00:00:00.000Z', false]);
  },
);

test('words in other letters are read', () => {
  const { request } = permission({ type: 'opted_out', trigger: ' SMS_Stop ', legal_basis: 'Consent' });
  expect(request).toMatchObject({ trigger: 'sms_stop', legalBasis: 'consent' });
  expect(request.flags).toEqual(['mended:trigger', 'mended:legal_basis']);
});

test('what cannot be read is taken for the widest it may have been', () => {
  const given = { trigger: 'gdpr_objection', all_option_shown: 'yes', legal_basis: 'legit' };
  expect(permission({ type: 'opted_out', ...given }).request).toMatchObject({
    trigger: null,
    allOptionShown: false,
    legalBasis: 'legitimate_interest',
    flags: ['unreadable:trigger', 'unreadable:all_option_shown', 'unreadable:legal_basis'],
  });
});

test('null is a field that is not there', () => {
  const given = { trigger: null, all_option_shown: null, legal_basis: null };
  expect(permission({ type: 'opted_out', ...given }).request).toMatchObject({
    trigger: null,
    allOptionShown: null,
    legalBasis: null,
    flags: ['mended:trigger', 'mended:all_option_shown', 'mended:legal_basis'],
  });
});
