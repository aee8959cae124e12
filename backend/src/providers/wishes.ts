import type { Trigger } from '../contract/vocabulary.js';
import type { ScopeHint } from '../intake/normalised-event.js';
import { readWords } from '../words/read-words.js';
import type { Meaning } from './meaning.js';

const hints: Partial<Record<Trigger, ScopeHint>> = {
  gdpr_objection_art21: 'global',
  erasure_request_art17: 'person',
  complaint: 'sender',
};

/**
 * What a person asks for in a text of their own, each a request: a plain stop of texts, and beside it an objection, a
 * deletion, a stop on a channel that the words name. Empty: nothing that ends anything.
 *
 * @param isKeywordMeant false in a conversation, where a bare "cancel" or "end" may be about something else
 */
export function wishesIn(text: string, isKeywordMeant = true): Meaning[] {
  const said = readWords(text);
  if (said.kind !== 'stop' || (said.certainty === 'keyword' && !isKeywordMeant)) return [];
  const reason = `words: ${said.matched.join(', ')}`;
  const review = said.review ? { review: true } : {};
  const stop: Meaning = { trigger: 'sms_stop', scopeHint: 'channel', reason, ...review };
  const wishes: Meaning[] = said.triggers.map((trigger) => ({
    trigger,
    scopeHint: hints[trigger] ?? 'unknown',
    reason,
    ...review,
  }));
  if (said.plain) {
    const reach = said.asked === 'everything' ? 'global' : 'sender';
    wishes.push(
      said.asked === 'this' ? stop : { ...stop, scopeHint: reach, stream: null, asked: said.asked },
    );
    const elsewhere = said.channels.filter((channel) => channel !== 'sms' && channel !== 'whatsapp');
    if (elsewhere.length > 0)
      wishes.push({ ...stop, stream: null, asked: elsewhere.map((channel) => ({ channel })) });
  }
  return wishes;
}
