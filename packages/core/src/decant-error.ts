/**
 * Whose move it is after an error:
 *
 * - `usage`: an option, a file or a state file is wrong; nothing was done
 * - `credentials`: missing or refused
 * - `source`: the service that is read from
 * - `sink`: the output
 * - `verify`: an output that is not what its manifest says
 */
export type ErrorKind = "usage" | "credentials" | "source" | "sink" | "verify";

/** What a {@linkcode DecantError} carries besides code and message. */
export interface DecantErrorOptions {
  readonly kind: ErrorKind;
  /** What to do next, as a sentence. */
  readonly hint?: string;
  /** Whether the same call may succeed later. @default {false} */
  readonly retryable?: boolean;
  /** How long to wait before that, in milliseconds, where the server said so. */
  readonly retryAfterMs?: number;
  /** The error behind it. It must hold no header and no body with a secret. */
  readonly cause?: unknown;
}

const mark = Symbol.for("decant.error");

/**
 * The error that every package of decant throws. Tell errors apart by `code`, which is stable;
 * messages are for people.
 *
 * @example
 * ```ts
 * import { DecantError } from "@decant/core";
 *
 * throw new DecantError("OUTPUT_EXISTS", 'Cannot write "events.json": it exists', {
 *   kind: "usage",
 *   hint: "Choose another name, or replace it with --force.",
 * });
 * ```
 */
export class DecantError extends Error {
  override readonly name = "DecantError";
  readonly code: string;
  readonly kind: ErrorKind;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly [mark] = true;

  /**
   * @param code Upper case with underscores, such as `STATE_MISMATCH`.
   * @param message What could not be done, the value in quotes, and the state after a colon.
   * @param options The kind of error, and what is known besides.
   */
  constructor(code: string, message: string, options: DecantErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.kind = options.kind;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * Tells whether a value is a {@linkcode DecantError}, also one of another copy of this package: a
 * plugin that a user installed brings its own.
 *
 * @param value Anything, such as what a `catch` caught.
 * @returns Whether it has the fields of a `DecantError`.
 *
 * @example
 * ```ts
 * import { isDecantError } from "@decant/core";
 *
 * function mayRetry(error: unknown): boolean {
 *   return isDecantError(error) && error.retryable;
 * }
 * ```
 */
export function isDecantError(value: unknown): value is DecantError {
  return value instanceof Error && mark in value;
}
