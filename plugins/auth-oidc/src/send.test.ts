import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeServer, startFake } from "./testing/fake-server.ts";
import { type OpenOptions, open } from "./testing/open.ts";
import { clientSecret } from "./testing/start-server.ts";

let server: FakeServer;
beforeEach(async () => {
  server = await startFake();
});
afterEach(() => server[Symbol.asyncDispose]());

async function getToken(options: OpenOptions = {}) {
  return await (await open(server, options)).getToken({});
}

const good = { body: { access_token: "a-token", token_type: "Bearer" } };

test("a server that is busy is asked again, no sooner than it says", async () => {
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  const busy = { status: 503, headers: { "retry-after": "7" } };
  server.answers["/token"] = [busy, { status: 429 }, { status: 500 }, good];
  expect(await getToken({ sleep })).toMatchObject({ value: "a-token" });
  expect(waits).toEqual([7000, 500, 1000]);
});

test("a server that stays busy, or wants to be left alone for long, is an error for later", async () => {
  server.answers["/token"] = { status: 503, body: { error: "x", error_description: "back soon" } };
  await expect(getToken()).rejects.toMatchObject({
    ...{ code: "OIDC_UNAVAILABLE", retryable: true },
    message: expect.stringMatching(/answers with 503 \(back soon\)$/),
  });
  expect(server.log.filter(({ path }) => path === "/token")).toHaveLength(4);
  server.answers["/token"] = { status: 503, headers: { "retry-after": "3600" } };
  await expect(getToken()).rejects.toMatchObject({ retryAfterMs: 3_600_000, retryable: true });
  expect(server.log.filter(({ path }) => path === "/token")).toHaveLength(5);
});

test("a server that cannot be reached, or says nothing, is an error for later", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const issuer = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  await expect(getToken({ options: { issuer }, timeoutMs: 50 })).rejects.toMatchObject({
    ...{ code: "OIDC_UNREACHABLE", retryable: true },
    message: expect.stringContaining("no answer within 0.05 s"),
  });
  silent.close();
  const options = { issuer: "", "token-endpoint": "http://127.0.0.1:1/?key=value" };
  const error = (await getToken({ options }).catch((cause: unknown) => cause)) as Error;
  expect(error).toMatchObject({ code: "OIDC_UNREACHABLE", retryable: true });
  expect(error.message).not.toContain("value");
});

test("a secret is sent to the server's address, and not where that leads", async () => {
  server.answers["/token"] = { status: 307, headers: { location: `${server.issuer}/other` } };
  await expect(getToken()).rejects.toMatchObject({ code: "OIDC_ANSWER_INVALID" });
  expect(server.log.map(({ path }) => path)).not.toContain("/other");
});

test.each([
  ["OIDC_CLIENT_REFUSED", 401, { error: "invalid_client" }],
  ["OIDC_CLIENT_REFUSED", 401, "<html>No"],
  ["OIDC_GRANT_REFUSED", 400, { error: "unauthorized_client" }],
  ["OIDC_GRANT_REFUSED", 400, { error: "unsupported_grant_type" }],
  ["OIDC_SCOPE_REFUSED", 400, { error: "invalid_scope" }],
  ["OIDC_AUDIENCE_REFUSED", 400, { error: "invalid_target" }],
  ["OIDC_LOGIN_ENDED", 400, { error: "invalid_grant" }],
  ["OIDC_REFUSED", 400, { error: "toString" }],
  ["OIDC_REFUSED", 403, "<html>No"],
  ["OIDC_REFUSED", 400, { error: 7 }],
  ["OIDC_REFUSED", 200, { error: "odd_but_true" }],
  ["OIDC_ANSWER_INVALID", 200, "<html>Welcome"],
  ["OIDC_ANSWER_INVALID", 200, []],
  ["OIDC_ANSWER_INVALID", 204, ""],
])("%s is what status %i with %j means", async (code, status, body) => {
  server.answers["/token"] = { status, body };
  await expect(getToken()).rejects.toMatchObject({ code, kind: "credentials", retryable: false });
});

test("words of the server are shown without what steers a terminal, and without a secret", async () => {
  const words = `no\u001b[2J\r\nX: y \u202e ${clientSecret} ${encodeURIComponent(clientSecret)} ${"a".repeat(60)}`;
  server.answers["/token"] = {
    status: 400,
    body: { error: "invalid_\u0007grant", error_description: words + "x ".repeat(500) },
  };
  const error = (await getToken().catch((cause: unknown) => cause)) as Error;
  expect(error.message).toMatch(/^[\x20-\x7e]+$/);
  expect(error.message.length).toBeLessThan(400);
  expect(error.message).toContain("no\\x1b[2J X: y");
  for (const secret of [clientSecret, encodeURIComponent(clientSecret), "a".repeat(60)]) {
    expect(error.message).not.toContain(secret);
  }
});
