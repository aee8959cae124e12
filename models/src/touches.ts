import type { Encoded, Feature } from './encode.js';

/** Where the heights of each feature begin. */
export function heightOffsets(features: readonly Feature[]): { offsets: number[]; total: number } {
  let total = 0;
  const offsets = features.map((feature) => {
    const offset = total;
    total +=
      feature.kind === 'numeric'
        ? feature.knots.length - 1 + (feature.missing ? 1 : 0)
        : feature.levels.length;
    return offset;
  });
  return { offsets, total };
}

/**
 * Which parameters rows touch, a chunk of rows at a time and slot by slot: a feature is a slot, and its missing value another.
 * In each slot a row touches the parameter `index` by `low` and the one after it by `high`; a share of 0 touches nothing,
 * whatever the index.
 */
export interface Touches {
  readonly slots: number;
  /** Rows of a chunk, at most. A slot's numbers stand together, so that work on two slots stays in the cache. */
  readonly most: number;
  readonly index: Int32Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Takes the rows from there. @returns how many */
  fill(from: number): number;
}

const chunk = 512;

/** @param first the number of the first height among the parameters */
export function createTouches({ positions, features, rows }: Encoded, first: number): Touches {
  const { offsets } = heightOffsets(features);
  const width = features.length;
  const slots = features.reduce((sum, feature) => sum + 1 + (hasMissing(feature) ? 1 : 0), 0);
  const index = new Int32Array(slots * chunk);
  const low = new Float64Array(slots * chunk);
  const high = new Float64Array(slots * chunk);

  const fillNumeric = (
    feature: Extract<Feature, { kind: 'numeric' }>,
    place: number,
    slot: number,
    from: number,
    count: number,
  ): void => {
    const offset = first + (offsets[place] as number);
    const last = feature.knots.length - 2;
    for (let row = 0; row < count; row += 1) {
      let position = positions[(from + row) * width + place] as number;
      const isMissing = position < 0;
      if (isMissing) position = feature.median;
      const bin = Math.min(Math.floor(position), last);
      const at = slot * chunk + row;
      // Knot 0 has the height 0 and is no parameter: in bin 0 the first index is another feature's, and its share 0.
      index[at] = Math.max(0, offset + bin - 1);
      const shift = offset + bin === 0 ? 1 : 0;
      const fraction = position - bin;
      low[at] = shift === 1 ? fraction : bin === 0 ? 0 : 1 - fraction;
      high[at] = shift === 1 ? 0 : fraction;
      if (!feature.missing) continue;
      index[at + chunk] = offset + last + 1;
      low[at + chunk] = isMissing ? 1 : 0;
      high[at + chunk] = 0;
    }
  };
  const fillLevels = (place: number, slot: number, from: number, count: number): void => {
    const offset = first + (offsets[place] as number);
    for (let row = 0; row < count; row += 1) {
      const level = positions[(from + row) * width + place] as number;
      const at = slot * chunk + row;
      index[at] = offset + Math.max(0, level);
      low[at] = level < 0 ? 0 : 1;
      high[at] = 0;
    }
  };
  const fill = (from: number): number => {
    const count = Math.min(chunk, rows - from);
    let slot = 0;
    for (const [place, feature] of features.entries()) {
      if (feature.kind === 'numeric') fillNumeric(feature, place, slot, from, count);
      else fillLevels(place, slot, from, count);
      slot += hasMissing(feature) ? 2 : 1;
    }
    return count;
  };
  return { slots, most: chunk, index, low, high, fill };
}

const hasMissing = (feature: Feature): boolean => feature.kind === 'numeric' && feature.missing;
