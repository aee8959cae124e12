/**
 * How long genuine requests took lately. A forged link is answered after as long, so that neither the answer nor its
 * time tells whether a link is known (INV-8058-4). Genuine requests never wait.
 */
export class Pace {
  private readonly recent: number[] = [];
  private next = 0;

  /** @param milliseconds that a genuine request took */
  note(milliseconds: number): void {
    this.recent[this.next] = milliseconds;
    this.next = (this.next + 1) % 64;
  }

  /** The time of one of the last genuine requests, in turn; 0 before the first, and at most a second. */
  like(): number {
    if (this.recent.length === 0) return 0;
    this.turn = (this.turn + 1) % this.recent.length;
    return Math.min(1000, this.recent[this.turn] ?? 0);
  }

  private turn = 0;
}
