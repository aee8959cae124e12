import type { FieldType } from '../contract/condition-fields.js';
import type { AskedField } from './catalogue.js';
import { isWithinReach } from './instant.js';

/** A fact as a condition reads it; null is missing. Instants are milliseconds since the epoch. */
export type Fact = string | number | boolean | ReadonlySet<string> | null;

/** The facts of one evaluation, each in the slot that the layout gave its field. */
export type Facts = readonly Fact[];

/**
 * Gives each field that conditions ask for a slot, so that evaluating looks nothing up by name. One layout serves all
 * conditions that are asked of the same facts; `fields` says what has to be gathered for them.
 */
export class FactLayout {
  readonly #slots = new Map<string, number>();
  readonly #fields: AskedField[] = [];

  get fields(): readonly AskedField[] {
    return this.#fields;
  }

  slotOf(field: AskedField): number {
    let slot = this.#slots.get(field.id);
    if (slot === undefined) {
      slot = this.#fields.push(field) - 1;
      this.#slots.set(field.id, slot);
    }
    return slot;
  }

  /** Read after all conditions are compiled. What `factOf` answers is believed only if it is of the field's type. */
  read(factOf: (field: AskedField) => unknown): Facts {
    return this.#fields.map((field) => readFact(field.field.type, factOf(field)));
  }
}

/**
 * The fact, or missing where it is not of the type, no finite number, or an instant that the engine could not hold.
 * Half a surrogate pair counts as U+FFFD, which is what any UTF-8 makes of it.
 */
export function readFact(type: FieldType, value: unknown): Fact {
  switch (type) {
    case 'text':
    case 'choice':
      return typeof value === 'string' ? value.toWellFormed() : null;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'instant':
      return isInstant(value) ? value : null;
    case 'set':
      return isTexts(value) ? new Set(value.map((member) => member.toWellFormed())) : null;
  }
}

function isInstant(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && isWithinReach(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((member) => typeof member === 'string');
}
