import { describe, expect, it } from 'vitest';
import { eventsOf, hazardLabels, takeLabels } from './labels.js';

/*
 * Ends 1, 3, 7:           day 0   1       3               7
 *   left on day 2                    ×                      interval 2 has the event
 *   followed for 5 days           ─────────────────┤        intervals 1 and 2
 *   followed to the end           ──────────────────────    all three
 *   left on day 9                 ──────────────────────  × all three, without the event
 */
describe('hazardLabels', () => {
  it('counts intervals that were followed to their end, and that of the event', () => {
    const labels = hazardLabels([2, 5, 7, 9], [1, 0, 0, 1], undefined, [1, 3, 7]);
    expect([...labels.observed]).toEqual([2, 2, 3, 3]);
    expect([...labels.event]).toEqual([1, 0, 0, 0]);
    expect(eventsOf(labels)).toBe(1);
  });

  it('does not count an interval that the log cuts, for those who left in it either', () => {
    // Both could be followed for 5 days only: (3, 7] is cut, so that to count the first alone would overstate its hazard.
    const labels = hazardLabels([4, 5], [1, 0], [5, 5], [1, 3, 7]);
    expect([...labels.observed]).toEqual([2, 2]);
    expect([...labels.event]).toEqual([0, 0]);
  });

  it('puts an event at the edge into the interval before', () => {
    expect([...hazardLabels([3], [1], undefined, [1, 3, 7]).observed]).toEqual([2]);
  });
});

describe('takeLabels', () => {
  it('takes rows in the order asked for', () => {
    const labels = takeLabels(hazardLabels([2, 5, 7], [1, 0, 0], undefined, [1, 3, 7]), Int32Array.of(2, 0));
    expect([...labels.observed]).toEqual([3, 2]);
    expect([...labels.event]).toEqual([0, 1]);
  });
});
