import type { JournalEntry } from './record.js';

/** One segment file. */
export interface Segment {
  number: number;
  path: string;
  /** Bytes written. */
  size: number;
  /** Bytes known to be durable: the file is cut back to here after a failed write or sync. */
  synced: number;
  /** Unfinished records that still need this file. */
  open: number;
}

interface Slot {
  entry: JournalEntry;
  /** Place in the order; a group inherits the place of the first request record that it resolves. */
  position: number;
  segment: Segment;
  offset: number;
  /** Segments that must stay while this is unfinished: its own, and those of what it resolves. */
  holds: Segment[];
}

/** Which records are unfinished, in which order, and where they lie. The same rules serve recovery and work. */
export class JournalIndex {
  private readonly slots = new Map<string, Slot>();
  private next = 0;
  bytes = 0;

  get size(): number {
    return this.slots.size;
  }

  has(id: string): boolean {
    return this.slots.has(id);
  }

  add(entry: JournalEntry, segment: Segment, offset: number): void {
    const holds = [segment];
    segment.open += 1;
    let position = this.next++;
    // What this record takes the place of: the requests it decides, or an earlier copy of itself.
    for (const id of [entry.id, ...(entry.resolves ?? [])]) {
      const before = this.slots.get(id);
      if (!before) continue;
      position = Math.min(position, before.position);
      holds.push(...before.holds);
      this.slots.delete(id);
      this.bytes -= before.entry.bytes;
    }
    this.slots.set(entry.id, { entry, position, segment, offset, holds });
    this.bytes += entry.bytes;
  }

  /** An unknown id is no fault: its record went with an older segment. */
  finish(id: string): boolean {
    const slot = this.slots.get(id);
    if (!slot) return false;
    for (const segment of slot.holds) segment.open -= 1;
    this.slots.delete(id);
    this.bytes -= slot.entry.bytes;
    return true;
  }

  find(id: string): { segment: Segment; offset: number; bytes: number } | undefined {
    const slot = this.slots.get(id);
    return slot && { segment: slot.segment, offset: slot.offset, bytes: slot.entry.bytes };
  }

  /** In order of acceptance. */
  entries(): JournalEntry[] {
    return [...this.slots.values()].sort((a, b) => a.position - b.position).map((slot) => slot.entry);
  }

  /** Epoch milliseconds, or null when nothing is unfinished. */
  oldestAt(): number | null {
    let oldest: number | null = null;
    for (const { entry } of this.slots.values()) {
      if (oldest === null || entry.at < oldest) oldest = entry.at;
    }
    return oldest;
  }
}
