import { ApiError } from './api.js';
import type { NameOfStream } from './plain-words.js';

/** Said of connections and secrets to whoever is no administrator. */
export const onlyAdmins = 'Only administrators may change connections and secrets. Ask one of them.';

/**
 * Why a change was not made, as a sentence for whoever wanted it.
 *
 * @param forbidden what is said when the role does not allow it
 */
export function refusalSentence(error: unknown, forbidden: string): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  if (lacksScope(error)) return forbidden;
  if (error.status === 409) return sentence(error.message);
  if (error.fields.length > 0) return error.fields.map(({ reason }) => sentence(reason)).join(' ');
  return `${error.title}: ${error.message}`;
}

/** A role that may not, told from the other reasons for a 403. */
export function lacksScope(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403 && error.message.includes('needs the scope');
}

/**
 * Why a group cannot stand for these streams. The API names them by place or key; people by name.
 *
 * @param streams keys, in the order in which they were sent
 */
export function mappingRefusal(error: unknown, streams: readonly string[], nameOf: NameOfStream): string {
  const inherits = error instanceof ApiError ? inheritance.exec(error.message) : null;
  if (inherits?.groups !== undefined) {
    const { child = '', parent = '' } = inherits.groups;
    return `${nameOf(child)} inherits from ${nameOf(parent)} already, so what people said to this group would not reach it.`;
  }
  if (error instanceof ApiError && error.fields.length > 0) {
    return error.fields
      .map(({ field, reason }) => {
        const place = /^streams\[(\d+)\]$/.exec(field)?.[1];
        const key = place === undefined ? undefined : streams[Number(place)];
        return sentence(key === undefined ? reason : `${nameOf(key)}: ${reason}`);
      })
      .join(' ');
  }
  return refusalSentence(error, 'Only editors and administrators may map groups. Ask one of them.');
}

const inheritance = /^streams\[\d+\]: (?<child>\S+) inherits from (?<parent>[^;\s]+);/;

function sentence(text: string): string {
  const begun = text.charAt(0).toLocaleUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
