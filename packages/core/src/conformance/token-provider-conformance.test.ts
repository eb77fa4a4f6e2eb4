import { expect, test } from "vitest";
import { DecantError } from "../decant-error.ts";
import type { Token, TokenProvider, TokenRequest } from "../token-provider.ts";
import {
  type TokenProviderConformanceOptions,
  tokenProviderConformance,
} from "./token-provider-conformance.ts";

const secret = "-----BEGIN PRIVATE KEY-----\nabcdefghijklmnop\n-----END PRIVATE KEY-----";
const hour = 3_600_000;
let minted = 0;

function refuse(options?: { kind?: "credentials" | "sink"; cause?: unknown; retryable?: boolean }) {
  return new DecantError("NO", "Cannot get a token: it is refused", {
    kind: "credentials",
    hint: "Ask somebody else.",
    ...options,
  });
}

/** A provider that keeps to the contract. */
function goodProvider(): TokenProvider {
  const kept = new Map<string, Promise<Token>>();

  async function mint(scopes: readonly string[]): Promise<Token> {
    minted++;
    const value = `token-${minted}`;
    await Promise.resolve();
    return { value, type: "Bearer", expiresAt: new Date(Date.now() + hour), scopes };
  }

  return {
    name: "good",
    async getToken({ scopes = ["usual"], minTtlMs = 0, signal }: TokenRequest) {
      signal?.throwIfAborted();
      if (minTtlMs > hour) throw refuse();
      const key = scopes.join(" ");
      const token = kept.get(key) ?? mint(scopes);
      kept.set(key, token);
      const { expiresAt, ...rest } = await token;
      signal?.throwIfAborted();
      return { ...rest, ...(expiresAt && { expiresAt: new Date(expiresAt) }) };
    },
  };
}

function brokenProvider(error: unknown = refuse()): TokenProvider {
  return { name: "broken", getToken: () => Promise.reject(error) };
}

const good = {
  open: async () => goodProvider(),
  broken: async () => brokenProvider(),
  secrets: () => [secret],
  minted: () => minted,
  scopes: ["other"],
};

tokenProviderConformance({ ...good, test });

/** A provider whose tokens have no end. */
function lasting(): TokenProvider {
  return {
    name: "lasting",
    async getToken({ signal }) {
      signal?.throwIfAborted();
      return { value: "for-ever", type: "Bearer" };
    },
  };
}

/** Runs the suite, and names the checks that failed. */
async function failures(
  changes: Partial<Omit<TokenProviderConformanceOptions, "test">>,
): Promise<string[]> {
  const bodies = new Map<string, () => Promise<void>>();
  tokenProviderConformance({ ...good, ...changes, test: (name, body) => bodies.set(name, body) });
  const failed: string[] = [];
  for (const [name, body] of bodies) {
    await body().catch(() => failed.push(name.replace("tokenProviderConformance() ", "")));
  }
  return failed;
}

/** The good provider with its answers changed. */
function changed(
  change: (token: Token, request: TokenRequest) => Token,
): Partial<TokenProviderConformanceOptions> {
  return {
    open: async () => {
      const provider = goodProvider();
      return {
        name: "changed",
        getToken: async (request) => change(await provider.getToken(request), request),
      };
    },
  };
}

test("tokenProviderConformance() passes a good provider", async () => {
  expect(await failures({})).toEqual([]);
});

test("tokenProviderConformance() leaves out what the author cannot say", () => {
  const names: string[] = [];
  const { open, broken, secrets } = good;
  tokenProviderConformance({ open, broken, secrets, test: (name) => names.push(name) });
  expect(names).not.toContain("tokenProviderConformance() asks the service once");
  expect(names).not.toContain("tokenProviderConformance() keeps tokens of different scopes apart");
});

test("tokenProviderConformance() finds tokens that are no tokens", async () => {
  const valid = "hands out a token that is valid";
  expect(await failures(changed((token) => ({ ...token, value: "a\nb" })))).toContain(valid);
  expect(await failures(changed((token) => ({ ...token, type: "" })))).toContain(valid);
  expect(await failures(changed((token) => ({ ...token, principal: "" })))).toContain(valid);
  expect(await failures(changed((token) => ({ ...token, scopes: ["a b"] })))).toContain(valid);
  const expired = changed((token) => ({ ...token, expiresAt: new Date(Date.now() - 1) }));
  expect(await failures(expired)).toContain(valid);
  const timeless = changed((token) => ({ ...token, expiresAt: new Date(Number.NaN) }));
  expect(await failures(timeless)).toContain(valid);
  const worded = { expiresAt: "2100-01-01T00:00:00Z" as unknown as Date };
  expect(await failures(changed((token) => ({ ...token, ...worded })))).toContain(valid);
});

test("tokenProviderConformance() takes tokens without an end", async () => {
  const { test: _, minted: __, scopes: ___, ...rest } = { ...good, test };
  const bodies: (() => Promise<void>)[] = [];
  const add = (_name: string, body: () => Promise<void>) => void bodies.push(body);
  tokenProviderConformance({ ...rest, open: async () => lasting(), test: add });
  expect(bodies.length).toBeGreaterThan(5);
  await Promise.all(bodies.map((body) => body()));
});

test("tokenProviderConformance() finds a provider that ignores minTtlMs", async () => {
  const open = async () => {
    const provider = goodProvider();
    const getToken = ({ minTtlMs: _, ...request }: TokenRequest) => provider.getToken(request);
    return { name: "deaf", getToken };
  };
  expect(await failures({ open })).toEqual(["honours minTtlMs, or says that it cannot"]);
});

test("tokenProviderConformance() finds a provider without a cache", async () => {
  const open = async () => ({
    name: "forgetful",
    getToken: (request: TokenRequest) => goodProvider().getToken(request),
  });
  expect(await failures({ open })).toEqual(["asks the service once"]);
});

test("tokenProviderConformance() finds a cache that forgets the scopes", async () => {
  const open = async () => {
    const provider = goodProvider();
    return {
      name: "mixer",
      getToken: ({ scopes: _, ...request }: TokenRequest) => provider.getToken(request),
    };
  };
  expect(await failures({ open })).toEqual(["keeps tokens of different scopes apart"]);
});

test("tokenProviderConformance() finds a kept token that callers can change", async () => {
  const open = async () => {
    const token = goodProvider().getToken({});
    const provider = goodProvider();
    const getToken = (request: TokenRequest) =>
      Object.keys(request).length > 0 ? provider.getToken(request) : token;
    return { name: "shared", getToken };
  };
  expect(await failures({ open })).toContain("does not let a caller change a kept token");
});

test("tokenProviderConformance() finds a provider that ignores the signal", async () => {
  const open = async () => {
    const provider = goodProvider();
    const getToken = ({ signal: _, ...request }: TokenRequest) => provider.getToken(request);
    return { name: "deaf", getToken };
  };
  expect(await failures({ open })).toEqual(["rejects with the reason of an aborted signal"]);
});

test("tokenProviderConformance() finds a call that takes others down with it", async () => {
  const open = async () => {
    const provider = goodProvider();
    let flight: Promise<Token> | undefined;
    const getToken = async (request: TokenRequest) => {
      if (request.minTtlMs || request.scopes) return provider.getToken(request);
      flight ??= provider.getToken(request).finally(() => {
        flight = undefined;
      });
      return flight;
    };
    return { name: "shared", getToken };
  };
  expect(await failures({ open })).toContain("ends one call only when its signal aborts");
});

test("tokenProviderConformance() finds errors that do not explain", async () => {
  const explains = "says why credentials are refused";
  const errors = [
    new Error("no"),
    refuse({ kind: "sink" }),
    refuse({ retryable: true }),
    new DecantError("NO", "Cannot get a token: it is refused", { kind: "credentials" }),
    new DecantError("NO", "Refused.", { kind: "credentials", hint: "Ask." }),
    new DecantError("no", "Cannot ask: no", { kind: "credentials", hint: "Ask." }),
  ];
  for (const error of errors) {
    expect(await failures({ broken: async () => brokenProvider(error) })).toEqual([explains]);
  }
});

test("tokenProviderConformance() finds secrets wherever an error hides them", async () => {
  const line = "abcdefghijklmnop";
  const request = Object.assign(new Error("x"), {
    config: { headers: new Headers({ "x-key": line }) },
  });
  const hidden = Object.defineProperty(new Error("x"), "hidden", { value: [line] });
  const causes = [
    new Error(`Unexpected token in ${line}`),
    new Error("x", { cause: new Error(secret) }),
    request,
    hidden,
    new Map([["key", line]]),
    new TextEncoder().encode(secret),
  ];
  for (const cause of causes) {
    const failed = await failures({ broken: async () => brokenProvider(refuse({ cause })) });
    expect(failed).toEqual(["shows no secret in an error"]);
  }
});

test("tokenProviderConformance() asks for secrets that can be found", async () => {
  expect(await failures({ secrets: () => ["short"] })).toEqual(["shows no secret in an error"]);
});

test("tokenProviderConformance() finds a broken provider that works", async () => {
  const failed = await failures({ broken: async () => goodProvider() });
  expect(failed).toEqual(["says why credentials are refused", "shows no secret in an error"]);
});
