import type { Queries } from '@secateur/sql';
import type { Condition } from '../contract/conditions.js';
import type { SegmentState } from '../contract/segments.js';
import type { Insert } from '../journal/group.js';

/** One version of a segment, as a row holds it. */
export interface DefinedSegment {
  key: string;
  version: number;
  name: string;
  description: string;
  /** As it was sent: checked, and compiled anew at each start. */
  condition: Condition;
  state: SegmentState;
  why: string;
  /** Milliseconds since the epoch. */
  changedAt: number;
  changedBy: string;
}

const columns = [
  'key',
  'version',
  'name',
  'description',
  'condition',
  'state',
  'why',
  'changed_at',
  'changed_by',
] as const;

export function definedSegmentOf(row: Queries['segments/segment_versions']['row']): DefinedSegment {
  const { changed_at, changed_by, condition, state, ...rest } = row;
  return {
    ...rest,
    condition: JSON.parse(condition) as Condition,
    state: state as SegmentState,
    changedAt: Date.parse(changed_at),
    changedBy: changed_by,
  };
}

export function segmentInsert(segment: DefinedSegment): Insert {
  const values = [
    segment.key,
    segment.version,
    segment.name,
    segment.description,
    JSON.stringify(segment.condition),
    segment.state,
    segment.why,
    new Date(segment.changedAt).toISOString(),
    segment.changedBy,
  ];
  return { table: 'segments', columns, lines: JSON.stringify(values) };
}
