import { Injectable } from '@nestjs/common';

/** One request to a link that changed nothing. */
export interface EdgeHit {
  /** `OpenLink.id`. */
  link: string;
  method: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** The client said that nobody has asked to see the page yet (`Sec-Purpose`, `Purpose`, `X-Moz`). */
  prefetch: boolean;
  userAgent: string;
}

/**
 * The last hits, in memory only: what a link scanner did before an opt-out is a feature of machine detection. It may
 * raise a warning and never takes an opt-out away: a real person's client can look like a machine.
 */
@Injectable()
export class EdgeHits {
  private readonly ring: EdgeHit[] = [];
  private next = 0;

  note(hit: EdgeHit): void {
    this.ring[this.next] = { ...hit, userAgent: hit.userAgent.slice(0, 200) };
    this.next = (this.next + 1) % EdgeHits.size;
  }

  /** Of one link, oldest first. */
  of(link: string): EdgeHit[] {
    return this.ring.filter((hit) => hit.link === link).sort((a, b) => a.at - b.at);
  }

  /** How many hits are kept. About 1 MB. */
  static readonly size = 4096;
}
