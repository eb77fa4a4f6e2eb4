import { afterEach, beforeEach, expect, test } from "vitest";
import { discovery, type FakeAnswer, type FakeServer, startFake } from "./testing/fake-server.ts";
import { memoryStore, open, tool } from "./testing/open.ts";

let server: FakeServer;
beforeEach(async () => {
  server = await startFake();
  server.answers["/device"] = { body: code };
});
afterEach(() => server[Symbol.asyncDispose]());

const code = {
  ...{ device_code: "a-device-code", user_code: "ABCD-EFGH", expires_in: 600 },
  verification_uri: "https://id.example.com/device",
};
const good = { body: { access_token: "a-token", token_type: "Bearer", expires_in: 3600 } };

/** A provider whose pauses only move its clock. */
async function setUp() {
  const waits: number[] = [];
  const told: string[] = [];
  let time = Date.now();
  const provider = await open(server, {
    options: tool,
    context: { now: () => time, tell: (line) => void told.push(line), secrets: memoryStore() },
    async sleep(ms) {
      waits.push(ms);
      time += ms;
    },
  });
  return { provider, waits, told };
}

function refusing(error: string): FakeAnswer {
  return { status: 400, body: { error } };
}

test("the server is asked as often as it wants, and more seldom when it says so", async () => {
  server.answers["/device"] = { body: { ...code, interval: 2 } };
  const pending = refusing("authorization_pending");
  server.answers["/token"] = [pending, refusing("slow_down"), pending, good];
  const { provider, waits } = await setUp();
  expect(await provider.getToken({ scopes: ["a"], audience: "urn:b" })).toMatchObject({
    value: "a-token",
  });
  expect(waits).toEqual([2000, 2000, 7000, 7000]);
  const [asked, ...polls] = server.log.filter(({ path }) => path !== discovery);
  expect(Object.fromEntries(asked!.form)).toEqual({
    ...{ client_id: "tool", scope: "openid a", resource: "urn:b" },
  });
  expect(polls).toHaveLength(4);
  expect(Object.fromEntries(polls[3]!.form)).toEqual({
    ...{ client_id: "tool", device_code: "a-device-code", resource: "urn:b" },
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
  });
});

test("a server that is busy meanwhile is asked more seldom", async () => {
  const pending = refusing("authorization_pending");
  server.answers["/token"] = [
    { status: 503 },
    pending,
    { status: 429, headers: { "retry-after": "60" } },
    good,
  ];
  const { provider, waits } = await setUp();
  await provider.getToken({});
  expect(waits).toEqual([5000, 10_000, 10_000, 60_000]);
});

test("a code that nobody enters ends", async () => {
  server.answers["/token"] = refusing("authorization_pending");
  const { provider, waits } = await setUp();
  await expect(provider.getToken({})).rejects.toMatchObject({
    ...{ code: "OIDC_LOGIN_EXPIRED", kind: "credentials", retryable: false },
  });
  expect(waits).toHaveLength(119);
  server.answers["/device"] = { body: { ...code, expires_in: 1e12, interval: 60 } };
  await expect(provider.getToken({})).rejects.toMatchObject({ code: "OIDC_LOGIN_EXPIRED" });
  expect(waits).toHaveLength(119 + 59);
});

test.each([
  ["access_denied", "OIDC_LOGIN_DENIED"],
  ["expired_token", "OIDC_LOGIN_EXPIRED"],
  ["invalid_client", "OIDC_CLIENT_REFUSED"],
  ["odd", "OIDC_REFUSED"],
])("%s ends a sign-in with %s", async (error, expected) => {
  server.answers["/token"] = refusing(error);
  const { provider, waits } = await setUp();
  await expect(provider.getToken({})).rejects.toMatchObject({
    ...{ code: expected, message: expect.stringMatching(/^Cannot sign in at /) },
  });
  expect(waits).toHaveLength(1);
});

test("a person sees a plain code and a safe address, or nothing", async () => {
  server.answers["/token"] = good;
  const { provider, told } = await setUp();
  server.answers["/device"] = {
    body: {
      ...code,
      user_code: "AB\u001b[2J\r\nCD",
      verification_uri_complete: "javascript:alert(1)",
    },
  };
  await provider.getToken({});
  expect(told).toEqual([
    "To sign in, open https://id.example.com/device and enter the code AB\\x1b[2J\\r\\nCD",
  ]);
  for (const verification_uri of [
    "javascript:alert(1)",
    "http://id.example.com",
    "file:///etc",
    "x",
  ]) {
    server.answers["/device"] = { body: { ...code, verification_uri } };
    const { provider, told } = await setUp();
    await expect(provider.getToken({})).rejects.toMatchObject({ code: "OIDC_ANSWER_INVALID" });
    expect(told).toEqual([]);
  }
});

test.each([
  {},
  { ...code, device_code: "" },
  { ...code, user_code: 7 },
  { ...code, expires_in: "x" },
])("an answer without a code makes no sense: %j", async (body) => {
  server.answers["/device"] = { body };
  await expect((await setUp()).provider.getToken({})).rejects.toMatchObject({
    code: "OIDC_ANSWER_INVALID",
  });
});

test("a sign-in that is given up asks no more", async () => {
  server.answers["/token"] = refusing("authorization_pending");
  const controller = new AbortController();
  const told: string[] = [];
  const provider = await open(server, {
    options: tool,
    context: { tell: (line) => void told.push(line) },
    async sleep(_, signal) {
      controller.abort(new Error("enough"));
      await new Promise(setImmediate);
      signal.throwIfAborted();
    },
  });
  await expect(provider.getToken({ signal: controller.signal })).rejects.toThrow("enough");
  expect(server.log.map(({ path }) => path)).toEqual([discovery, "/device"]);
});

test("a host that shows nothing cannot begin, and neither can a server without codes", async () => {
  const silent = await open(server, { options: tool });
  await expect(silent.getToken({})).rejects.toMatchObject({ code: "OIDC_HOST_UNABLE" });
  expect((await silent.explain!()).warnings).toContain(
    "There is no way to show the code to a person.",
  );
  const { issuer } = server;
  server.answers[discovery] = { body: { issuer, token_endpoint: `${issuer}/token` } };
  const { provider, told } = await setUp();
  await expect(provider.getToken({})).rejects.toMatchObject({
    ...{ code: "OIDC_ENDPOINT_MISSING", hint: expect.stringContaining("--device-endpoint") },
    message: expect.stringMatching(/it has no device authorization endpoint$/),
  });
  expect(told).toEqual([]);
});

test("GitHub's way to sign in works: addresses that are given, refusals with 200, tokens without an end", async () => {
  const pending = { body: { error: "authorization_pending", error_description: "Wait." } };
  const token = { access_token: "gho_a", token_type: "bearer", scope: "repo,gist" };
  server.answers["/token"] = [pending, pending, { body: token }];
  const secrets = memoryStore();
  const options = {
    ...{ ...tool, issuer: "", "token-endpoint": `${server.issuer}/token` },
    "device-endpoint": `${server.issuer}/device`,
  };
  const run = async () => {
    const provider = await open(server, { options, context: { secrets, tell: () => {} } });
    return await provider.getToken({ scopes: ["repo"] });
  };
  expect(await run()).toMatchObject({ value: "gho_a", type: "Bearer" });
  expect(await run()).toMatchObject({ value: "gho_a" });
  expect(server.log.map(({ path }) => path)).toEqual(["/device", "/token", "/token", "/token"]);
});

test("a sign-in is forgotten where the server cannot take it back, and that is said", async () => {
  const { issuer } = server;
  const metadata = { issuer, token_endpoint: `${issuer}/token` };
  server.answers[discovery] = {
    body: { ...metadata, device_authorization_endpoint: `${issuer}/device` },
  };
  const secrets = memoryStore();
  const context = { secrets, tell: () => {} };
  const provider = await open(server, { options: tool, context });
  await provider.getToken({});
  expect(secrets.secrets.size).toBe(1);
  await expect(provider.revoke!({})).rejects.toMatchObject({
    ...{ code: "OIDC_ENDPOINT_MISSING", hint: "End the sign-in at the server itself." },
    message: expect.stringMatching(/^Cannot sign out at /),
  });
  expect(secrets.secrets.size).toBe(0);
});

test("a sign-in that the server did not take back is not forgotten", async () => {
  server.answers["/revoke"] = { status: 503 };
  const secrets = memoryStore();
  const provider = await open(server, { options: tool, context: { secrets, tell: () => {} } });
  await provider.getToken({});
  await expect(provider.revoke!({})).rejects.toMatchObject({ code: "OIDC_UNAVAILABLE" });
  expect(secrets.secrets.size).toBe(1);
  server.answers["/revoke"] = { status: 200 };
  await provider.revoke!({});
  expect(Object.fromEntries(server.log.at(-1)!.form)).toEqual({
    ...{ client_id: "tool", token: "a-token", token_type_hint: "access_token" },
  });
  expect(secrets.secrets.size).toBe(0);
});
