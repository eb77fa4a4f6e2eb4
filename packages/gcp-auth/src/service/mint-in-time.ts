import { DecantError, isDecantError, type Token } from "@decant/core";

/** Gets a token that lives for longer than `minTtlMs`. */
export type Mint = (minTtlMs: number, signal: AbortSignal) => Promise<Token>;

/** What minting needs of the outside. */
export interface MintEffects {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Ends all minting. */
  readonly signal: AbortSignal;
}

/** With less than this, a token is of no use: `expires_in` would be 0. */
export const leastMs = 1_000;
/** Whatever a server says of the life of a token, Google gives none a longer one. */
const longestMs = 12 * 3_600_000;
const timeoutMs = 60_000;

/**
 * Gets a token, within a minute, whatever the provider does. Where there is none that lives as long
 * as asked, it takes what there is.
 *
 * @returns The token, and how long it may be counted on, in milliseconds.
 */
export async function mintInTime(
  mint: Mint,
  { minTtlMs, now, sleep, signal }: MintEffects & { readonly minTtlMs: number },
): Promise<{ readonly token: Token; readonly life: number }> {
  signal.throwIfAborted();
  const landed = new AbortController();
  const tooLate = new AbortController();
  const ended = AbortSignal.any([signal, tooLate.signal]);
  const timer = sleep(timeoutMs, AbortSignal.any([signal, landed.signal])).then(() => {
    const error = timeoutError();
    tooLate.abort(error);
    throw error;
  });
  try {
    const token = await Promise.race([mintAtAll(mint, minTtlMs, ended), timer]);
    return { token, life: lifeOf(token, now()) };
  } finally {
    landed.abort();
  }
}

/** An upstream may hand on tokens of its own cache: what it has is better than nothing. */
async function mintAtAll(mint: Mint, minTtlMs: number, signal: AbortSignal): Promise<Token> {
  try {
    return await mint(minTtlMs, signal);
  } catch (error) {
    if (isDecantError(error) && error.code === "GCP_TTL_UNMET") return mint(0, signal);
    throw error;
  }
}

/** How long a token may be counted on, in milliseconds. One that does not end is asked for again. */
function lifeOf({ expiresAt }: Token, now: number): number {
  const life = expiresAt === undefined ? longestMs : expiresAt.getTime() - now;
  if (life >= leastMs) return Math.min(life, longestMs);
  throw new DecantError(
    "GCP_SERVICE_TOKEN_DEAD",
    "Cannot serve the token that was got: it has already ended",
    { kind: "credentials", hint: "Check the clock of this machine.", retryable: true },
  );
}

function timeoutError(): DecantError {
  return new DecantError(
    "GCP_SERVICE_TIMEOUT",
    `Cannot get a token: no answer within ${timeoutMs / 1_000} s`,
    { kind: "credentials", hint: "Ask again; the network may be slow.", retryable: true },
  );
}
