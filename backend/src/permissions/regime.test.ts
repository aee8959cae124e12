import { describe, expect, it } from 'vitest';
import { channels } from '../contract/vocabulary.js';
import { stream } from '../opt-outs/decide-test-support.js';
import { allJurisdictions } from '../opt-outs/jurisdiction.js';
import { regime } from './regime.js';

const open = { regime: null, legalBasis: null } as const;

describe('regime', () => {
  it('takes the stream at its word before its legal basis, and that before its class', () => {
    expect(regime(stream({ regime: 'opt_out', legalBasis: 'consent' }), ['DE'])).toBe('opt_out');
    expect(regime(stream({ regime: null, legalBasis: 'consent', class: 'informational' }), ['US'])).toBe(
      'opt_in',
    );
    expect(regime(stream({ regime: null, legalBasis: 'soft_opt_in' }), ['DE'])).toBe('opt_out');
    expect(regime(stream({ ...open, class: 'informational' }), ['DE'])).toBe('opt_out');
    expect(regime(stream({ ...open, class: 'essential' }), ['DE'])).toBe('opt_out');
  });

  it.each([
    ['US', 'email', 'opt_out'],
    ['US-CA', 'email', 'opt_out'],
    ['US', 'sms', 'opt_in'],
    ['US', 'voice', 'opt_in'],
    ['US', 'push', 'opt_in'],
    ['DE', 'email', 'opt_in'],
    ['NO', 'sms', 'opt_in'],
    ['GB', 'email', 'opt_in'],
    ['CA', 'email', 'opt_in'],
    ['AU', 'sms', 'opt_in'],
    ['BR', 'email', 'opt_in'],
    ['IN', 'sms', 'opt_in'],
    ['JP', 'email', 'opt_in'],
    ['CH', 'email', 'opt_in'],
    ['GB', 'whatsapp', 'opt_in'],
    ['DE', 'post', 'opt_out'],
  ] as const)('in %s advertising by %s is %s', (jurisdiction, channel, expected) => {
    expect(regime(stream({ ...open, channel }), [jurisdiction])).toBe(expected);
  });

  it('is the strictest of several possible jurisdictions', () => {
    expect(regime(stream(open), ['US', 'DE'])).toBe('opt_in');
    expect(regime(stream(open), ['US', 'US-CA'])).toBe('opt_out');
    expect(regime(stream(open), [])).toBe('opt_in');
    for (const channel of channels)
      expect(regime(stream({ ...open, channel }), allJurisdictions)).toBe('opt_in');
  });
});
