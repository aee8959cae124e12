import { type ConditionField, type FieldChoice, operatorsOf } from '../contract/condition-fields.js';

/** What a field says that is not the same of most. */
export type Given = Pick<ConditionField, 'id' | 'type' | 'title' | 'description'> &
  Partial<Omit<ConditionField, 'operators'>>;

/** Group by the id, missing unless it is said never to be, known everywhere. */
export function field(given: Given): ConditionField {
  const mayBeMissing = given.may_be_missing ?? true;
  return {
    unit: null,
    group: given.id.split('.', 1)[0] ?? '',
    used_in: ['decision', 'sweep'],
    choices: null,
    parameters: [],
    parameter_required: false,
    widens_only: false,
    ...given,
    may_be_missing: mayBeMissing,
    operators: operatorsOf(given.type).filter(
      (operator) => mayBeMissing || (operator !== 'null' && operator !== 'notNull'),
    ),
  };
}

/** A closed vocabulary, titled by its own words. */
export function closed(values: readonly string[]): FieldChoice[] {
  return values.map((value) => ({ value, title: value.replaceAll('_', ' ') }));
}
