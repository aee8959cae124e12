/** A set that forgets what it has known longest. */
export class Recent<T> {
  private readonly known = new Set<T>();

  constructor(private readonly most: number) {}

  has(one: T): boolean {
    return this.known.has(one);
  }

  add(one: T): void {
    this.known.delete(one);
    this.known.add(one);
    if (this.known.size <= this.most) return;
    const [oldest] = this.known;
    if (oldest !== undefined) this.known.delete(oldest);
  }
}
