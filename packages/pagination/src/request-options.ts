import type { DecantError } from "@decant/core";
import type { Gate } from "./create-gate.ts";

/** What is known of an answer besides its body. */
export interface ResponseHead {
  readonly status: number;
  /** The address that was asked for. */
  readonly url: string;
  readonly headers: Headers;
}

/** An answer that is no page, as {@linkcode RequestOptions.explain} sees it. */
export interface FailedResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The first 8 KiB of the body as text. It comes from the server: do not trust it. */
  readonly body: string;
}

/** A wait before another try. */
export interface RetryEvent {
  /** Which try comes after the wait: 2 for the first retry. */
  readonly attempt: number;
  /** How long the wait is, in milliseconds. */
  readonly delayMs: number;
  /** A few words, such as `status 502`. */
  readonly reason: string;
  /** Whether all who queue at the same gate wait: the server asked for it, or has had too much. */
  readonly pausesGate: boolean;
}

/** How often and how patiently a request is tried again. */
export interface RetryOptions {
  /** How many tries may follow the first. @default {8} */
  readonly retries?: number;
  /** The wait before the second try, in milliseconds. It doubles from try to try. @default {500} */
  readonly minDelayMs?: number;
  /** The longest wait of our own choosing, in milliseconds; a server may ask for a longer one. @default {30_000} */
  readonly maxDelayMs?: number;
  /** How long one request may wait in all, in milliseconds; its tries do not count. @default {600_000} */
  readonly budgetMs?: number;
  /** A number from 0 up to 1, which spreads the waits of many clients. @default {Math.random} */
  random?(): number;
  /** Waits. It rejects with the signal's reason once that is aborted. */
  sleep?(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What is asked for, how the answer is read, and what happens when it fails. */
export interface RequestOptions<T> {
  /** An http or https address without a user name or password in it. */
  readonly url: string | URL;
  /** Sent with each try, to the origin of `url` alone. */
  readonly headers?: HeadersInit;
  /**
   * Reads the whole body. A `SyntaxError` or `TypeError`, which is what `JSON.parse()` and
   * `TextDecoder` throw, means that the body was cut off or malformed: the request is tried again, as
   * often as `retry.retries` says, and in the end fails with `PAGE_MALFORMED`. A `DecantError` is
   * tried again only where it is `retryable`. Any other error is thrown at once, as it is.
   */
  parse(body: Uint8Array, response: ResponseHead): T;
  /** @default {globalThis.fetch} */
  readonly fetch?: typeof globalThis.fetch;
  /** Ends every wait and every transfer, with the signal's reason. */
  readonly signal?: AbortSignal;
  /** The present, in milliseconds since 1970. @default {Date.now} */
  now?(): number;
  /** Where to queue together with other requests. A wait that the server asks for holds them all. */
  readonly gate?: Pick<Gate, "run" | "pauseUntil">;
  readonly retry?: RetryOptions;
  /** The largest body that is read, in bytes. @default {67_108_864} */
  readonly maxBytes?: number;
  /** How long one try may take, headers and body, in milliseconds. @default {60_000} */
  readonly timeoutMs?: number;
  /**
   * Puts an answer that is no page into better words: any status but 2xx, and HTML of any status.
   * The error's `retryable` and `retryAfterMs` count, not the status. `undefined` leaves the answer
   * to the general rules.
   */
  explain?(failure: FailedResponse): DecantError | undefined;
  /** Hears of each wait before another try. */
  onRetry?(event: RetryEvent): void;
}
