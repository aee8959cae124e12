import type { Rate } from '../contract/analytics.js';
import { wilson } from './wilson.js';

/**
 * `numerator` of `denominator` with its 95 % Wilson interval; nulls when the denominator is 0.
 * Each delivery bears one opt-out at most, but the engine counts a delivery and an opt-out in two steps: for a moment
 * there may be more above than below. Then the counts are shown as they are, and the rate is 1.
 */
export function rateOf(numerator: number, denominator: number): Rate {
  return { numerator, denominator, ...wilson(Math.min(numerator, denominator), denominator) };
}
