import { Logger } from '@nestjs/common';
import type { RuleFailureCount } from '../contract/rules.js';

/** A rule that fails does so with every request: one line of the log says enough. */
const millisecondsBetweenLines = 60_000;

/** Rules that threw, by version, since the process started. */
export class RuleFailures {
  readonly #log = new Logger('Rules');
  readonly #counts = new Map<string, RuleFailureCount>();
  #linedAt = Number.NEGATIVE_INFINITY;
  #unlined = 0;

  /** @param reason the name of the error: its message may quote what a person sent */
  note(ruleset: string, rule: string, reason: string, now: number): void {
    const count = (this.#counts.get(ruleset)?.count ?? 0) + 1;
    this.#counts.set(ruleset, { count, last: { rule, reason, at: new Date(now).toISOString() } });
    this.#unlined += 1;
    if (now - this.#linedAt < millisecondsBetweenLines) return;
    this.#log.error('a rule failed: the floor stood alone', {
      ruleset,
      rule,
      reason,
      failures_since_last_line: this.#unlined,
    });
    this.#linedAt = now;
    this.#unlined = 0;
  }

  of(ruleset: string): RuleFailureCount | null {
    return this.#counts.get(ruleset) ?? null;
  }
}
