/**
 * Which keys have a journaled record that the engine has not confirmed.
 * A key `kind:rest` can also be found by its kind.
 */
export class PendingKeys {
  private readonly byRecord = new Map<string, readonly string[]>();
  private readonly counts = new Map<string, number>();
  private readonly kinds = new Map<string, Set<string>>();

  has(key: string): boolean {
    return this.counts.has(key);
  }

  /** What stands behind the colon in the keys of that kind. */
  ofKind(kind: string): string[] {
    return [...(this.kinds.get(kind) ?? [])];
  }

  add(record: string, keys: readonly string[]): void {
    if (this.byRecord.has(record)) return;
    this.byRecord.set(record, keys);
    for (const key of keys) {
      const count = this.counts.get(key) ?? 0;
      this.counts.set(key, count + 1);
      const [kind, rest] = parts(key);
      if (count === 0 && rest !== undefined)
        this.kinds.set(kind, (this.kinds.get(kind) ?? new Set()).add(rest));
    }
  }

  remove(record: string): void {
    for (const key of this.byRecord.get(record) ?? []) {
      const left = (this.counts.get(key) ?? 0) - 1;
      if (left > 0) this.counts.set(key, left);
      else this.#forget(key);
    }
    this.byRecord.delete(record);
  }

  #forget(key: string): void {
    this.counts.delete(key);
    const [kind, rest] = parts(key);
    if (rest !== undefined) this.kinds.get(kind)?.delete(rest);
  }
}

function parts(key: string): [kind: string, rest: string | undefined] {
  const colon = key.indexOf(':');
  return colon < 0 ? ['', undefined] : [key.slice(0, colon), key.slice(colon + 1)];
}
