import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import { type FieldError, InvalidInputError, UnsupportedMediaError } from './errors.js';
import { fieldName } from './field-name.js';

/** One fault as zod tells it; `errors` are those of each choice of a union. */
export interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly code?: string;
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly Issue[])[];
}

/** Enough to mend a request by; a body of 100,000 wrong rows must not be answered with as many lines. */
const mostErrors = 100;

/** Checks `@Body({ schema })`, `@Query({ schema })` and `@Param('id', { schema })` and names each wrong field. */
export class ContractPipe extends StandardSchemaValidationPipe {
  override async transform<Value>(value: Value, metadata: ArgumentMetadata): Promise<Value> {
    const { schema, type, data } = metadata;
    if (!schema || !this.toValidate(metadata)) return value;
    if (type === 'body' && Buffer.isBuffer(value)) throw new UnsupportedMediaError('Send application/json.');
    const result = await this.validate<Value>(value, schema);
    if (result.issues === undefined) return result.value;
    const root = typeof data === 'string' && data !== '' ? data : type;
    throw new InvalidInputError(
      'Some fields cannot be used.',
      fieldErrors(result.issues as readonly Issue[], root),
    );
  }
}

/** @param root what to name when the whole is wrong, such as `body` */
export function fieldErrors(issues: readonly Issue[], root: string): FieldError[] {
  return issues
    .flatMap((issue) => faults(issue, []))
    .slice(0, mostErrors)
    .map(({ path, reason }) => ({
      field: fieldName(path, root),
      reason,
    }));
}

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly reason: string;
}

function faults(issue: Issue, before: readonly PropertyKey[]): Fault[] {
  const path = [...before, ...(issue.path ?? []).map((step) => (typeof step === 'object' ? step.key : step))];
  if (issue.code === 'unrecognized_keys' && issue.keys !== undefined) {
    return issue.keys
      .slice(0, mostErrors)
      .map((key) => ({ path: [...path, key], reason: 'is not a known field' }));
  }
  if (issue.code !== 'invalid_union' || issue.errors === undefined || issue.errors.length === 0) {
    return [{ path, reason: issue.message }];
  }
  // Whoever sent an array meant the choice that is an array: the choice whose faults lie deepest was meant.
  const choices = issue.errors.map((errors) => errors.flatMap((error) => faults(error, path)));
  const depth = (choice: readonly Fault[]): number => Math.max(...choice.map((fault) => fault.path.length));
  const deepest = Math.max(...choices.map(depth));
  if (deepest > path.length) return choices.find((choice) => depth(choice) === deepest) ?? [];
  return [{ path, reason: [...new Set(choices.flat().map(({ reason }) => reason))].join(', or ') }];
}
