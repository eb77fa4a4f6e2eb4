import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import type { DecantError } from "@decant/core";
import { tokenProviderConformance } from "@decant/core/conformance";
import { startGoogle } from "@decant/simulator";
import { afterAll, afterEach, expect, test } from "vitest";
import type { ServiceAccountKey } from "./parse-service-account-key.ts";
import { serviceAccountProvider } from "./service-account-provider.ts";

const google = await startGoogle();
afterAll(() => google.close());

const cloudPlatform = "https://www.googleapis.com/auth/cloud-platform";
const fine = { access_token: "ya29.x", expires_in: 3599, token_type: "Bearer" };
const noWait = { sleep: async () => {}, random: () => 0 };

tokenProviderConformance({
  test,
  open: async () => serviceAccountProvider({ key: google.key }),
  broken: async () =>
    serviceAccountProvider({ key: { ...google.key, client_email: "nobody@acme.example" } }),
  secrets: () => [google.key.private_key],
  minted: () => google.issued.length,
  scopes: ["https://www.googleapis.com/auth/drive"],
});

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Endpoint {
  readonly key: ServiceAccountKey;
  /** The assertions that were sent. */
  readonly assertions: string[];
}

/** A token endpoint that answers as told. */
async function startEndpoint(
  answer: (response: ServerResponse, assertion: string) => void,
): Promise<Endpoint> {
  const assertions: string[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const body = await new Response(request as unknown as BodyInit).text();
    const assertion = new URLSearchParams(body).get("assertion") ?? "";
    assertions.push(assertion);
    answer(response, assertion);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { assertions, key: { ...google.key, token_uri: `http://127.0.0.1:${port}/token` } };
}

function startJson(status: number, body: unknown, headers: Record<string, string> = {}) {
  return startEndpoint((response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  });
}

/** The error of a token request to such an endpoint. */
async function refusedBy(
  endpoint: Endpoint,
  options: { now?: () => number } = {},
): Promise<DecantError> {
  const provider = serviceAccountProvider({ key: endpoint.key, ...noWait, ...options });
  const outcome = await provider.getToken({}).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(Error);
  const shown = inspect(outcome, { depth: Infinity, showHidden: true });
  for (const secret of [...endpoint.assertions, "ya29.", google.key.private_key.slice(100, 140)]) {
    expect(shown).not.toContain(secret);
  }
  return outcome as DecantError;
}

test("serviceAccountProvider() tells what it knows of a token", async () => {
  const provider = serviceAccountProvider({ key: google.key });
  const token = await provider.getToken({});
  expect(token).toMatchObject({
    value: google.issued.at(-1)?.token,
    type: "Bearer",
    scopes: [cloudPlatform],
    principal: google.key.client_email,
  });
});

test("serviceAccountProvider() acts for a user, with the scopes asked for", async () => {
  const subject = "jo@acme.example";
  const provider = serviceAccountProvider({ key: google.key, subject, scopes: "drive" });
  expect(await provider.getToken({})).toMatchObject({ principal: subject });
  expect(google.issued.at(-1)).toMatchObject({
    scope: "https://www.googleapis.com/auth/drive",
    sub: subject,
  });
  await provider.getToken({ scopes: ["gmail.send", "openid"] });
  expect(google.issued.at(-1)).toMatchObject({
    scope: "https://www.googleapis.com/auth/gmail.send openid",
  });
});

test("serviceAccountProvider() keeps one token for the same scopes in any order", async () => {
  const endpoint = await startJson(200, fine);
  const provider = serviceAccountProvider({ key: endpoint.key });
  await provider.getToken({ scopes: ["drive", "email"] });
  await provider.getToken({ scopes: ["email", "https://www.googleapis.com/auth/drive"] });
  expect(endpoint.assertions).toHaveLength(1);
});

test("serviceAccountProvider() renews 225 s before the end, or as a request says", async () => {
  const endpoint = await startJson(200, fine);
  let now = 1_700_000_000_000;
  const provider = serviceAccountProvider({ key: endpoint.key, now: () => now });
  const end = now + 3_599_000;
  expect(await provider.getToken({})).toMatchObject({ expiresAt: new Date(end) });
  now = end - 225_001;
  await provider.getToken({});
  expect(endpoint.assertions).toHaveLength(1);
  now += 1;
  await provider.getToken({ minTtlMs: 0 });
  expect(endpoint.assertions).toHaveLength(1);
  await provider.getToken({});
  expect(endpoint.assertions).toHaveLength(2);
});

test("serviceAccountProvider() gives the token of a server whose tokens live shortly", async () => {
  const endpoint = await startJson(200, { ...fine, expires_in: 60 });
  const provider = serviceAccountProvider({ key: endpoint.key });
  expect(await provider.getToken({})).toMatchObject({ value: "ya29.x" });
  await expect(provider.getToken({ minTtlMs: 120_000 })).rejects.toMatchObject({
    code: "GCP_TTL_UNMET",
    message: expect.stringContaining('lives for "2 min": a new one lives for '),
  });
});

test("serviceAccountProvider() takes no token to live for more than twelve hours", async () => {
  const endpoint = await startJson(200, { ...fine, expires_in: 1e9 });
  const now = () => 0;
  const { expiresAt } = await serviceAccountProvider({ key: endpoint.key, now }).getToken({});
  expect(expiresAt).toEqual(new Date(12 * 3_600_000));
});

test("serviceAccountProvider() believes the server on narrower scopes", async () => {
  const endpoint = await startJson(200, { ...fine, scope: "openid email" });
  const provider = serviceAccountProvider({ key: endpoint.key });
  expect(await provider.getToken({})).toMatchObject({ scopes: ["openid", "email"] });
});

test("serviceAccountProvider() refuses requests that make no sense", async () => {
  const provider = serviceAccountProvider({ key: google.key });
  const usage = (code: string) => ({ code, kind: "usage" });
  await expect(provider.getToken({ audience: "https://x.example" })).rejects.toMatchObject(
    usage("GCP_AUDIENCE_UNSUPPORTED"),
  );
  await expect(provider.getToken({ minTtlMs: Number.NaN })).rejects.toMatchObject(
    usage("GCP_TTL_INVALID"),
  );
  await expect(provider.getToken({ scopes: ["a\u0000"] })).rejects.toMatchObject(
    usage("GCP_SCOPE_INVALID"),
  );
});

test("serviceAccountProvider() refuses a token endpoint without https", () => {
  const key = { ...google.key, token_uri: "http://oauth2.googleapis.com/token" };
  expect(() => serviceAccountProvider({ key })).toThrow(
    expect.objectContaining({ code: "GCP_TOKEN_URI" }),
  );
});

test("serviceAccountProvider() says by how much the clock is off", async () => {
  const endpoint = await startJson(400, {
    error: "invalid_grant",
    error_description: "Invalid JWT: Check your iat and exp values in the JWT claim.",
  });
  const now = () => Date.now() + 2 * 3_600_000 + 300_500;
  const error = await refusedBy(endpoint, { now });
  expect(error).toMatchObject({ code: "GCP_CLOCK_SKEW", kind: "credentials", retryable: false });
  expect(error.message).toMatch(
    /^Cannot get a token for ".+": the clock of this machine is 2 h 5 min ahead of the server's \(invalid_grant: Invalid JWT: /,
  );
});

test("serviceAccountProvider() shows no assertion that a server sends back", async () => {
  const endpoint = await startEndpoint((response, assertion) => {
    response.writeHead(400).end(JSON.stringify({ error: assertion, error_description: assertion }));
  });
  const error = await refusedBy(endpoint);
  const parts = endpoint.assertions.flatMap((assertion) => assertion.split("."));
  for (const part of parts) expect(error.message).not.toContain(part.slice(0, 20));
});

test("serviceAccountProvider() knows a page from an answer", async () => {
  const endpoint = await startEndpoint((response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><p>Sign in");
  });
  const error = await refusedBy(endpoint);
  expect(error).toMatchObject({ code: "GCP_ANSWER_INVALID", retryable: false });
  expect(error.message).toContain("an HTML page (status 200)");
  expect(endpoint.assertions).toHaveLength(1);
});

test("serviceAccountProvider() does not read an answer without end", async () => {
  const endpoint = await startEndpoint((response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const more = () => {
      while (!response.destroyed && response.write(" ".repeat(65_536)));
    };
    response.on("drain", more);
    more();
  });
  expect(await refusedBy(endpoint)).toMatchObject({ code: "GCP_ANSWER_INVALID" });
});

test("serviceAccountProvider() follows no redirect", async () => {
  const other = await startJson(200, fine);
  const endpoint = await startEndpoint((response) => {
    response.writeHead(307, { location: `${other.key.token_uri}?secret=1` }).end();
  });
  const error = await refusedBy(endpoint);
  expect(error.code).toBe("GCP_ANSWER_INVALID");
  expect(error.message).toContain(`redirects to ${new URL(other.key.token_uri).origin},`);
  expect(other.assertions).toEqual([]);
});

test("serviceAccountProvider() refuses an answer that is no token", async () => {
  const bad = [
    {},
    [],
    { ...fine, access_token: "" },
    { ...fine, access_token: "ya29.x\r\nx-evil: 1" },
    { ...fine, token_type: "mac" },
    { ...fine, token_type: undefined },
    { ...fine, expires_in: undefined },
    { ...fine, expires_in: "3599" },
    { ...fine, expires_in: 0 },
    { ...fine, expires_in: -1 },
  ];
  for (const body of bad) {
    expect(await refusedBy(await startJson(200, body))).toMatchObject({
      code: "GCP_ANSWER_INVALID",
    });
  }
});

test("serviceAccountProvider() tries again when the server is busy", async () => {
  const answers: [number, unknown][] = [
    [503, "<html>"],
    [429, {}],
    [400, { error: "temporarily_unavailable" }],
    [200, fine],
  ];
  const endpoint = await startEndpoint((response) => {
    const [status, body] = answers.shift() ?? [500, {}];
    response.writeHead(status, status === 429 ? { "retry-after": "7" } : {});
    response.end(JSON.stringify(body));
  });
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  const provider = serviceAccountProvider({ key: endpoint.key, sleep, random: () => 0 });
  expect(await provider.getToken({})).toMatchObject({ value: "ya29.x" });
  expect(waits).toEqual([250, 7_000, 1_000]);
});

test("serviceAccountProvider() gives up after four tries", async () => {
  const endpoint = await startJson(503, {});
  expect(await refusedBy(endpoint)).toMatchObject({
    code: "GCP_UNAVAILABLE",
    kind: "credentials",
    retryable: true,
  });
  expect(endpoint.assertions).toHaveLength(4);
});

test("serviceAccountProvider() leaves a long wait to the caller", async () => {
  const endpoint = await startJson(429, {}, { "retry-after": "120" });
  expect(await refusedBy(endpoint)).toMatchObject({ retryable: true, retryAfterMs: 120_000 });
  expect(endpoint.assertions).toHaveLength(1);
});

test("serviceAccountProvider() tries again when an answer is cut off", async () => {
  let tries = 0;
  const endpoint = await startEndpoint((response) => {
    tries++;
    const text = JSON.stringify(fine);
    response.writeHead(200, { "content-length": text.length });
    if (tries === 2) response.end(text);
    else response.write(text.slice(0, 9), () => response.destroy());
  });
  const provider = serviceAccountProvider({ key: endpoint.key, ...noWait });
  expect(await provider.getToken({})).toMatchObject({ value: "ya29.x" });
});

test("serviceAccountProvider() says why a server cannot be reached", async () => {
  const endpoint = await startJson(200, fine);
  for (const close of closing.splice(0)) close();
  const error = await refusedBy(endpoint);
  expect(error).toMatchObject({ code: "GCP_UNREACHABLE", retryable: true });
  expect(error.message).toMatch(/: 127\.0\.0\.1:\d+ cannot be reached \(.+\)$/);
});

test("serviceAccountProvider() does not wait for a server that says nothing", async () => {
  const { key } = await startEndpoint(() => {});
  const provider = serviceAccountProvider({ key, ...noWait, timeoutMs: 20 });
  await expect(provider.getToken({})).rejects.toMatchObject({
    code: "GCP_UNREACHABLE",
    message: expect.stringContaining("no answer within "),
  });
});

test("serviceAccountProvider() hides the request that an injected fetch puts in its error", async () => {
  let sent = "";
  const fetch = async (_: unknown, init?: RequestInit) => {
    sent = String(init?.body);
    throw Object.assign(new Error(`cannot send ${sent}`), { config: init });
  };
  const provider = serviceAccountProvider({ key: google.key, fetch, ...noWait });
  const error = await provider.getToken({}).catch((caught: unknown) => caught);
  const shown = inspect(error, { depth: Infinity, showHidden: true });
  const assertion = new URLSearchParams(sent).get("assertion") ?? "";
  expect(assertion).not.toBe("");
  for (const part of assertion.split(".")) expect(shown).not.toContain(part.slice(0, 20));
});

test("serviceAccountProvider() ends a request and its pauses with the signal", async () => {
  const controller = new AbortController();
  const { key, assertions } = await startEndpoint(() => controller.abort("enough"));
  const { signal } = controller;
  const provider = serviceAccountProvider({ key });
  await expect(provider.getToken({ signal })).rejects.toBe("enough");
  const busy = await startJson(503, {});
  const pause = new AbortController();
  const asleep = serviceAccountProvider({
    key: busy.key,
    sleep: async (_, own) => {
      pause.abort("enough");
      own.throwIfAborted();
    },
  });
  await expect(asleep.getToken({ signal: pause.signal })).rejects.toBe("enough");
  expect([assertions.length, busy.assertions.length]).toEqual([1, 1]);
});

test("serviceAccountProvider() does not read an answer without end", async () => {
  const endpoint = await startJson(200, { ...fine, more: "x".repeat(70_000) });
  expect(await refusedBy(endpoint)).toMatchObject({
    code: "GCP_ANSWER_INVALID",
    message: expect.stringMatching(/: the server's answer is longer than 64 KiB$/),
  });
});
