import type { DecantError } from "@decant/core";

/** What is known of a failed try besides its error. */
export interface FailedTryOptions {
  /** A few words of why. */
  readonly reason: string;
  /** How long the server asks to wait, in milliseconds. */
  readonly waitMs?: number | undefined;
  /** Whether the server has had too much of us, so that all at the gate should wait. */
  readonly throttled?: boolean;
}

/** Carries a failure from the try to where another one is decided on. */
export class FailedTry extends Error {
  readonly error: DecantError;
  readonly reason: string;
  readonly waitMs: number | undefined;
  readonly throttled: boolean;

  constructor(error: DecantError, options: FailedTryOptions) {
    super(options.reason);
    this.error = error;
    this.reason = options.reason;
    this.waitMs = options.waitMs;
    this.throttled = options.throttled ?? false;
  }
}
