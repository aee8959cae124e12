import { crc32 } from 'node:zlib';
import type { Group, Insert } from './group.js';

interface RecordHead {
  /** Unique; also a file name once set aside: letters, digits, dot, dash and underscore only. */
  id: string;
  lane: string;
  /** Epoch milliseconds at which the requests were accepted. */
  at: number;
  /** What the requests are about (see `LaneOptions.keys`): pending until the record is done. */
  keys: readonly string[];
}

/** Requests that were accepted while the engine was away: not decided yet. */
export interface RequestRecord extends RecordHead {
  kind: 'request';
  requests: string;
}

/** A decided group: its rows go into the engine under the group's token, whose id is the record's id. */
export interface GroupRecord extends RecordHead {
  kind: 'group';
  inserts: Insert[];
  /** Ids of the request records that this group decides; it takes the place of the first in the order. */
  resolves?: readonly string[];
}

export type JournalRecord = RequestRecord | GroupRecord;

/** What is kept in memory of an unfinished record; `Journal.read` brings the rest from disk. */
export interface JournalEntry extends RecordHead {
  kind: JournalRecord['kind'];
  /** Size on disk, in bytes. */
  bytes: number;
  resolves?: readonly string[];
}

/** A record as it stands in a segment. */
export interface RawRecord {
  kind: JournalRecord['kind'] | 'done';
  id: string;
  lane: string;
  body: Buffer;
  /** Bytes from the start of the segment. */
  offset: number;
  /** Bytes, header included. */
  length: number;
}

/** The rows of a group record as the group that the engine takes. */
export function groupOf(record: GroupRecord): Group {
  return { id: record.id, lane: record.lane, inserts: record.inserts };
}

const codes = { request: 1, group: 2, done: 3 } as const;
const kinds = new Map<number, RawRecord['kind']>([
  [codes.request, 'request'],
  [codes.group, 'group'],
  [codes.done, 'done'],
]);
const head = 8;
/** Kind, length of the lane, length of the id: the least that a payload can be. */
const least = 3;
const safeName = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,119}$/;

/** @throws TypeError when an id or lane could not be a file name: a mistake in the program, not of the disk */
export function encodeRecord(record: JournalRecord): Buffer {
  if (record.kind === 'request') {
    const { at, keys, requests } = record;
    return frame(codes.request, record.lane, record.id, JSON.stringify({ at, keys, requests }));
  }
  const { at, keys, inserts, resolves } = record;
  return frame(codes.group, record.lane, record.id, JSON.stringify({ at, keys, inserts, resolves }));
}

export function encodeDone(id: string): Buffer {
  return frame(codes.done, '-', id, '');
}

export function decodeRecord(raw: RawRecord): JournalRecord {
  const body: unknown = JSON.parse(raw.body.toString('utf8'));
  // The checksum says that these are the bytes `encodeRecord` wrote, so their shape needs no second proof.
  return Object.assign({ kind: raw.kind, id: raw.id, lane: raw.lane }, body) as JournalRecord;
}

export function entryOf(record: JournalRecord, bytes: number): JournalEntry {
  const { kind, id, lane, at, keys } = record;
  const resolves = record.kind === 'group' ? record.resolves : undefined;
  return { kind, id, lane, at, keys, bytes, ...(resolves === undefined ? {} : { resolves }) };
}

// length u32 LE · crc32 of the payload u32 LE · payload: kind u8 · lane (u8 + bytes) · id (u8 + bytes) · body
function frame(kind: number, lane: string, id: string, body: string): Buffer {
  if (!safeName.test(id) || !safeName.test(lane)) {
    throw new TypeError(`Not usable as a journal id or lane: ${JSON.stringify([lane, id])}`);
  }
  const payload = Buffer.concat([
    Buffer.from([kind, lane.length]),
    Buffer.from(lane, 'latin1'),
    Buffer.from([id.length]),
    Buffer.from(id, 'latin1'),
    Buffer.from(body, 'utf8'),
  ]);
  const header = Buffer.alloc(head);
  header.writeUInt32LE(payload.length, 0);
  header.writeUInt32LE(crc32(payload), 4);
  return Buffer.concat([header, payload]);
}

/** The record that starts at `offset`, or undefined when no whole, sound one does. */
export function recordAt(bytes: Buffer, offset: number): RawRecord | undefined {
  if (bytes.length - offset < head + least) return undefined;
  const size = bytes.readUInt32LE(offset);
  const kind = kinds.get(bytes.readUInt8(offset + head));
  if (kind === undefined || size < least || size > bytes.length - offset - head) return undefined;
  const payload = bytes.subarray(offset + head, offset + head + size);
  if (crc32(payload) !== bytes.readUInt32LE(offset + 4)) return undefined;
  const laneEnd = 2 + payload.readUInt8(1);
  if (laneEnd >= size) return undefined;
  const idEnd = laneEnd + 1 + payload.readUInt8(laneEnd);
  if (idEnd > size) return undefined;
  return {
    kind,
    lane: payload.toString('latin1', 2, laneEnd),
    id: payload.toString('latin1', laneEnd + 1, idEnd),
    body: payload.subarray(idEnd),
    offset,
    length: head + size,
  };
}

/** Bytes that belong to no sound record: `from` inclusive, `to` exclusive. */
export interface Gap {
  from: number;
  to: number;
}

/**
 * Every sound record of a segment, and the gaps between them.
 * After a gap it finds its feet again at the next sound record. Text inside a body cannot pass for one:
 * JSON has no raw control bytes, and both the length and the kind of a record need them.
 */
export function scanSegment(bytes: Buffer): { records: RawRecord[]; gaps: Gap[] } {
  const records: RawRecord[] = [];
  const gaps: Gap[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const record = recordAt(bytes, offset);
    if (record) {
      records.push(record);
      offset += record.length;
      continue;
    }
    let next = offset + 1;
    while (next < bytes.length && !recordAt(bytes, next)) next += 1;
    gaps.push({ from: offset, to: next });
    offset = next;
  }
  return { records, gaps };
}
