import type { PermissionChange } from '../contract/permissions.js';
import { parseSelector } from '../contract/selectors.js';
import type { StreamStanding } from '../permissions/permissions.service.js';
import type { Statement } from '../permissions/statement.js';

/** What a provider of e-mail is to be told about one person after one decision. Streams by key. */
export interface Suppression {
  /** Streams that an opt-out, a pause or a hold closes now. */
  readonly closed: ReadonlySet<string>;
  /** Streams that are open now because of this decision. What is open for another reason is nobody's to re-open. */
  readonly reopened: ReadonlySet<string>;
  /**
   * An opt-out of all advertising by e-mail: `closed` while one holds, `narrowed` while one stands but some stream was
   * opted in to since, `lifted` when this decision ended it.
   */
  readonly channel: 'closed' | 'narrowed' | 'lifted' | 'untouched';
}

/** A decision that was taken back. */
export interface Undone {
  readonly streamsStopped: readonly string[];
  /** Canonical selectors. */
  readonly effective: readonly string[];
}

export interface SuppressionFacts {
  readonly change: PermissionChange;
  readonly standings: readonly StreamStanding[];
  /** Of the person and of their addresses. */
  readonly statements: readonly Statement[];
  /** The person's internal id and the id of their e-mail address. */
  readonly subjects: readonly string[];
  /** Streams that an opt-out, pause or hold closes or once closed: only those can be opened again. */
  readonly everClosed: ReadonlySet<string>;
  /** What the decision takes back. */
  readonly undone: readonly Undone[];
  readonly now: number;
}

/**
 * Works from what holds now, and not from what the decision changed: so it may be told late, twice, or after others, and
 * says what is true. Only re-opening needs the decision: an undo or an opt-in that is the reason why a stream is open.
 */
export function suppressionOf(facts: SuppressionFacts): Suppression {
  const { change, standings, undone } = facts;
  const email = standings.filter(({ stream }) => stream.channel === 'email');
  const written = new Set(change.statements.map(({ id }) => id));
  const takenBack = new Set(undone.flatMap(({ streamsStopped }) => streamsStopped));
  const isReopened = ({ stream, permission }: StreamStanding): boolean =>
    permission.allowed &&
    ((change.type === 'opted_in' &&
      written.has(permission.statementId ?? '') &&
      facts.everClosed.has(stream.key)) ||
      (change.type === 'undone' && takenBack.has(stream.key)));
  return {
    closed: keysOf(email.filter(isClosed)),
    reopened: keysOf(email.filter(isReopened)),
    channel: channelOf(facts, email),
  };
}

/** A stream that only its regime closes was never opened: there is nobody to keep from being written to. */
const isClosed = ({ permission: { allowed, reason } }: StreamStanding): boolean =>
  !allowed && (reason === 'opt_out' || reason === 'pause' || reason === 'hold');

const keysOf = (standings: readonly StreamStanding[]): Set<string> =>
  new Set(standings.map(({ stream }) => stream.key));

function channelOf(facts: SuppressionFacts, email: readonly StreamStanding[]): Suppression['channel'] {
  const { change, statements, subjects, undone, now } = facts;
  const advertising = email.filter(({ stream }) => stream.class === 'commercial');
  const isAllClosed = advertising.every(({ permission }) => !permission.allowed);
  const wide = statements.filter(
    ({ effect, subject, selector }) =>
      effect === 'opt_out' && subjects.includes(subject) && isChannelWide(selector),
  );
  if (wide.length === 0) return 'untouched';
  const voided = new Set(statements.flatMap(({ voids }) => voids ?? []));
  const stands = wide.some(
    ({ decision, expiresAt }) => !voided.has(decision) && (expiresAt === null || expiresAt > now),
  );
  if (stands && isAllClosed) return 'closed';
  const isTakenBack =
    change.type === 'undone' && undone.some(({ effective }) => effective.some(isChannelWide));
  const isConsent =
    change.type === 'opted_in' &&
    change.statements.some(({ effect, selector }) => effect === 'opt_in' && isChannelWide(selector)) &&
    advertising.every(({ permission }) => permission.allowed);
  if (isTakenBack || isConsent) return 'lifted';
  return stands ? 'narrowed' : 'untouched';
}

/** Does the selector speak about all advertising by e-mail, or more? */
function isChannelWide(text: string): boolean {
  const { class: named, channel, ...narrower } = parseSelector(text);
  if (Object.keys(narrower).length > 0) return false;
  return (named === undefined || named === 'commercial') && (channel === undefined || channel === 'email');
}
