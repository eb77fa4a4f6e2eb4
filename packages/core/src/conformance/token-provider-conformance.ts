import assert from "node:assert/strict";
import { type DecantError, isDecantError } from "../decant-error.ts";
import type { Token, TokenProvider } from "../token-provider.ts";
import type { TestFunction } from "./test-function.ts";

/** What {@linkcode tokenProviderConformance} needs of a provider's author. */
export interface TokenProviderConformanceOptions {
  readonly test: TestFunction;
  /** Makes a provider that has handed out nothing yet. */
  open(): Promise<TokenProvider>;
  /** Makes a provider whose credentials will be refused. */
  broken(): Promise<TokenProvider>;
  /**
   * All that no error may show, such as a private key: asked for after an error. At least one, and
   * each line of at least eight characters.
   */
  secrets(): readonly string[];
  /**
   * How many tokens the service behind the provider has made so far. Given: calls at the same time
   * must share one, and later calls must be served from memory.
   */
  minted?(): number;
  /** Scopes other than the default. Given: a token must be kept for its own scopes only. */
  readonly scopes?: readonly string[];
  /** The clock that the provider goes by, in milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
}

type Context = TokenProviderConformanceOptions & { now(): number };
type Check = (context: Context) => Promise<void>;

/** Longer than any token lives, in milliseconds. */
const century = 100 * 365 * 86_400_000;

/** When a token ends, in milliseconds since 1970; `NaN` where that is no Date. */
function endOf({ expiresAt }: Token): number {
  if (expiresAt === undefined) return Number.POSITIVE_INFINITY;
  const isDate = Object.prototype.toString.call(expiresAt) === "[object Date]";
  return isDate ? expiresAt.getTime() : Number.NaN;
}

function checkToken(token: Token, now: number): void {
  assert.match(token.value, /^[\x21-\x7e]+$/, "value: visible ASCII, it goes into a header");
  assert.match(token.type, /^[\w-]+$/, "type: one word, such as Bearer");
  assert.ok(endOf(token) > now, "expiresAt: a Date in the future, where it is there");
  for (const scope of token.scopes ?? []) assert.match(scope, /^\S+$/, "scopes: full names");
  if (token.principal !== undefined) assert.notEqual(token.principal, "", "principal");
}

/** What a promise rejects with. */
async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.fail("a call that cannot be met must reject");
}

/** Every text that can be reached from a value: hidden properties, causes, headers and forms too. */
function textsOf(value: unknown, seen: Set<unknown> = new Set()): string[] {
  if (typeof value === "string") return [value];
  if (value instanceof Uint8Array) return [new TextDecoder().decode(value)];
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return [];
  if (seen.has(value)) return [];
  seen.add(value);
  const entries = Symbol.iterator in value ? [...(value as Iterable<unknown>)] : [];
  const properties = Reflect.ownKeys(value).flatMap((key) => {
    try {
      return [String(key), Reflect.get(value, key)];
    } catch {
      // A getter that throws shows nothing.
      return [];
    }
  });
  return [...entries, ...properties].flatMap((part) => textsOf(part, seen));
}

function checkError(error: unknown): asserts error is DecantError {
  assert.ok(isDecantError(error), `rejects with a DecantError, not ${error}`);
  assert.equal(error.kind, "credentials", "kind");
  assert.match(error.code, /^[A-Z][A-Z0-9_]+$/, "code");
  assert.match(error.message, /^Cannot .*[^.]$/su, "message: Cannot ..., with no final period");
  assert.match(error.hint ?? "", /\S/, "hint: what to do next");
}

async function handsOutToken({ open, now }: Context): Promise<void> {
  const provider = await open();
  assert.match(provider.name, /^\S+$/, "name: one word");
  checkToken(await provider.getToken({}), now());
}

async function honoursMinTtlMs({ open, now }: Context): Promise<void> {
  const provider = await open();
  const ttlMs = endOf(await provider.getToken({})) - now();
  const minTtlMs = Math.floor(Math.min(ttlMs, century) / 2);
  const token = await provider.getToken({ minTtlMs });
  assert.ok(endOf(token) - now() >= minTtlMs, "lives for at least minTtlMs");
  try {
    const old = await provider.getToken({ minTtlMs: century });
    assert.ok(endOf(old) - now() >= century, "lives for at least minTtlMs, or is refused");
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    assert.ok(isDecantError(error), `rejects with a DecantError, not ${error}`);
  }
}

async function servesConcurrentCalls({ open, now }: Context): Promise<void> {
  const provider = await open();
  const tokens = await Promise.all(Array.from({ length: 8 }, () => provider.getToken({})));
  for (const token of tokens) {
    checkToken(token, now());
    assert.equal(token.type, tokens[0]?.type, "type: the same for all");
    assert.equal(token.principal, tokens[0]?.principal, "principal: the same for all");
  }
}

async function asksOnce({ open }: Context, minted: () => number): Promise<void> {
  const provider = await open();
  const before = minted();
  await Promise.all(Array.from({ length: 8 }, () => provider.getToken({})));
  assert.equal(minted() - before, 1, "calls at the same time share one token");
  await provider.getToken({});
  assert.equal(minted() - before, 1, "a later call is served from memory");
}

async function keepsTokensApart({ open }: Context, scopes: readonly string[]): Promise<void> {
  const provider = await open();
  const usual = await provider.getToken({});
  const other = await provider.getToken({ scopes });
  assert.notEqual(other.value, usual.value, "other scopes, another token");
  assert.deepEqual(other.scopes && [...other.scopes].sort(), [...scopes].sort(), "scopes");
}

async function keepsTokensIntact({ open, now }: Context): Promise<void> {
  const provider = await open();
  const token = await provider.getToken({});
  const before = endOf(token);
  token.expiresAt?.setTime(before + century);
  const again = await provider.getToken({});
  checkToken(again, now());
  // Another token may have come meanwhile, and live a bit longer.
  if (token.expiresAt)
    assert.ok(endOf(again) < before + century / 2, "expiresAt: a Date of its own");
}

async function honoursAbortedSignal({ open }: Context): Promise<void> {
  const provider = await open();
  const reason = new Error("given up before");
  const error = await rejection(provider.getToken({ signal: AbortSignal.abort(reason) }));
  assert.equal(error, reason, "rejects with the signal's reason");
}

async function honoursSignalOfOneCall({ open, now }: Context): Promise<void> {
  const provider = await open();
  const controller = new AbortController();
  const reason = new Error("given up meanwhile");
  const first = provider.getToken({ signal: controller.signal }).then(
    (token) => checkToken(token, now()),
    (error: unknown) => assert.equal(error, reason, "rejects with the signal's reason"),
  );
  const second = provider.getToken({});
  controller.abort(reason);
  await first;
  checkToken(await second, now());
}

async function explainsRefusal({ broken }: Context): Promise<void> {
  const provider = await broken();
  const error = await rejection(provider.getToken({}));
  checkError(error);
  assert.equal(error.retryable, false, "retryable: refused is refused");
}

async function hidesSecrets({ broken, secrets }: Context): Promise<void> {
  const provider = await broken();
  const error = await rejection(provider.getToken({}));
  const lines = secrets().flatMap((secret) => secret.split(/\s*\n\s*/));
  const hidden = lines.filter((line) => line.length >= 8 && !line.startsWith("-----"));
  assert.ok(hidden.length > 0, "secrets: at least one line of eight characters");
  const shown = textsOf(error).join("\n");
  assert.ok(!hidden.some((line) => shown.includes(line)), "an error shows a secret");
}

const checks: Readonly<Record<string, Check>> = {
  "hands out a token that is valid": handsOutToken,
  "honours minTtlMs, or says that it cannot": honoursMinTtlMs,
  "serves calls at the same time": servesConcurrentCalls,
  "does not let a caller change a kept token": keepsTokensIntact,
  "rejects with the reason of an aborted signal": honoursAbortedSignal,
  "ends one call only when its signal aborts": honoursSignalOfOneCall,
  "says why credentials are refused": explainsRefusal,
  "shows no secret in an error": hidesSecrets,
};

/**
 * Holds a token provider to the contract of {@linkcode TokenProvider}. It works with any runner
 * whose `test` takes a name and an async function: vitest, `node:test`, Bun, Deno.
 *
 * @param options The runner's `test`, and how to make providers.
 *
 * @example
 * ```ts
 * import { test } from "node:test";
 * import { DecantError, type TokenProvider } from "@decant/core";
 * import { tokenProviderConformance } from "@decant/core/conformance";
 *
 * function fixedToken(password: string): TokenProvider {
 *   return {
 *     name: "fixed",
 *     async getToken({ minTtlMs = 0, signal }) {
 *       signal?.throwIfAborted();
 *       if (password !== "open sesame" || minTtlMs > 3_600_000) {
 *         throw new DecantError("FIXED_REFUSED", "Cannot get a token: the password is wrong", {
 *           kind: "credentials",
 *           hint: "Say another password, or ask for a shorter life.",
 *         });
 *       }
 *       const expiresAt = new Date(Date.now() + 3_600_000);
 *       return { value: "abc", type: "Bearer", expiresAt };
 *     },
 *   };
 * }
 *
 * tokenProviderConformance({
 *   test,
 *   open: async () => fixedToken("open sesame"),
 *   broken: async () => fixedToken("open barley"),
 *   secrets: () => ["open barley"],
 * });
 * ```
 */
export function tokenProviderConformance(options: TokenProviderConformanceOptions): void {
  const { test, minted, scopes, now = Date.now } = options;
  const context = { ...options, now };
  const add = (name: string, check: Check) =>
    test(`tokenProviderConformance() ${name}`, () => check(context));
  for (const [name, check] of Object.entries(checks)) add(name, check);
  if (minted) add("asks the service once", () => asksOnce(context, minted));
  if (scopes)
    add("keeps tokens of different scopes apart", () => keepsTokensApart(context, scopes));
}
