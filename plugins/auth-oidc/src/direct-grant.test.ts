import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeServer, startFake } from "./testing/fake-server.ts";
import { open } from "./testing/open.ts";
import { machine, resource, startServer } from "./testing/start-server.ts";

let fake: FakeServer;
beforeEach(async () => {
  fake = await startFake();
});
afterEach(() => fake[Symbol.asyncDispose]());

const start = Date.parse("2026-11-25T12:00:00Z");

function giving(answer: object) {
  fake.answers["/token"] = { body: { access_token: "a-token", token_type: "Bearer", ...answer } };
}

/** A provider with a clock that is set by hand. */
async function openAt() {
  const clock = { now: start };
  const provider = await open(fake, { context: { now: () => clock.now } });
  return { clock, getToken: provider.getToken };
}

function asked(): number {
  return fake.log.filter(({ path }) => path === "/token").length;
}

test("scopes, an audience and parameters reach the server, each in its own way", async () => {
  const options = { parameter: ["tenant=a=b", "empty="] };
  const request = { scopes: ["write", "read", "read"], audience: "urn:api" };
  await (await open(fake, { options })).getToken(request);
  expect(Object.fromEntries(fake.log.at(-1)!.form)).toEqual({
    ...{ grant_type: "client_credentials", scope: "read write", resource: "urn:api" },
    ...{ tenant: "a=b", empty: "" },
  });
  const named = await open(fake, { options: { "audience-parameter": "audience" } });
  await named.getToken({ audience: "my api" });
  expect(fake.log.at(-1)!.form.get("audience")).toBe("my api");
  expect(fake.log.at(-1)!.form.has("resource")).toBe(false);
});

test("a real server makes a token for the resource that was named, and refuses others' scopes", async () => {
  await using server = await startServer({
    clients: [machine("reader", "client_secret_basic", { scope: "read" })],
  });
  const provider = await open(server);
  const { value } = await provider.getToken({ scopes: ["read"], audience: resource });
  const claims = JSON.parse(Buffer.from(value.split(".")[1]!, "base64url").toString());
  expect(claims).toMatchObject({ aud: resource, scope: "read", client_id: "machine" });
  const reader = await open(server, { options: { "client-id": "reader" } });
  await expect(reader.getToken({ scopes: ["write"] })).rejects.toMatchObject({
    code: "OIDC_SCOPE_REFUSED",
  });
});

test.each([
  ["OIDC_AUDIENCE_INVALID", { audience: "my api" }],
  ["OIDC_AUDIENCE_INVALID", { audience: "https://a/#b" }],
  ["OIDC_AUDIENCE_INVALID", { audience: "" }],
  ["OIDC_SCOPE_INVALID", { scopes: ["a b"] }],
  ["OIDC_SCOPE_INVALID", { scopes: ['"'] }],
  ["OIDC_SCOPE_INVALID", { scopes: [""] }],
])("%s is said of %j, and nobody is asked", async (code, request) => {
  await expect((await open(fake)).getToken(request)).rejects.toMatchObject({ code, kind: "usage" });
  expect(fake.log).toEqual([]);
});

test("a token is kept until its last minute, or as long as is asked", async () => {
  const { clock, getToken } = await openAt();
  const { expiresAt } = await getToken({});
  expect(expiresAt).toEqual(new Date(start + 3_600_000));
  clock.now += 3_600_000 - 61_000;
  await getToken({});
  expect(asked()).toBe(1);
  await getToken({ minTtlMs: 120_000 });
  expect(asked()).toBe(2);
  clock.now += 3_600_000 - 60_000;
  await getToken({});
  expect(asked()).toBe(3);
  await expect(getToken({ minTtlMs: 4_000_000 })).rejects.toMatchObject({
    ...{ code: "OIDC_TTL_UNMET", kind: "usage" },
    message: expect.stringMatching(/lives for 4000 s: a new one lives for 3600 s$/),
  });
});

test("a token of seconds is kept for half of them", async () => {
  giving({ expires_in: 10 });
  const { clock, getToken } = await openAt();
  await getToken({});
  clock.now += 4000;
  await getToken({});
  expect(asked()).toBe(1);
  clock.now += 2000;
  await getToken({});
  expect(asked()).toBe(2);
});

test("a token whose end nobody knows has none, and is asked for anew after five minutes", async () => {
  giving({});
  const { clock, getToken } = await openAt();
  expect(await getToken({})).toEqual({ value: "a-token", type: "Bearer", principal: "machine" });
  clock.now += 299_000;
  await getToken({});
  expect(asked()).toBe(1);
  clock.now += 2000;
  await getToken({});
  expect(asked()).toBe(2);
});

test("the life of a token counts from when it was asked for", async () => {
  const { clock, getToken } = await openAt();
  fake.answers["/token"] = () => {
    clock.now += 60_000;
    return { body: { access_token: "a-token", token_type: "Bearer", expires_in: 3600 } };
  };
  expect((await getToken({})).expiresAt).toEqual(new Date(start + 3_600_000));
});

test("a life that is absurdly long is taken for a year", async () => {
  for (const seconds of [1e9, 1e300, "99999999999"]) {
    giving({ expires_in: seconds });
    const { getToken } = await openAt();
    expect((await getToken({})).expiresAt).toEqual(new Date(start + 366 * 86_400_000));
  }
  giving({ expires_in: "600" });
  expect((await (await openAt()).getToken({})).expiresAt).toEqual(new Date(start + 600_000));
});

test.each([
  { expires_in: 0 },
  { expires_in: -1 },
  { expires_in: "soon" },
  { expires_in: null },
  { access_token: "" },
  { access_token: 7 },
  { access_token: "a\r\nX-Header: b" },
  { access_token: "a b" },
  { access_token: "ü" },
  { access_token: undefined },
  { token_type: "mac" },
  { token_type: undefined },
  { scope: 7 },
])("an answer with %j makes no sense, and is not quoted", async (answer) => {
  giving({ access_token: "a-secret-token", ...answer });
  const error = await (await open(fake)).getToken({}).catch((cause: unknown) => cause);
  expect(error).toMatchObject({
    code: "OIDC_ANSWER_INVALID",
    kind: "credentials",
    retryable: false,
  });
  expect(JSON.stringify(error) + String(error)).not.toContain("a-secret-token");
});

test("a server may give less than was asked for, and that is told", async () => {
  giving({ scope: "read openid" });
  const told: string[] = [];
  const provider = await open(fake, { context: { tell: (line) => void told.push(line) } });
  const scopes = ["read", "write", "offline_access", "api://x/.default"];
  expect((await provider.getToken({ scopes })).scopes).toEqual(["read", "openid"]);
  expect(told).toEqual(["The server did not grant write."]);
});

test("an ID token that nobody asked for is left alone", async () => {
  giving({ id_token: "none.of.that" });
  const provider = await open(fake);
  expect(await provider.getToken({})).toMatchObject({ value: "a-token" });
  expect([provider.getIdToken, provider.revoke]).toEqual([undefined, undefined]);
});

test("a token of another server is exchanged, as it is at that moment", async () => {
  let subject = "first.of.them";
  const options = {
    ...{ grant: "token-exchange", "subject-token-file": "token", "audience-parameter": "audience" },
    "client-secret": undefined,
  };
  const context = { readFile: async () => new TextEncoder().encode(`${subject}\n`) };
  const provider = await open(fake, { options, context });
  const { identity = "" } = provider;
  expect(identity).not.toContain(subject);
  await provider.getToken({ scopes: ["read"], audience: "api" });
  const grant_type = "urn:ietf:params:oauth:grant-type:token-exchange";
  expect(Object.fromEntries(fake.log.at(-1)!.form)).toEqual({
    ...{ grant_type, client_id: "machine", scope: "read", audience: "api" },
    ...{ subject_token: subject, subject_token_type: "urn:ietf:params:oauth:token-type:jwt" },
  });
  subject = "second.of.them";
  await provider.getToken({});
  expect(fake.log.at(-1)!.form.get("subject_token")).toBe(subject);
  expect((await open(fake, { options, context })).identity).not.toBe(identity);

  fake.answers["/token"] = {
    ...{ status: 400, body: { error: "invalid_grant", error_description: `not ${subject}` } },
  };
  await expect(provider.getToken({ scopes: ["b"] })).rejects.toMatchObject({
    ...{ code: "OIDC_SUBJECT_REFUSED", message: expect.stringMatching(/\(not \.\.\.\)$/) },
  });
});

test("a token to exchange may come from standard input, which is read once, or a variable", async () => {
  let reads = 0;
  const readStdin = async () => {
    reads++;
    return new TextEncoder().encode("piped");
  };
  const exchange = { grant: "token-exchange", "subject-token-type": "id_token" };
  const piped = await open(fake, {
    options: { ...exchange, "subject-token-file": "-" },
    context: { readStdin },
  });
  await piped.getToken({});
  await piped.getToken({ scopes: ["b"] });
  expect(fake.log.map(({ form }) => form.get("subject_token")).slice(1)).toEqual([
    "piped",
    "piped",
  ]);
  expect(reads).toBe(1);
  const given = await open(fake, { options: { ...exchange, "subject-token": "given" } });
  await given.getToken({});
  expect(Object.fromEntries(fake.log.at(-1)!.form)).toMatchObject({
    ...{ subject_token: "given", subject_token_type: "urn:ietf:params:oauth:token-type:id_token" },
  });
  await expect(open(fake, { options: exchange })).rejects.toMatchObject({
    ...{ code: "OIDC_OPTION_MISSING", hint: expect.stringContaining("DECANT_OIDC_SUBJECT_TOKEN") },
  });
});
