import { Inject, Injectable } from '@nestjs/common';
import type { Queries } from '@secateur/sql';
import type { DecisionType } from '../contract/decisions.js';
import type { PermissionChange, PermissionChanges } from '../contract/permissions.js';
import type { Channel, Effect } from '../contract/vocabulary.js';
import { type Database, ENGINE } from '../database.module.js';
import { SubscriberDirectory } from '../subscribers/directory.js';
import { noId } from '../subscribers/identifiers.js';

type Row = Queries['permissions/changes_between']['row'];

/**
 * Every decision in the order of `seq`, for systems that keep a copy of the permissions. Whoever has read up to a `seq`
 * has missed nothing below it, because decisions become visible in that order:
 *
 * - One lane numbers decisions when it decides a group, and has one group in hand at a time. The next group is decided,
 *   and so numbered, only when the engine has confirmed the one before.
 * - A group that the engine did not confirm goes to the head of the lane's backlog with its numbers. What comes meanwhile
 *   is journaled as requests, and numbered when their turn comes, behind it. A restart finds the same order.
 * - Within a group: its insert makes one part for each month of receipt, and they appear one after the other (a reader
 *   in a loop that did not wait missed 654 of 1,440 decisions in groups of twelve months). So the highest `seq` is taken
 *   first, then the write connection's turn is waited for, which comes when the insert that this `seq` belongs to has
 *   ended, and only then is the page read, up to that `seq`.
 *
 * It does not hold between several deciding processes; for a group of several months whose insert fails halfway, until
 * its retry; for a group that is put back to work after it was set aside (its numbers are old); and if the clock steps back
 * over a restart while a decided group waits in the journal.
 */
@Injectable()
export class ChangesService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly directory: SubscriberDirectory,
  ) {}

  /**
   * @param since the `seq` read last; 0 for all
   * @throws EngineAwayError
   */
  async since(since: number, limit: number): Promise<PermissionChanges> {
    const [newest] = await this.engine.query('opt-outs/last_seq', {});
    const until = newest?.seq ?? 0;
    if (until <= since) return { changes: [], next: String(since) };
    await this.engine.command('SELECT 1 FORMAT Null', 'wait for the insert in hand');
    const rows = await this.engine.query('permissions/changes_between', { since, until, limit });
    const known = await this.directory.byPerson(rows.flatMap(({ person }) => orNull(person) ?? []));
    const changes = rows.map((row): PermissionChange => {
      const subject = known.get(row.person);
      const profile = subject === undefined ? null : this.directory.profile(subject);
      return changeOf(row, profile?.id ?? null);
    });
    return { changes, next: changes.at(-1)?.seq ?? String(since) };
  }
}

function changeOf(row: Row, subscriber: string | null): PermissionChange {
  return {
    seq: String(row.seq),
    decision: row.id,
    subscriber,
    person: orNull(row.person),
    type: row.type as DecisionType,
    channel: row.channel as Channel,
    effective: row.effective,
    streams_stopped: row.streams_stopped,
    streams_kept: row.streams_kept,
    statements: row.statements.map(({ id, subject, binds, selector, effect, order_at, expires_at }) => ({
      id,
      subject,
      binds: binds as 'person' | 'identifier',
      selector,
      effect: effect as Effect,
      order_at,
      expires_at,
    })),
    voids: [...new Set(row.statements.flatMap(({ voids }) => orNull(voids) ?? []))],
    occurred_at: row.occurred_at,
    received_at: row.received_at,
    decided_at: row.decided_at,
  };
}

const orNull = (id: string): string | null => (id === noId ? null : id);
