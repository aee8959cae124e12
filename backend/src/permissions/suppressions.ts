import { canonicalSelector, parseSelector, type Selector, selectorKeys } from '../contract/selectors.js';
import { channels, type StreamClass } from '../contract/vocabulary.js';
import type { Catalogue } from '../streams/catalogue.js';
import type { Ancestor } from '../streams/lineage.js';
import type { CataloguedStream } from '../streams/stream.js';
import { identifierKind } from '../subscribers/named-identifiers.js';
import { coverageOf, coveredBy, tailsOf } from './covering.js';
import { standing } from './permission.js';
import type { Statement } from './statement.js';

/** Whose ledger is read. `kind` of an identifier that no profile ever had is null: then it may be any. */
export type SuppressionSubject =
  | { person: string; identifier: null; kind: null }
  | { person: string | null; identifier: string; kind: string | null };

interface Message {
  stream: CataloguedStream;
  parents: readonly Ancestor[];
  audience: string | null;
  campaign: string | null;
}

/** No name that a sender may choose: what stands for "any other". */
const other = '\u0000other';
const nonEssential: readonly StreamClass[] = ['commercial', 'informational', 'profiling'];

/**
 * Which statements keep some message from somebody. There is one definition of what stands, `standing`: a statement is
 * listed if it denies there for a catalogued stream that the filter means, or for a message beyond the catalogue that
 * the statement speaks about and nothing narrower names.
 */
export class Suppressions {
  readonly #messages = new Map<string, Message[]>();

  /** @param filter which messages are meant: each key that is present must match */
  constructor(
    private readonly filter: Selector,
    private readonly catalogue: Catalogue,
  ) {}

  /** Of one subject's ledger, by id: the opt-outs and pauses that no opt-in lifts, and the latest hold. */
  standing(statements: readonly Statement[], subject: SuppressionSubject, now: number): Statement[] {
    return statements
      .filter((one) => denies(one) && this.#stands(one, statements, subject, now))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  #stands(
    one: Statement,
    statements: readonly Statement[],
    { person, identifier, kind }: SuppressionSubject,
    now: number,
  ): boolean {
    return this.#messagesOf(one, kind).some((message) => {
      const found = standing(statements, { ...message, person, identifier, jurisdictions: [] }, now);
      return found.hold?.id === one.id || found.denies.some(({ id }) => id === one.id);
    });
  }

  /** The messages by which a statement shows whether it stands. The same for all that say the same. */
  #messagesOf({ selector, effect }: Statement, kind: string | null): Message[] {
    const key = `${effect === 'hold'} ${kind} ${selector}`;
    const known = this.#messages.get(key);
    if (known !== undefined) return known;
    // A hold is about the address, whatever is sent there.
    const said = effect === 'hold' ? {} : parseSelector(selector);
    const audience = this.filter.audience ?? said.audience ?? null;
    const campaign = this.filter.campaign ?? said.campaign ?? null;
    const streams = [...this.#others(said), ...this.catalogue.streams.filter((one) => this.#isMeant(one))];
    const messages = streams
      .filter(({ channel }) => kind === null || identifierKind[channel] === kind)
      .map((stream) => ({ stream, parents: this.catalogue.parents(stream), audience, campaign }))
      .filter((message) => effect === 'hold' || isCovered(selector, message));
    this.#messages.set(key, messages);
    return messages;
  }

  /** Streams that are in no catalogue: what the statement and the filter name, and `other` for what both leave open. */
  #others(said: Selector): CataloguedStream[] {
    const both = { ...said, ...this.filter };
    if (selectorKeys.some((key) => said[key] !== undefined && said[key] !== both[key])) return [];
    const { category = other, origin = other, brand = other } = both;
    return (both.channel === undefined ? channels : [both.channel])
      .filter((channel) => this.catalogue.find(channel, category, origin) === undefined)
      .flatMap((channel) =>
        (both.class === undefined ? nonEssential : [both.class]).map(
          (value): CataloguedStream => ({
            key: `${other} ${canonicalSelector(both)}`,
            version: 0,
            channel,
            category,
            origin,
            class: value,
            brand,
            classes: [],
            brands: [],
            listId: null,
            title: '',
            allOptionShown: false,
            legalBasis: null,
            regime: null,
            markets: [],
            parent: null,
            parents: [],
            reviewed: false,
          }),
        ),
      );
  }

  #isMeant(stream: CataloguedStream): boolean {
    return (['class', 'brand', 'channel', 'category', 'origin'] as const).every(
      (key) => this.filter[key] === undefined || this.filter[key] === stream[key],
    );
  }
}

const denies = ({ effect }: Statement): boolean =>
  effect === 'opt_out' || effect === 'pause' || effect === 'hold';

const isCovered = (selector: string, { stream, parents, audience, campaign }: Message): boolean =>
  coveredBy(coverageOf(stream, parents), selector, tailsOf(audience, campaign)) !== undefined;
