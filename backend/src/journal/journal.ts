import { JournalUnavailableError } from './errors.js';
import { type JournalFiles, nodeFiles } from './files.js';
import { JournalIndex } from './journal-index.js';
import {
  decodeRecord,
  encodeDone,
  encodeRecord,
  entryOf,
  type GroupRecord,
  type JournalEntry,
  type JournalRecord,
  recordAt,
} from './record.js';
import { type RecoveryReport, recover } from './recovery.js';
import { SegmentWriter } from './segment-writer.js';
import { type SetAside, SetAsideFolder } from './set-aside.js';

export interface JournalOptions {
  /** Bytes after which a new segment begins. @default 64 MiB */
  segmentBytes?: number;
  /** Milliseconds after which a done mark is written when no append takes it along. @default 50 */
  doneFlushMs?: number;
  /** @default the local file system */
  files?: JournalFiles;
}

export interface JournalDepth {
  /** Unfinished records, those set aside not counted. */
  records: number;
  bytes: number;
  /** Epoch milliseconds, or null when nothing is unfinished. */
  oldestAt: number | null;
}

interface Waiting {
  record: JournalRecord;
  bytes: Buffer;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * The write-ahead journal: what it has acknowledged survives a crash. One process owns a folder.
 * Every failure of the disk is a JournalUnavailableError.
 */
export class Journal {
  private waiting: Waiting[] = [];
  /** Done marks not written yet, and those written since the last sync: a failed sync takes them back. */
  private marks: string[] = [];
  private unsynced: string[] = [];
  private flushing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  /** @internal use `openJournal` */
  constructor(
    private readonly files: JournalFiles,
    private readonly doneFlushMs: number,
    private readonly index: JournalIndex,
    private readonly writer: SegmentWriter,
    private readonly aside: SetAsideFolder,
    /** What opening found. */
    readonly recovered: RecoveryReport,
  ) {}

  /**
   * Durable (fdatasync) when it resolves; appends made meanwhile share one write and one sync.
   * @throws JournalUnavailableError nothing of the record counts
   * @throws TypeError for an id or lane that cannot be a file name
   */
  async append(record: JournalRecord): Promise<void> {
    if (this.closed) throw new JournalUnavailableError('it is closed', undefined);
    const bytes = encodeRecord(record);
    const appended = new Promise<void>((resolve, reject) => {
      this.waiting.push({ record, bytes, resolve, reject });
    });
    void this.flush();
    await appended;
  }

  /**
   * The record's rows are in the engine. The mark is written with the next append, by a timer or at close;
   * one lost in a crash means a replay that the engine deduplicates.
   */
  done(id: string): void {
    if (!this.index.finish(id)) return;
    this.marks.push(id);
    this.timer ??= setTimeout(() => void this.flush(), this.doneFlushMs).unref();
  }

  /** In the order in which their requests were accepted; those set aside are not among them. */
  unfinished(lane?: string): JournalEntry[] {
    const all = this.index.entries();
    return lane === undefined ? all : all.filter((entry) => entry.lane === lane);
  }

  /**
   * An unfinished record, whole, from disk.
   * @throws JournalUnavailableError when it cannot be read or is no longer sound
   */
  async read(id: string): Promise<JournalRecord> {
    const place = this.index.find(id);
    if (!place) throw new Error(`No unfinished record ${id}`);
    try {
      const file = await this.files.open(place.segment.path, 'r');
      try {
        const raw = recordAt(await file.read(place.bytes, place.offset), 0);
        if (raw?.id !== id) throw new Error('The record no longer matches its checksum');
        return decodeRecord(raw);
      } finally {
        await file.close();
      }
    } catch (error) {
      throw new JournalUnavailableError('reading a record', error);
    }
  }

  /**
   * Moves a poison record out of the way, to `set-aside/<id>.json`; it need not have been appended before.
   * Durable when it resolves.
   */
  async setAside(record: JournalRecord, reason: string): Promise<void> {
    await this.aside.put(record, reason);
    this.done(record.id);
  }

  /**
   * Every decided group whose rows the engine may not have: unfinished or set aside, oldest first.
   * @throws JournalUnavailableError when one cannot be read
   */
  async *groups(): AsyncGenerator<GroupRecord> {
    for (const { id, kind } of this.index.entries()) {
      const record = kind === 'group' ? await this.read(id) : undefined;
      if (record?.kind === 'group') yield record;
    }
    for (const { id, kind } of this.aside.list()) {
      const record = kind === 'group' ? await this.aside.read(id) : undefined;
      if (record?.kind === 'group') yield record;
    }
  }

  setAsideList(lane?: string): SetAside[] {
    return this.aside.list(lane);
  }

  isSetAside(id: string): boolean {
    return this.aside.has(id);
  }

  /** @throws JournalUnavailableError */
  async readSetAside(id: string): Promise<JournalRecord | undefined> {
    return this.aside.has(id) ? this.aside.read(id) : undefined;
  }

  /** Forgets a set-aside record, for what it says is in the engine. @throws JournalUnavailableError */
  async dropSetAside(id: string): Promise<void> {
    if (this.aside.has(id)) await this.aside.remove(id);
  }

  /**
   * Puts a set-aside record back at the end of the journal, under its own id. Its lane has to be told
   * (`lane.retry` does both).
   * @returns undefined when no such record is set aside
   */
  async retry(id: string): Promise<JournalEntry | undefined> {
    if (!this.aside.has(id)) return undefined;
    const record = await this.aside.read(id);
    // While both exist, opening believes the file. So a crash in between loses the retry, never the record.
    await this.append(record);
    await this.aside.remove(id);
    return entryOf(record, 0);
  }

  depth(): JournalDepth {
    return { records: this.index.size, bytes: this.index.bytes, oldestAt: this.index.oldestAt() };
  }

  /** Writes what waits, marks included, and lets go of the folder. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.flush();
    clearTimeout(this.timer);
    try {
      if (this.marks.length + this.unsynced.length > 0) await this.writeMarks(true);
    } catch {
      // The marks are lost: the records are replayed and deduplicated.
    }
    await this.writer.close();
  }

  /** @internal Marks as done what a crash left both in the journal and set aside. */
  settleSetAside(): void {
    for (const id of this.aside.ids()) this.done(id);
    this.recovered.unfinished = this.index.size;
  }

  private flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.flushing ??= this.drain();
    return this.flushing;
  }

  private async drain(): Promise<void> {
    // One turn of the event loop first, so that appends made together go together.
    await new Promise((resolve) => setImmediate(resolve));
    do {
      if (this.waiting.length > 0) await this.writeWaiting();
      else if (this.marks.length > 0) {
        // After a failure the marks are back in the list, for the next append or timer.
        await this.writeMarks(false).catch(() => {});
      }
      await this.writer.prune();
    } while (this.waiting.length > 0);
    this.flushing = undefined;
  }

  private async writeWaiting(): Promise<void> {
    const batch = this.waiting;
    const marks = this.marks;
    this.waiting = [];
    this.marks = [];
    const leading = marks.map(encodeDone);
    try {
      const { segment, offset } = await this.writer.write(
        Buffer.concat([...leading, ...batch.map(({ bytes }) => bytes)]),
        true,
      );
      this.unsynced = [];
      let position = offset + leading.reduce((sum, bytes) => sum + bytes.length, 0);
      for (const { record, bytes, resolve } of batch) {
        this.index.add(entryOf(record, bytes.length), segment, position);
        position += bytes.length;
        resolve();
      }
    } catch (error) {
      this.takeBack(marks);
      for (const { reject } of batch) reject(error);
    }
  }

  private async writeMarks(sync: boolean): Promise<void> {
    const marks = this.marks;
    this.marks = [];
    try {
      await this.writer.write(Buffer.concat(marks.map(encodeDone)), sync);
      this.unsynced = sync ? [] : [...this.unsynced, ...marks];
    } catch (error) {
      this.takeBack(marks);
      throw error;
    }
  }

  private takeBack(marks: string[]): void {
    this.marks = [...this.unsynced, ...marks, ...this.marks];
    this.unsynced = [];
    if (!this.closed) this.timer ??= setTimeout(() => void this.flush(), this.doneFlushMs).unref();
  }
}

/**
 * Opens or creates the journal in `folder` and mends what a crash or a bad disk left there (`recovered`).
 * @throws JournalUnavailableError when the folder cannot be read or written
 */
export async function openJournal(folder: string, options: JournalOptions = {}): Promise<Journal> {
  const files = options.files ?? nodeFiles;
  const index = new JournalIndex();
  const aside = new SetAsideFolder(folder, files);
  try {
    await files.mkdir(folder);
    const { segments, report } = await recover(folder, files, index);
    report.unreadable.push(...(await aside.open()));
    const writer = new SegmentWriter(folder, files, options.segmentBytes ?? 64 * 1024 * 1024, segments);
    await writer.open();
    const journal = new Journal(files, options.doneFlushMs ?? 50, index, writer, aside, report);
    journal.settleSetAside();
    return journal;
  } catch (error) {
    if (error instanceof JournalUnavailableError) throw error;
    throw new JournalUnavailableError('opening it', error);
  }
}
