import { Inject, Injectable } from '@nestjs/common';
import { EngineAwayError } from '@secateur/sql';
import { type Database, ENGINE } from '../database.module.js';
import { Lanes } from '../journal/lanes.js';
import { SubscriberDirectory } from '../subscribers/directory.js';
import type { NormalisedEvent } from './normalised-event.js';

/** What was sent to whom, as far as senders reported it. */
@Injectable()
export class SentMessages {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly directory: SubscriberDirectory,
    private readonly lanes: Lanes,
  ) {}

  /**
   * Those of the events whose message was delivered to somebody who has the address that they name. A message id alone
   * says nothing: whoever got one message knows it, and could name anybody beside it. null: nobody can tell now.
   */
  async namedIn(events: readonly NormalisedEvent[]): Promise<ReadonlySet<NormalisedEvent> | null> {
    const asked = events.flatMap((event) =>
      event.messageId === null || event.subscriber === null
        ? []
        : [{ event, messageId: event.messageId, address: this.directory.idOf('email', event.subscriber) }],
    );
    if (asked.length === 0) return new Set();
    try {
      const having = await this.directory.byIdentifier(asked.map(({ address }) => address));
      const people = [...having.values()].flat().map(({ person }) => person);
      const rows =
        people.length === 0
          ? []
          : await this.engine.query('events/messages_of_people', {
              ids: [...new Set(asked.map(({ messageId }) => messageId))].join('\n'),
              people: [...new Set(people)].join('\n'),
            });
      const delivered = new Set(rows.map(({ message_id, person }) => `${message_id}\n${person}`));
      const found = asked.filter(({ messageId, address }) =>
        having.get(address)?.some(({ person }) => delivered.has(`${messageId}\n${person}`)),
      );
      // The delivery, or the address, may be among what the journal still holds.
      const mayFollow = this.lanes.isBehind('events') || this.lanes.isBehind('profiles');
      return found.length < asked.length && mayFollow ? null : new Set(found.map(({ event }) => event));
    } catch (error) {
      if (!(error instanceof EngineAwayError)) throw error;
      return null;
    }
  }
}
