import {
  type AskedField,
  type Catalogue,
  checkCondition,
  compile,
  FactLayout,
  type Fault,
  type Group,
  leavesOf,
  type Predicate,
} from '../conditions/index.js';
import type { DefinedSegment } from './definition.js';
import { type FactNeeds, needsOf, type PersonSnapshot, personFact } from './person-facts.js';
import { mentionedSegments, orderedByUse } from './references.js';

export interface CompiledSegment {
  readonly key: string;
  readonly version: number;
  readonly condition: Group;
  readonly holds: Predicate;
  /** Defined segments that it uses. */
  readonly uses: readonly string[];
}

/** All active segments, compiled. Never changed: a definition makes a new set. */
export class SegmentSet {
  readonly #layout = new FactLayout();
  /** Each behind those it uses. */
  readonly segments: readonly CompiledSegment[];
  readonly byKey: ReadonlyMap<string, CompiledSegment>;
  /** Those that cannot be compiled any more: nobody enters or leaves them. */
  readonly broken: ReadonlyMap<string, readonly Fault[]>;
  readonly needs: FactNeeds;
  readonly #segmentSlot: number | null;

  /** @param catalogue knows every segment, built-in and attribute that the conditions mention */
  constructor(definitions: readonly DefinedSegment[], catalogue: Catalogue) {
    const known = new Map(definitions.map((one) => [one.key, one]));
    const uses = new Map(
      definitions.map(({ key, condition }) => [
        key,
        mentionedSegments(condition).filter((name) => known.has(name)),
      ]),
    );
    const sorted = orderedByUse(uses);
    const broken = new Map<string, readonly Fault[]>();
    const segments: CompiledSegment[] = [];
    for (const key of 'order' in sorted ? sorted.order : uses.keys()) {
      const definition = known.get(key);
      if (definition === undefined) continue;
      const checked = checkCondition(definition.condition, catalogue, 'sweep', ['condition']);
      const used = uses.get(key) ?? [];
      const isLost = 'cycle' in sorted || used.some((name) => broken.has(name));
      if (!checked.ok || isLost) {
        broken.set(
          key,
          checked.ok ? [{ path: 'condition', reason: 'uses a segment that is broken' }] : checked.faults,
        );
        continue;
      }
      const { condition } = checked;
      const holds = compile(condition, this.#layout);
      segments.push({ key, version: definition.version, condition, holds, uses: used });
    }
    this.segments = segments;
    this.byKey = new Map(segments.map((one) => [one.key, one]));
    this.broken = broken;
    const fields = this.#layout.fields;
    // What they are in is what changes are counted against.
    this.needs = { ...needsOf(fields), memberships: segments.length > 0 };
    const segmentField = fields.find(({ field }) => field.id === 'segment');
    this.#segmentSlot = segmentField === undefined ? null : this.#layout.slotOf(segmentField);
  }

  get fields(): readonly AskedField[] {
    return this.#layout.fields;
  }

  get isEmpty(): boolean {
    return this.segments.length === 0;
  }

  /** Does any segment, or what it uses, ask for this? */
  asks(test: (field: AskedField, leafMembers: readonly string[]) => boolean): boolean {
    return this.segments.some(({ condition }) =>
      leavesOf(condition).some(({ field, test: leaf }) => {
        const members = leaf.kind === 'has' ? [leaf.member] : leaf.kind === 'has_one_of' ? leaf.members : [];
        return test(field, members);
      }),
    );
  }

  /**
   * The defined segments a person belongs to.
   * @param snapshot whose `segments` are the built-in ones; the defined ones are found here, each after those it uses
   */
  evaluate(snapshot: PersonSnapshot, builtIn: Iterable<string>): Set<string> {
    const inside = new Set(builtIn);
    const facts = [...this.#layout.read((field) => personFact(snapshot, field))];
    if (this.#segmentSlot !== null) facts[this.#segmentSlot] = inside;
    const found = new Set<string>();
    for (const { key, holds } of this.segments) {
      if (!holds(facts, snapshot.now)) continue;
      found.add(key);
      inside.add(key);
    }
    return found;
  }
}

/** What changed between what the ledger says and what is. */
export interface MembershipChange {
  readonly key: string;
  readonly version: number;
  readonly edge: 'entered' | 'left';
}

/**
 * @param known versions by key, as the ledger has them; those of archived segments leave
 * @param versionOf of a segment that is left and no longer active
 */
export function changesBetween(
  known: ReadonlyMap<string, number>,
  inside: ReadonlySet<string>,
  set: SegmentSet,
): MembershipChange[] {
  const changes: MembershipChange[] = [];
  for (const [key, version] of known) {
    if (inside.has(key) || set.broken.has(key)) continue;
    changes.push({ key, version: set.byKey.get(key)?.version ?? version, edge: 'left' });
  }
  for (const key of inside) {
    if (known.has(key)) continue;
    changes.push({ key, version: set.byKey.get(key)?.version ?? 0, edge: 'entered' });
  }
  return changes.sort((a, b) => (a.key < b.key ? -1 : 1));
}
