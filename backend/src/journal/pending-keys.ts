/** Which keys have a journaled record that the engine has not confirmed. */
export class PendingKeys {
  private readonly byRecord = new Map<string, readonly string[]>();
  private readonly counts = new Map<string, number>();

  has(key: string): boolean {
    return this.counts.has(key);
  }

  add(record: string, keys: readonly string[]): void {
    if (this.byRecord.has(record)) return;
    this.byRecord.set(record, keys);
    for (const key of keys) this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  remove(record: string): void {
    for (const key of this.byRecord.get(record) ?? []) {
      const left = (this.counts.get(key) ?? 0) - 1;
      if (left > 0) this.counts.set(key, left);
      else this.counts.delete(key);
    }
    this.byRecord.delete(record);
  }
}
