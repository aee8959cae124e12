/** What can go wrong in words of the domain. `problem.filter.ts` alone knows what HTTP makes of it. */

export interface FieldError {
  /** Path of the field, such as `subscribers[3].email`; `body` for the whole. */
  readonly field: string;
  readonly reason: string;
}

/** What was sent cannot be used. Each field that is wrong is named; no value is quoted. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';

  constructor(
    message: string,
    readonly errors: readonly FieldError[] = [],
  ) {
    super(message);
  }

  /** One field and its reason. */
  static field(field: string, reason: string): InvalidInputError {
    return new InvalidInputError(`${field} ${reason}`, [{ field, reason }]);
  }
}

/** @example new NotFoundError('No such stream') */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
}

/** The request was understood but the present state forbids it. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** Too much at once. Nothing of the request was taken. */
export class BusyError extends Error {
  override readonly name = 'BusyError';

  /** @param retryAfterSeconds whole seconds, at least 1 */
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(message);
  }
}

/** Nobody we know: no key, a wrong or revoked one, no session. */
export class UnauthenticatedError extends Error {
  override readonly name = 'UnauthenticatedError';
}

/** Known, but not allowed. The message names the missing scope. */
export class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError';
}

export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** The body is of a kind that this route cannot read. */
export class UnsupportedMediaError extends Error {
  override readonly name = 'UnsupportedMediaError';
}

/** A call that is not the provider's own: no signature, or one that does not fit. Nothing of it was taken. */
export class NotGenuineError extends Error {
  override readonly name = 'NotGenuineError';

  /** @param status by which this provider knows that trying again does not help */
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}
