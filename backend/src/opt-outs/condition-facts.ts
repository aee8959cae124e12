import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Engine, Queries, ReadOptions } from '@secateur/sql';
import { type FactNeeds, noNeeds } from '../segments/person-facts.js';

type Windows = Queries['segments/engagement_windows_by_person']['row'][];
type Memberships = Queries['segments/memberships_by_person']['row'][];
type Risks = Queries['churn/risk_by_person']['row'][];

/** What conditions ask about people beyond what every decision knows. */
export interface ConditionFacts {
  readonly windows: Windows;
  readonly memberships: Memberships;
  readonly risks: Risks;
  /** What was needed and is not known. */
  readonly missing: FactNeeds;
}

export interface AskedPeople {
  readonly people: ReadonlySet<string>;
  /** For each person the instant (ms) of the facts. */
  readonly instants: ReadonlyMap<string, number>;
}

export type AskConditionFacts = (asked: AskedPeople, needs: FactNeeds) => Promise<ConditionFacts>;

/** All that is needed, or an error: for looks at memberships, which can be made again. */
export function allConditionFacts(engine: Engine<Queries>): AskConditionFacts {
  return async (asked, needs) => {
    const [windows, memberships, risks] = await Promise.all([
      needs.windows ? windowsOf(engine, asked) : [],
      needs.memberships ? membershipsOf(engine, asked) : [],
      needs.risks ? risksOf(engine, asked) : [],
    ]);
    return { windows, memberships, risks, missing: noNeeds };
  };
}

/**
 * How long a group of decisions waits. Both queries take some milliseconds of people who have a history, and a mailbox
 * provider or a person gives up on an opt-out after several seconds.
 */
const mostSeconds = 2;

/**
 * For decisions: what is not there in time is missing, and the decision is made without. An opt-out is never held up for
 * what only conditions want to know. While an answer that was given up is still to come, the next groups do not wait for
 * another one.
 */
export class PromptConditionFacts {
  readonly #log = new Logger('OptOuts');
  readonly #late = new Set<keyof FactNeeds>();

  constructor(private readonly engine: Engine<Queries>) {}

  readonly ask: AskConditionFacts = async (asked, needs) => {
    const options = { maxExecutionSeconds: mostSeconds };
    const [windows, memberships, risks] = await Promise.all([
      needs.windows ? this.#prompt('windows', () => windowsOf(this.engine, asked, options)) : [],
      needs.memberships ? this.#prompt('memberships', () => membershipsOf(this.engine, asked, options)) : [],
      needs.risks ? this.#prompt('risks', () => risksOf(this.engine, asked, options)) : [],
    ]);
    return {
      windows: windows ?? [],
      memberships: memberships ?? [],
      risks: risks ?? [],
      missing: { windows: windows === null, memberships: memberships === null, risks: risks === null },
    };
  };

  /** null where it failed or came too late. */
  async #prompt<Rows>(what: keyof FactNeeds, read: () => Promise<Rows>): Promise<Rows | null> {
    if (this.#late.has(what)) return null;
    const reading = read();
    const stop = new AbortController();
    try {
      return await Promise.race([reading, this.#tooLate(what, reading, stop.signal)]);
    } catch (error) {
      const reason = error instanceof Error ? error.name : 'unknown error';
      this.#log.error('facts of conditions failed: decided without them', { what, reason });
      return null;
    } finally {
      stop.abort();
    }
  }

  async #tooLate(what: keyof FactNeeds, reading: Promise<unknown>, signal: AbortSignal): Promise<null> {
    try {
      await sleep(mostSeconds * 1000, undefined, { signal });
    } catch {
      return null;
    }
    this.#late.add(what);
    const over = () => this.#late.delete(what);
    reading.then(over, over);
    this.#log.error('facts of conditions are late: decided without them', { what, seconds: mostSeconds });
    return null;
  }
}

function windowsOf(
  engine: Engine<Queries>,
  { instants }: AskedPeople,
  options?: ReadOptions,
): Promise<Windows> {
  const asked = [...instants].map(([person, at]) => `${person}\t${at}`).join('\n');
  return engine.query('segments/engagement_windows_by_person', { asked }, options);
}

function membershipsOf(
  engine: Engine<Queries>,
  { people }: AskedPeople,
  options?: ReadOptions,
): Promise<Memberships> {
  return engine.query('segments/memberships_by_person', { ids: [...people].join('\n') }, options);
}

function risksOf(engine: Engine<Queries>, { people }: AskedPeople, options?: ReadOptions): Promise<Risks> {
  return engine.query('churn/risk_by_person', { ids: [...people].join('\n') }, options);
}
