import { Injectable } from '@nestjs/common';
import { type MachineSign, signsOfAgent } from '../opt-outs/machine-signs.js';
import type { OpenLink } from './token.js';

/** Milliseconds: how long a look or a press counts towards the next press. */
const looked = 2000;
const burst = 10_000;

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
  private presses: { link: string; person: string; at: number }[] = [];

  note(hit: EdgeHit): void {
    this.ring[this.next] = { ...hit, userAgent: hit.userAgent.slice(0, 200) };
    this.next = (this.next + 1) % EdgeHits.size;
  }

  /** What speaks for a machine when a link is pressed now, and notes the press. */
  signsOf({ id, person }: OpenLink, userAgent: string | undefined, now: number): MachineSign[] {
    const signs = signsOfAgent(userAgent);
    if (this.ring.some((hit) => hit.link === id && now - hit.at < looked)) signs.push('machine_sign:hits');
    this.presses = this.presses.filter((press) => now - press.at < burst).slice(-EdgeHits.size);
    this.presses.push({ link: id, person, at: now });
    const links = new Set(this.presses.filter((press) => press.person === person).map(({ link }) => link));
    if (links.size >= 3) signs.push('machine_sign:burst');
    return signs;
  }

  /** Of one link, oldest first. */
  of(link: string): EdgeHit[] {
    return this.ring.filter((hit) => hit.link === link).sort((a, b) => a.at - b.at);
  }

  /** How many hits are kept. About 1 MB. */
  static readonly size = 4096;
}
