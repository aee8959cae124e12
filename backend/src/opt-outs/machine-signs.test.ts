import { describe, expect, test } from 'vitest';
import { decide } from './decide.js';
import { facts, request } from './decide-test-support.js';
import { flagsWithSigns, machineProbability, machineSigns, signsOfAgent } from './machine-signs.js';

const at = Date.UTC(2026, 10, 20, 9);
const delivered = {
  id: 'd',
  messageId: 'm-1',
  stream: 'promotions',
  channel: 'email' as const,
  campaign: 'bf',
  messageType: 'offer',
  audience: '',
  deliveredAt: at - 3000,
  segments: [],
};
const pressed = (change: object = {}) =>
  request({
    trigger: 'one_click_unsubscribe',
    messageId: 'm-1',
    occurredAt: at,
    receivedAt: at,
    flags: [],
    ...change,
  });

describe('signs of a machine', () => {
  test('add up as if each told by itself, and without one there is no suspicion', () => {
    expect(machineProbability([])).toBe(0);
    expect(machineProbability(['machine_sign:fast', 'possible_complaint'])).toBeCloseTo(0.6, 12);
    expect(machineProbability(['machine_sign:fast', 'machine_sign:hits'])).toBeCloseTo(0.8, 12);
    expect(machineProbability(Object.keys(machineSigns))).toBeCloseTo(1 - 0.2 * 0.5 * 0.5 * 0.4, 12);
  });

  test('a press within five seconds of the delivery is one, and alone no suspicion', () => {
    const known = facts({ deliveries: [delivered] });
    expect(flagsWithSigns(pressed(), known)).toEqual(['machine_sign:fast']);
    expect(flagsWithSigns(pressed({ flags: ['machine_sign:hits'] }), known)).toEqual([
      'machine_sign:hits',
      'machine_sign:fast',
      'machine_suspected',
    ]);
    expect(flagsWithSigns(pressed({ messageId: 'm-2' }), known)).toEqual([]);
    expect(flagsWithSigns(pressed({ occurredAt: at + 2000, receivedAt: at + 2000 }), known)).toEqual([]);
    expect(flagsWithSigns(pressed({ occurredAt: at - 3001 }), known)).toEqual([]);
  });

  test('a scanner by its own words is suspected at once; a complaint or a request by mail is never', () => {
    expect(signsOfAgent('Mimecast Link Scanner')).toEqual(['machine_sign:agent']);
    expect(signsOfAgent('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)')).toEqual([]);
    const flags = signsOfAgent('python-requests/2.32');
    expect(flagsWithSigns(pressed({ flags }), facts({}))).toContain('machine_suspected');
    for (const change of [
      { trigger: 'mailto_unsubscribe' },
      { type: 'complained', trigger: 'complaint' },
      { type: 'opted_in', trigger: null },
    ]) {
      expect(flagsWithSigns(pressed({ ...change, flags }), facts({}))).toEqual([]);
    }
  });

  test('never take an opt-out away: with them the same stops as without', () => {
    const plain = decide(pressed(), facts({}));
    const suspected = decide(pressed({ flags: Object.keys(machineSigns) }), facts({}));
    expect(suspected.flags).toContain('machine_suspected');
    expect(suspected.effective).toEqual(plain.effective);
    expect(suspected.statements.map(({ id: _, ...rest }) => rest)).toEqual(
      plain.statements.map(({ id: _, ...rest }) => rest),
    );
  });
});
