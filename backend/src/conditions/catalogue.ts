import {
  type ConditionCatalogue,
  type ConditionField,
  conditionFieldId,
  type FieldChoice,
  type FieldParameter,
  fieldParameters,
} from '../contract/condition-fields.js';
import { quoted } from './quoted.js';

/** A field as a leaf asks for it, its parameter read. */
export interface AskedField {
  /** Canonical: two leaves that ask the same have the same id. */
  readonly id: string;
  readonly field: ConditionField;
  readonly parameter: { readonly name: FieldParameter; readonly value: string } | null;
  /** `opens in 30 days of stream promotions`; no two fields have the same. */
  readonly title: string;
}

/** Finds fields by the ids that conditions name, and says why one cannot be found. */
export class Catalogue {
  readonly #fields: ReadonlyMap<string, ConditionField>;
  readonly #parameters: Readonly<Record<FieldParameter, ReadonlyMap<string, FieldChoice>>>;
  readonly #choices = new Map<ConditionField, ReadonlySet<string>>();

  /** @throws Error if two fields have one id */
  constructor(readonly entries: ConditionCatalogue) {
    this.#fields = new Map(entries.fields.map((field) => [field.id, field]));
    if (this.#fields.size !== entries.fields.length)
      throw new Error('Two fields of the catalogue have one id');
    const { stream, category, channel } = entries.parameters;
    this.#parameters = { stream: byValue(stream), category: byValue(category), channel: byValue(channel) };
  }

  /** @returns the reason, to follow the path of the field, if it cannot be asked */
  find(id: string): AskedField | string {
    // Exact ids first: the name of an attribute may itself end in [stream=…].
    const plain = this.#fields.get(id);
    if (plain !== undefined) {
      if (!plain.parameter_required) return { id, field: plain, parameter: null, title: plain.title };
      return `needs one of ${plain.parameters.map((name) => `[${name}=…]`).join(', ')}`;
    }
    const [, base = '', name = '', encoded = ''] = /^(.*)\[(\w+)=([^[\]]*)\]$/s.exec(id) ?? [];
    const field = this.#fields.get(base);
    if (field === undefined) return 'is not a field of the catalogue';
    const parameter = fieldParameters.find((each) => each === name);
    if (parameter === undefined || !field.parameters.includes(parameter)) {
      return field.parameters.length === 0
        ? 'takes no parameter'
        : `takes ${field.parameters.join(' or ')}, and no other parameter`;
    }
    const choice = this.#parameters[parameter].get(decoded(encoded));
    if (choice === undefined) return `names a ${parameter} that is not known`;
    return {
      id: conditionFieldId(base, parameter, choice.value),
      field,
      parameter: { name: parameter, value: choice.value },
      title: `${field.title} of ${parameter} ${quoted(choice.value)}`,
    };
  }

  /** Whether well-formed text can be a value of the field. */
  allows(field: ConditionField, value: string): boolean {
    if (field.choices === null) return true;
    let choices = this.#choices.get(field);
    if (choices === undefined) {
      choices = new Set(field.choices.map((choice) => choice.value.toWellFormed()));
      this.#choices.set(field, choices);
    }
    return choices.has(value);
  }
}

function byValue(choices: readonly FieldChoice[]): ReadonlyMap<string, FieldChoice> {
  return new Map(choices.map((choice) => [choice.value.toWellFormed(), choice]));
}

/** What cannot be decoded names nothing: '' is no stream, category or channel. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
