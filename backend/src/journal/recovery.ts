import { basename, join } from 'node:path';
import { type JournalFiles, writeWhole } from './files.js';
import type { JournalIndex, Segment } from './journal-index.js';
import { decodeRecord, entryOf, type Gap, type RawRecord, scanSegment } from './record.js';

/** What opening found on disk. */
export interface RecoveryReport {
  segments: number;
  /** Unfinished records. */
  unfinished: number;
  /** The end of the last segment that a crash left half written; it was never acknowledged, and is cut off. */
  torn: { segment: string; offset: number; bytes: number } | null;
  /** Bytes that were sound once and are not now. `file` keeps the segment as it was found. */
  damaged: { segment: string; file: string; offset: number; bytes: number; salvaged: number }[];
  /** Set-aside files that could not be read. */
  unreadable: string[];
}

const segmentName = /^(\d{8,})\.journal$/;

export function segmentPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(8, '0')}.journal`);
}

/**
 * Reads the segments in order into the index and mends them: a torn end is cut off, a damaged segment is
 * kept whole as `*.damaged` and rewritten with the records before and after the damage.
 */
export async function recover(
  folder: string,
  files: JournalFiles,
  index: JournalIndex,
): Promise<{ segments: Segment[]; report: RecoveryReport }> {
  const names = await files.readdir(folder);
  for (const name of names) if (name.endsWith('.tmp')) await files.unlink(join(folder, name));
  const numbers = names
    .map((name) => Number(segmentName.exec(name)?.[1] ?? 0))
    .filter((number) => number > 0)
    .sort((a, b) => a - b);
  const report: RecoveryReport = { segments: 0, unfinished: 0, torn: null, damaged: [], unreadable: [] };
  const segments: Segment[] = [];
  for (const number of numbers) {
    const path = segmentPath(folder, number);
    const bytes = await files.readFile(path);
    const { records, gaps } = scanSegment(bytes);
    const end = gaps.at(-1);
    // Rotation syncs a segment before the next one exists, so only the last one may end in a torn write.
    const torn = number === numbers.at(-1) && end?.to === bytes.length ? gaps.pop() : undefined;
    const sound = torn ? bytes.subarray(0, torn.from) : bytes;
    if (torn) report.torn = { segment: path, offset: torn.from, bytes: torn.to - torn.from };
    const segment: Segment = { number, path, size: sound.length, synced: sound.length, open: 0 };
    if (gaps.length > 0) await mend(folder, files, segment, bytes, records, gaps, report);
    else if (torn) await cut(files, path, torn.from);
    segments.push(segment);
    let offset = 0;
    for (const record of records) {
      apply(record, index, segment, offset);
      offset += record.length;
    }
  }
  report.segments = segments.length;
  return { segments, report };
}

function apply(raw: RawRecord, index: JournalIndex, segment: Segment, offset: number): void {
  if (raw.kind === 'done') index.finish(raw.id);
  else index.add(entryOf(decodeRecord(raw), raw.length), segment, offset);
}

async function cut(files: JournalFiles, path: string, length: number): Promise<void> {
  const file = await files.open(path, 'r+');
  try {
    await file.truncate(length);
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function mend(
  folder: string,
  files: JournalFiles,
  segment: Segment,
  bytes: Buffer,
  records: RawRecord[],
  gaps: Gap[],
  report: RecoveryReport,
): Promise<void> {
  const taken = await files.readdir(folder);
  let file = `${segment.path}.damaged`;
  for (let copy = 2; taken.includes(basename(file)); copy += 1) file = `${segment.path}.${copy}.damaged`;
  await writeWhole(files, folder, file, bytes);
  const sound = Buffer.concat(
    records.map((record) => bytes.subarray(record.offset, record.offset + record.length)),
  );
  await writeWhole(files, folder, segment.path, sound);
  segment.size = sound.length;
  segment.synced = sound.length;
  for (const gap of gaps) {
    const salvaged = records.filter((record) => record.offset >= gap.to).length;
    report.damaged.push({
      segment: segment.path,
      file,
      offset: gap.from,
      bytes: gap.to - gap.from,
      salvaged,
    });
  }
}
