import {
  type Catalogue,
  checkCondition,
  compile,
  compileTrace,
  FactLayout,
  type Fault,
  type Group,
  leavesOf,
  readableText,
  type Facts as Slots,
  type Trace,
  type TracedLeaf,
} from '../conditions/index.js';
import type { Rule } from '../contract/rules.js';
import { canonicalSelector } from '../contract/selectors.js';
import type { Facts, MissingFacts, OptOutRequest, RuleMatch, RuleSet } from '../opt-outs/request.js';
import { needsOf } from '../segments/person-facts.js';
import { streamAt, streamByKey } from '../streams/catalogue-index.js';
import type { CataloguedStream } from '../streams/stream.js';
import { requestFact } from './request-facts.js';
import { type AnsweredMessage, scopeSelectors, scopeText } from './rule-scope.js';

/** A rule whose condition was read. */
export interface ReadRule {
  rule: Rule;
  condition: Group;
  /** The condition in one line. */
  text: string;
}

export type ReadRules =
  | { ok: true; rules: readonly ReadRule[] }
  /** Each with the path of the fault: `rules[2].when.rules[0].value`. */
  | { ok: false; faults: readonly Fault[] };

/** Reads the enabled rules of a set in the order in which they are looked at: by priority, then by id. */
export function readRules(rules: readonly Rule[], catalogue: Catalogue): ReadRules {
  const faults: Fault[] = [];
  const read: ReadRule[] = [];
  const ids = new Set<string>();
  for (const [index, rule] of rules.entries()) {
    if (ids.has(rule.id)) faults.push({ path: `rules[${index}].id`, reason: 'is the id of another rule' });
    ids.add(rule.id);
    const checked = checkCondition(rule.when, catalogue, 'decision', ['rules', index, 'when']);
    if (!checked.ok) faults.push(...checked.faults);
    else if (rule.enabled)
      read.push({ rule, condition: checked.condition, text: readableText(checked.condition) });
  }
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, rules: read.sort(inOrder) };
}

const inOrder = (a: ReadRule, b: ReadRule): number =>
  a.rule.priority - b.rule.priority || (a.rule.id < b.rule.id ? -1 : 1);

/** The rule set of one version, ready to be asked. */
export interface CompiledRules extends RuleSet {
  /** What has to be gathered for its conditions. */
  readonly layout: FactLayout;
  /** Which leaf found what, for one rule. */
  explain(rule: string, request: OptOutRequest, facts: Facts): Trace | null;
}

/** @param id of the version: stands in every decision that it makes */
export function compileRules(id: string, rules: readonly ReadRule[]): CompiledRules {
  const layout = new FactLayout();
  const compiled = rules.map(({ rule, condition, text }) => ({
    rule,
    text,
    needs: factsOf(condition),
    holds: compile(condition, layout),
    trace: compileTrace(condition, layout),
  }));
  // The facts of one request serve all rules of the set.
  const gathered = new WeakMap<Facts, { request: OptOutRequest; slots: Slots; message: AnsweredMessage }>();
  const gather = (request: OptOutRequest, facts: Facts) => {
    const known = gathered.get(facts);
    if (known !== undefined && known.request === request) return known;
    const stream = streamOf(request, facts);
    const fresh = {
      request,
      slots: layout.read((field) => requestFact({ request, facts, stream }, field)),
      message: messageOf(request, stream),
    };
    gathered.set(facts, fresh);
    return fresh;
  };
  return {
    id,
    layout,
    rules: compiled.map(({ rule, text, needs, holds, trace }) => ({
      id: rule.id,
      evaluate(request, facts): RuleMatch | null {
        if (facts.missing !== undefined && lacks(needs, facts.missing)) throw new FactsMissingError();
        const { slots, message } = gather(request, facts);
        if (!holds(slots, request.receivedAt)) return null;
        const { scope, offers, tag } = rule.then;
        return {
          selectors: scopeSelectors(scope, message).map(canonicalSelector),
          detail: `${scopeText(scope)}, because ${because(trace(slots, request.receivedAt).leaves, text)}`,
          offers: offers ?? null,
          // An older release took what the engine does not, and no opt-out may be lost to that.
          tag: (tag ?? '').toWellFormed(),
        };
      },
    })),
    explain(rule, request, facts) {
      const found = compiled.find((one) => one.rule.id === rule);
      return found === undefined ? null : found.trace(gather(request, facts).slots, request.receivedAt);
    },
  };
}

/** What a rule asks was not to be had in time: deciding as if the person had no such fact would be a guess. */
class FactsMissingError extends Error {
  override readonly name = 'FactsMissing';
}

const ofRequest = ['message', 'request', 'consent'];

function factsOf(condition: Group): MissingFacts {
  const fields = leavesOf(condition).map(({ field }) => field);
  const isPerson = fields.some(({ field }) => !ofRequest.includes(field.id.split('.', 1)[0] ?? ''));
  return { ...needsOf(fields), person: isPerson };
}

const lacks = (needs: MissingFacts, missing: MissingFacts): boolean =>
  (needs.windows && missing.windows) ||
  (needs.memberships && missing.memberships) ||
  (needs.risks && missing.risks) ||
  (needs.person && missing.person);

/** The leaves that held and with which value; the whole condition where none had to. */
function because(leaves: readonly TracedLeaf[], text: string): string {
  const held = leaves.filter((leaf) => leaf.held);
  if (held.length === 0) return text === '' ? 'it always holds' : text;
  return held.map(({ field, fact }) => `${field} is ${JSON.stringify(fact)}`).join(', ');
}

function streamOf(request: OptOutRequest, facts: Facts): CataloguedStream | null {
  const { channel, category, origin } = request;
  if (category !== null && origin !== null) return streamAt(facts.streams, channel, category, origin);
  const named = facts.deliveries.find(
    (one) => one.messageId === request.messageId && one.channel === channel && request.messageId !== null,
  );
  return named === undefined ? null : streamByKey(facts.streams, named.stream);
}

function messageOf(request: OptOutRequest, stream: CataloguedStream | null): AnsweredMessage {
  return {
    channel: request.channel,
    category: stream?.category ?? request.category,
    origin: stream?.origin ?? request.origin,
    audience: request.audience,
    brand: stream?.brand ?? null,
  };
}
