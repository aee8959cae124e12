import { join } from 'node:path';
import { JournalUnavailableError } from './errors.js';
import { type JournalFiles, writeWhole } from './files.js';
import type { JournalRecord } from './record.js';

/** A record that the engine or the decision refused again and again; it no longer blocks its lane. */
export interface SetAside {
  id: string;
  lane: string;
  kind: JournalRecord['kind'];
  /** Epoch milliseconds at which its requests were accepted. */
  at: number;
  keys: readonly string[];
  reason: string;
}

/** The folder of poison records: one readable JSON file each, `{ reason, record }`. */
export class SetAsideFolder {
  private readonly items = new Map<string, SetAside>();
  private readonly folder: string;

  constructor(
    folder: string,
    private readonly files: JournalFiles,
  ) {
    this.folder = join(folder, 'set-aside');
  }

  /** @returns the files that could not be read; they are left as they are */
  async open(): Promise<string[]> {
    await this.files.mkdir(this.folder);
    const unreadable: string[] = [];
    for (const name of await this.files.readdir(this.folder)) {
      if (name.endsWith('.tmp')) await this.files.unlink(join(this.folder, name));
      if (!name.endsWith('.json')) continue;
      try {
        const { reason, record } = await this.readFile(name.slice(0, -'.json'.length));
        this.items.set(record.id, itemOf(record, reason));
      } catch {
        unreadable.push(join(this.folder, name));
      }
    }
    return unreadable;
  }

  list(lane?: string): SetAside[] {
    const all = [...this.items.values()];
    return lane === undefined ? all : all.filter((item) => item.lane === lane);
  }

  has(id: string): boolean {
    return this.items.has(id);
  }

  ids(): string[] {
    return [...this.items.keys()];
  }

  /** Durable when it returns. */
  async put(record: JournalRecord, reason: string): Promise<void> {
    try {
      const text = `${JSON.stringify({ reason, record }, null, 2)}\n`;
      await writeWhole(this.files, this.folder, this.path(record.id), Buffer.from(text));
    } catch (error) {
      throw new JournalUnavailableError('setting a record aside', error);
    }
    this.items.set(record.id, itemOf(record, reason));
  }

  async read(id: string): Promise<JournalRecord> {
    try {
      return (await this.readFile(id)).record;
    } catch (error) {
      throw new JournalUnavailableError('reading a set-aside record', error);
    }
  }

  async remove(id: string): Promise<void> {
    try {
      await this.files.unlink(this.path(id));
      await this.files.syncFolder(this.folder);
    } catch (error) {
      throw new JournalUnavailableError('removing a set-aside record', error);
    }
    this.items.delete(id);
  }

  private async readFile(id: string): Promise<{ reason: string; record: JournalRecord }> {
    const content = JSON.parse((await this.files.readFile(this.path(id))).toString('utf8')) as {
      reason: string;
      record: JournalRecord;
    };
    if (content.record?.id !== id || !Array.isArray(content.record.keys)) {
      throw new Error('Not a set-aside record');
    }
    return content;
  }

  private path(id: string): string {
    return join(this.folder, `${id}.json`);
  }
}

function itemOf(record: JournalRecord, reason: string): SetAside {
  const { id, lane, kind, at, keys } = record;
  return { id, lane, kind, at, keys, reason };
}
