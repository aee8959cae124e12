import type { Cap } from '../contract/events.js';
import type { permissionReasons } from '../contract/permissions.js';
import type { Ancestor } from '../streams/lineage.js';
import type { CataloguedStream } from '../streams/stream.js';
import { coverageOf, coveredBy, tailsOf } from './covering.js';
import { regime } from './regime.js';
import type { Statement } from './statement.js';

/** May a message on this stream go to this person, by this identifier? */
export interface PermissionQuestion {
  person: string | null;
  /** The identifier that the message would use; null when the channel has none or it is not known. */
  identifier: string | null;
  stream: CataloguedStream;
  /** The stream's parents, of today and of the past (`Catalogue.parents`). */
  parents: readonly Ancestor[];
  audience?: string | null;
  campaign?: string | null;
  /** Every jurisdiction that may apply (`jurisdictionsOf`). */
  jurisdictions: readonly string[];
}

export interface Permission {
  allowed: boolean;
  reason: Extract<
    (typeof permissionReasons)[number],
    'opt_in' | 'opt_out' | 'pause' | 'hold' | 'regime_opt_in' | 'regime_opt_out'
  >;
  /** The statement that decided; absent where the regime did. */
  statementId?: string;
  /** Travels with the answer, never decides it. */
  cap?: Cap;
}

/** The statements that stand for or against one message. */
export interface Standing {
  hold: Statement | null;
  /** Opt-outs and pauses that no opt-in lifts. */
  denies: Statement[];
  /** The latest opt-in that counts; null when there is none. */
  optIn: Statement | null;
  cap: Statement | null;
}

/**
 * The permission ledger's one question.
 *
 * 1. Statements of the person and of the identifier; those of a voided decision and expired ones drop out.
 * 2. A live hold on the identifier denies.
 * 3. An opt-out or pause that covers the message denies, unless a covering opt-in that counts lifts it: bound to the same
 *    subject, spoken by the person asked about, later by more than the clocks' tolerance (ties deny), and explicit if
 *    the opt-out is strong.
 * 4. Else the person's latest covering opt-in that counts allows.
 * 5. Else the regime of stream and jurisdiction decides.
 *
 * The order and the repetition of the statements do not matter; ids break what instants leave open.
 */
export function permission(
  statements: readonly Statement[],
  question: PermissionQuestion,
  now: number,
): Permission {
  return answer(standing(statements, question, now), question);
}

/** What a standing means: steps 2 to 5. */
export function answer(found: Standing, question: PermissionQuestion): Permission {
  const cap = found.cap?.cap ?? undefined;
  const withCap = (result: Permission): Permission => (cap === undefined ? result : { ...result, cap });
  if (found.hold !== null) return withCap({ allowed: false, reason: 'hold', statementId: found.hold.id });
  const deny = latest(found.denies);
  if (deny !== null) {
    const reason = deny.effect === 'pause' ? 'pause' : 'opt_out';
    return withCap({ allowed: false, reason, statementId: deny.id });
  }
  if (found.optIn !== null) return withCap({ allowed: true, reason: 'opt_in', statementId: found.optIn.id });
  return regime(question.stream, question.jurisdictions) === 'opt_in'
    ? withCap({ allowed: false, reason: 'regime_opt_in' })
    : withCap({ allowed: true, reason: 'regime_opt_out' });
}

export function standing(
  statements: readonly Statement[],
  question: PermissionQuestion,
  now: number,
): Standing {
  const coverage = coverageOf(question.stream, question.parents);
  const tails = tailsOf(question.audience, question.campaign);
  const voided = new Set<string>();
  for (const statement of statements) {
    if (statement.effect === 'void' && statement.voids !== null && isAsked(statement, question)) {
      voided.add(statement.voids);
    }
  }

  const denies: Statement[] = [];
  const optIns: Statement[] = [];
  let hold: Statement | null = null;
  let cap: Statement | null = null;
  for (const statement of statements) {
    if (statement.effect === 'void' || !isAsked(statement, question)) continue;
    if (statement.expiresAt !== null && statement.expiresAt <= now) continue;
    if (voided.has(statement.decision)) continue;
    if (statement.effect === 'hold') {
      if (statement.binds === 'identifier') hold = later(hold, statement);
      continue;
    }
    if (statement.effect === 'opt_in' && !(statement.counts && speaksFor(statement, question.person)))
      continue;
    const cover = coveredBy(coverage, statement.selector, tails);
    if (cover === undefined || cover.until <= statement.orderAt) continue;
    if (statement.effect === 'opt_in') {
      if (statement.orderAt >= cover.from) optIns.push(statement);
    } else if (statement.effect === 'cap') cap = later(cap, statement);
    else denies.push(statement);
  }
  return {
    hold,
    denies: denies.filter((deny) => !optIns.some((optIn) => lifts(optIn, deny))),
    optIn: latest(optIns),
    cap,
  };
}

/** INV-RESUB, for an opt-in and an opt-out that both cover the message. */
function lifts(optIn: Statement, deny: Statement): boolean {
  if (optIn.binds !== deny.binds || optIn.subject !== deny.subject) return false;
  if (deny.strength === 'strong' && !optIn.explicit) return false;
  return optIn.orderAt - deny.orderAt > Math.max(optIn.tolerance, deny.tolerance);
}

/** Is the statement about the person, or about the identifier that the message would use? */
function isAsked(statement: Statement, question: PermissionQuestion): boolean {
  return statement.binds === 'person'
    ? question.person !== null && statement.subject === question.person
    : question.identifier !== null && statement.subject === question.identifier;
}

/** Consent does not pass to the next owner of an address: an opt-in on an identifier counts for its speaker alone. */
function speaksFor(optIn: Statement, person: string | null): boolean {
  return person !== null && (optIn.binds === 'person' || optIn.person === person);
}

function latest(statements: readonly Statement[]): Statement | null {
  let found: Statement | null = null;
  for (const statement of statements) found = later(found, statement);
  return found;
}

function later(a: Statement | null, b: Statement): Statement {
  if (a === null || b.orderAt > a.orderAt) return b;
  return b.orderAt === a.orderAt && b.id > a.id ? b : a;
}
