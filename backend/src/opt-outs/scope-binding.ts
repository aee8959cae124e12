import { hash } from 'node:crypto';
import { parseSelector, type Selector } from '../contract/selectors.js';
import type { Channel } from '../contract/vocabulary.js';
import type { Statement } from '../permissions/statement.js';
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

/** Which kind of identifier a channel's messages use; null: it needs none. */
export const identifierKind: Readonly<Record<Channel, keyof Facts['identifiers'] | null>> = {
  email: 'email',
  sms: 'phone',
  voice: 'phone',
  whatsapp: 'phone',
  push: 'push',
  in_app: null,
  post: null,
  web: null,
};

/** On these channels an opt-out binds the identifier where it is known (INV-IDENT); elsewhere the person. */
const bindsIdentifier: readonly Channel[] = ['email', 'sms', 'voice', 'whatsapp'];

/** The identifier of which the request speaks on a channel: the one it came by, else the person's. */
export function identifierOn(channel: Channel, request: OptOutRequest, facts: Facts): string | null {
  const kind = identifierKind[channel];
  if (kind === null) return null;
  if (kind === identifierKind[request.channel] && facts.identifier !== null) return facts.identifier;
  return facts.identifiers[kind];
}

/**
 * Whom a selector binds. One with a channel: the identifier there, else the person. One without a channel reaches beyond
 * any identifier, so it binds the person, and the identifier by which the request came.
 */
export function subjectsOf(selector: Selector, request: OptOutRequest, facts: Facts): Subject[] {
  const person = personOf(facts);
  const { channel } = selector;
  if (channel !== undefined) {
    const identifier = identifierOf(identifierOn(channel, request, facts));
    return bindsIdentifier.includes(channel) && identifier.length > 0
      ? identifier
      : firstKnown(person, identifier, identifierOf(facts.identifier));
  }
  const came = bindsIdentifier.includes(request.channel)
    ? identifierOf(identifierOn(request.channel, request, facts))
    : [];
  return firstKnown([...person, ...came], identifierOf(facts.identifier));
}

/** The person, and a suppression on every known identifier that the selector may reach: objections, erasure. */
export function allSubjects(selector: Selector, request: OptOutRequest, facts: Facts): Subject[] {
  const { email, phone, push } = facts.identifiers;
  const identifiers =
    selector.channel === undefined
      ? new Set([facts.identifier, email, phone, push])
      : [identifierOn(selector.channel, request, facts)];
  return [...personOf(facts), ...[...identifiers].flatMap(identifierOf)];
}

/** The person and the identifier of the channel: where an opt-in is written, so that it meets what it may lift. */
export function optInSubjects(selector: Selector, request: OptOutRequest, facts: Facts): Subject[] {
  const channel = selector.channel ?? request.channel;
  return [...personOf(facts), ...identifierOf(identifierOn(channel, request, facts))];
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

const personOf = (facts: Facts): Subject[] =>
  facts.person === null ? [] : [{ id: facts.person, binds: 'person' }];
const identifierOf = (id: string | null): Subject[] => (id === null ? [] : [{ id, binds: 'identifier' }]);
const firstKnown = (...choices: Subject[][]): Subject[] => choices.find((choice) => choice.length > 0) ?? [];
