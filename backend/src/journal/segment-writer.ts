import { JournalUnavailableError } from './errors.js';
import type { JournalFile, JournalFiles } from './files.js';
import type { Segment } from './journal-index.js';
import { segmentPath } from './recovery.js';

/** Writes at the end of the last segment, starts new ones, deletes old ones. One caller at a time. */
export class SegmentWriter {
  private handle: JournalFile | undefined;
  /** What failed last: nothing is written before the file is back at its last durable byte. */
  private fault: 'write' | 'sync' | undefined;

  constructor(
    private readonly folder: string,
    private readonly files: JournalFiles,
    private readonly segmentBytes: number,
    private readonly segments: Segment[],
  ) {}

  /** @throws JournalUnavailableError when the first segment cannot be created */
  async open(): Promise<void> {
    if (this.segments.length > 0) return;
    await this.guard('creating a segment', () => this.create());
  }

  /**
   * Appends the bytes; with `sync` they are durable when it returns.
   * @throws JournalUnavailableError none of these bytes count: they are cut off before anything else is written
   */
  async write(bytes: Uint8Array, sync: boolean): Promise<{ segment: Segment; offset: number }> {
    if (this.fault) await this.guard('mending the segment', () => this.repair());
    const full = this.active.size > 0 && this.active.size + bytes.length > this.segmentBytes;
    if (full) await this.guard('starting a segment', () => this.rotate());
    const segment = this.active;
    const offset = segment.size;
    await this.guard('writing', async () => {
      this.handle ??= await this.files.open(segment.path, 'r+');
      this.fault = 'write';
      await this.handle.write(bytes, offset);
      segment.size = offset + bytes.length;
      if (sync) await this.sync();
      this.fault = undefined;
    });
    return { segment, offset };
  }

  /**
   * Deletes segments from the oldest on while nothing in them is unfinished. Never one behind an unfinished
   * one: it may hold the marks and decisions of records in the earlier file.
   */
  async prune(): Promise<void> {
    let oldest = this.segments[0];
    while (oldest && oldest !== this.active && oldest.open === 0) {
      try {
        await this.files.unlink(oldest.path);
      } catch {
        return; // costs space, not truth: the next prune tries again
      }
      this.segments.shift();
      oldest = this.segments[0];
    }
  }

  async close(): Promise<void> {
    await this.handle?.close();
    this.handle = undefined;
  }

  private get active(): Segment {
    const last = this.segments.at(-1);
    if (!last) throw new Error('The journal was not opened');
    return last;
  }

  private async sync(): Promise<void> {
    this.fault = 'sync';
    await this.handle?.datasync();
    this.active.synced = this.active.size;
  }

  private async rotate(): Promise<void> {
    await this.sync();
    this.fault = undefined;
    await this.create();
  }

  private async create(): Promise<void> {
    const number = (this.segments.at(-1)?.number ?? 0) + 1;
    const path = segmentPath(this.folder, number);
    const handle = await this.files.open(path, 'w');
    try {
      await this.files.syncFolder(this.folder);
    } catch (error) {
      await handle.close().catch(() => {});
      throw error;
    }
    await this.handle?.close().catch(() => {});
    this.handle = handle;
    this.segments.push({ number, path, size: 0, synced: 0, open: 0 });
  }

  // After a failed sync the system may call lost pages clean, so a second sync proves nothing: only what was
  // durable before is kept, through a fresh handle, and what follows goes to a new file.
  private async repair(): Promise<void> {
    const failed = this.active;
    await this.handle?.close().catch(() => {});
    this.handle = await this.files.open(failed.path, 'r+');
    await this.handle.truncate(failed.synced);
    await this.handle.datasync();
    failed.size = failed.synced;
    if (this.fault === 'sync' && failed.synced > 0) await this.create();
    this.fault = undefined;
  }

  private async guard(doing: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw new JournalUnavailableError(doing, error);
    }
  }
}
