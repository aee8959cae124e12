import { type Item, plain } from '../intake/normalised-event.js';
import { oneMailbox } from './addresses.js';
import { messageIdOf } from './header-block.js';
import { keyOf, type Message, returnedHeader } from './message.js';
import type { TokenFinder } from './tokens.js';
import { unvouched } from './vouched.js';

const recipientField = 'x-hmxmroriginalrecipient';

export const isJunkReport = (message: Message): boolean => returnedHeader(message).has(recipientField);

/**
 * Outlook's Junk Mail Reporting Program: no feedback report but the message itself, attached by staff@hotmail.com, with a
 * field of its own that names who complained.
 */
export function readJmrp(message: Message, finder: TokenFinder): Item[] {
  const returned = returnedHeader(message);
  const subscriber = oneMailbox(returned.first(recipientField));
  const messageId = messageIdOf(returned.first('message-id'));
  const link = finder.inListHeaders(returned) ?? finder.inAddresses(message.recipients);
  return [
    {
      ...plain,
      trigger: 'complaint',
      subscriber,
      messageId,
      occurredAt: message.date,
      reason: 'Junk Mail Reporting Program',
      scopeHint: 'sender',
      identity: ['jmrp', keyOf(message), messageId, subscriber, link?.id ?? null],
      ...(link === null ? unvouched : { trust: 'token', link }),
    },
  ];
}
