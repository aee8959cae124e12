/** Entries that are copied on each change; all others are shared until as many have come. */
const copied = 64;

/** A map that never changes: `with` makes another one, which shares nearly everything with this. */
export class GrownMap<V extends object> {
  constructor(
    private readonly shared: ReadonlyMap<string, V> = new Map(),
    private readonly latest: ReadonlyMap<string, V> = new Map(),
  ) {}

  get(key: string): V | undefined {
    return this.latest.get(key) ?? this.shared.get(key);
  }

  with(key: string, value: V): GrownMap<V> {
    const latest = new Map(this.latest).set(key, value);
    if (latest.size < copied) return new GrownMap(this.shared, latest);
    const shared = new Map(this.shared);
    for (const [each, found] of latest) shared.set(each, found);
    return new GrownMap(shared);
  }
}
