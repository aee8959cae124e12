import { hash } from 'node:crypto';
import { parseSelector, type Selector } from '../contract/selectors.js';
import type { Channel } from '../contract/vocabulary.js';
import type { Statement } from '../permissions/statement.js';
import { identifierKind } from '../subscribers/named-identifiers.js';
import type { Facts, OptOutRequest } from './request.js';

export interface Subject {
  id: string;
  binds: 'person' | 'identifier';
}

// The same few selectors come again and again, and validating one costs more than the rest of a decision.
const parsed = new Map<string, Selector>();

/** `parseSelector`, remembered. */
export function readSelector(text: string): Selector {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const selector = parseSelector(text);
  if (parsed.size >= 10_000) parsed.clear();
  parsed.set(text, selector);
  return selector;
}

/** On these channels an opt-out binds the identifier where it is known (INV-IDENT); elsewhere the person. */
const bindsIdentifier: readonly Channel[] = ['email', 'sms', 'voice', 'whatsapp'];

/** The identifier that the request names for a channel; null: the person is meant, wherever they are reached there. */
function namedOn(channel: Channel, request: OptOutRequest, facts: Facts): string | null {
  const kind = identifierKind[channel];
  if (kind === null) return null;
  return kind === identifierKind[request.channel] ? facts.identifier : (facts.elsewhere?.[kind] ?? null);
}

/** The identifier by which the person is reached on a channel now. */
function ownOn(channel: Channel, facts: Facts): string | null {
  const kind = identifierKind[channel];
  return kind === null ? null : facts.identifiers[kind];
}

/** The identifier of which the request speaks on a channel: the one it names, else the person's. */
export function identifierOn(channel: Channel, request: OptOutRequest, facts: Facts): string | null {
  return namedOn(channel, request, facts) ?? ownOn(channel, facts);
}

/** The identifier that a message on the channel would use: the person's, else the one that the request names. */
export function reachedOn(channel: Channel, request: OptOutRequest, facts: Facts): string | null {
  return ownOn(channel, facts) ?? namedOn(channel, request, facts);
}

/**
 * Whom a selector binds. One with a channel: the identifier there, else the person. One without a channel reaches beyond
 * any identifier, so it binds the person, and the identifiers that the request names or came by.
 *
 * The send check asks the person and the identifier that they have then. So an address that is not theirs, or not named
 * at all, is never bound alone: their own is bound too, and where the request names none or they have none, the person.
 */
export function subjectsOf(selector: Selector, request: OptOutRequest, facts: Facts): Subject[] {
  const person = personOf(facts);
  const { channel } = selector;
  if (channel !== undefined) {
    const named = namedOn(channel, request, facts);
    const own = ownOn(channel, facts);
    const identifiers = identifiersOf(named, own);
    const others = facts.others ?? [];
    if (!bindsIdentifier.includes(channel) || identifiers.length === 0)
      return [...firstKnown(person, identifiers, identifiersOf(facts.identifier)), ...others.map(asPerson)];
    const isPersonMeant = named === null || own === null;
    return [...identifiers, ...(isPersonMeant ? person : []), ...others.map(asPerson)];
  }
  const came = bindsIdentifier.includes(request.channel)
    ? [namedOn(request.channel, request, facts), ownOn(request.channel, facts)]
    : [];
  const bound = [...person, ...identifiersOf(...came, ...elsewhereOf(facts))];
  return [...firstKnown(bound, identifiersOf(facts.identifier)), ...(facts.others ?? []).map(asPerson)];
}

/** The person, and a suppression on every known identifier that the selector may reach: objections, erasure. */
export function allSubjects(selector: Selector, request: OptOutRequest, facts: Facts): Subject[] {
  const { channel } = selector;
  const { email, phone, push } = facts.identifiers;
  const identifiers =
    channel === undefined
      ? [facts.identifier, email, phone, push, ...elsewhereOf(facts)]
      : [namedOn(channel, request, facts), ownOn(channel, facts)];
  return [...personOf(facts), ...identifiersOf(...identifiers), ...(facts.others ?? []).map(asPerson)];
}

/**
 * The person and the identifier of the channel: where an opt-in is written, so that it meets what it may lift. One that
 * names another address than the person's lifts nothing at theirs.
 */
export function optInSubjects(selector: Selector, request: OptOutRequest, facts: Facts): Subject[] {
  const channel = selector.channel ?? request.channel;
  return [...personOf(facts), ...identifiersOf(identifierOn(channel, request, facts))];
}

/** A line of the ledger with what every line of one request has in common. */
export function statementOf(
  request: OptOutRequest,
  facts: Facts,
  subject: Subject,
  line: Pick<Statement, 'selector' | 'effect'> & Partial<Statement>,
): Omit<Statement, 'id'> {
  return {
    subject: subject.id,
    binds: subject.binds,
    person: facts.person,
    orderAt: Math.min(request.occurredAt, request.receivedAt),
    tolerance: request.tolerance,
    strength: 'plain',
    counts: false,
    explicit: false,
    expiresAt: null,
    basis: '',
    evidence: request.evidence,
    decision: request.decision,
    voids: null,
    cap: null,
    ...line,
  };
}

/** The nth statement of a decision has the same id in every replay: SHA-256 in the shape of a UUID (version 8). */
export function statementId(decision: string, index: number): string {
  const hex = hash('sha256', `statement ${decision} ${index}`, 'hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const asPerson = (id: string): Subject => ({ id, binds: 'person' });
const personOf = (facts: Facts): Subject[] => (facts.person === null ? [] : [asPerson(facts.person)]);
const elsewhereOf = (facts: Facts): string[] => Object.values(facts.elsewhere ?? {});
const identifiersOf = (...ids: (string | null)[]): Subject[] =>
  [...new Set(ids)].flatMap((id) => (id === null ? [] : [{ id, binds: 'identifier' as const }]));
const firstKnown = (...choices: Subject[][]): Subject[] => choices.find((choice) => choice.length > 0) ?? [];
