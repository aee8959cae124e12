import { describe, expect, test } from 'vitest';
import { hoursDue } from './hours-due.js';

const at = (text: string): Date => new Date(`2026-11-${text}:00.000Z`);
const now = at('20T10:07');
const nothing = { lastFirst: null, lastComplete: null, firstDelivered: null };

describe('hours to publish', () => {
  test('none before anything was delivered', () => {
    expect(hoursDue('first', nothing, now)).toBeNull();
    expect(hoursDue('complete', nothing, now)).toBeNull();
  });

  test('at first from the first delivery to the last hour that is over', () => {
    expect(hoursDue('first', { ...nothing, firstDelivered: at('20T07:00') }, now)).toEqual({
      from: at('20T07:00'),
      to: at('20T10:00'),
    });
  });

  test('then from the hour after the last one', () => {
    const until = { ...nothing, firstDelivered: at('01T00:00'), lastFirst: at('20T08:00') };
    expect(hoursDue('first', until, now)).toEqual({ from: at('20T09:00'), to: at('20T10:00') });
    expect(hoursDue('first', { ...until, lastFirst: at('20T09:00') }, now)).toBeNull();
  });

  test('what is older than the attribution window is complete and nothing else', () => {
    const until = { ...nothing, firstDelivered: at('01T00:00') };
    expect(hoursDue('first', until, now)?.from).toEqual(at('13T10:00'));
    expect(hoursDue('complete', until, now)).toEqual({ from: at('01T00:00'), to: at('13T10:00') });
  });
});
