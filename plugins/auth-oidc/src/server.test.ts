import { afterEach, beforeEach, expect, test } from "vitest";
import { discovery, type FakeServer, startFake } from "./testing/fake-server.ts";
import { open } from "./testing/open.ts";
import { clientSecret } from "./testing/start-server.ts";

let server: FakeServer;
beforeEach(async () => {
  server = await startFake();
});
afterEach(() => server[Symbol.asyncDispose]());

async function getToken(options: Record<string, string> = {}) {
  return await (await open(server, { options })).getToken({});
}

function paths(): string[] {
  return server.log.map(({ path }) => path);
}

test("the server describes itself once, to all who ask at the same time", async () => {
  const provider = await open(server);
  await Promise.all(["a", "b", "c"].map((scope) => provider.getToken({ scopes: [scope] })));
  await provider.getToken({ scopes: ["d"] });
  expect(paths().filter((path) => path === discovery)).toHaveLength(1);
});

test("a server that is no OpenID provider describes itself as RFC 8414 says", async () => {
  const { issuer } = server;
  server.answers["/.well-known/oauth-authorization-server/tenant"] = {
    body: { issuer: `${issuer}/tenant`, token_endpoint: `${issuer}/token` },
  };
  expect(await getToken({ issuer: `${issuer}/tenant` })).toMatchObject({ value: "a-token" });
  expect(paths()).toEqual([
    `/tenant${discovery}`,
    "/.well-known/oauth-authorization-server/tenant",
    "/token",
  ]);
});

test("a server that does not describe itself is asked where it is told, and nowhere else", async () => {
  const options = { issuer: "", "token-endpoint": `${server.issuer}/token?tenant=a` };
  const provider = await open(server, { options });
  expect(await provider.getToken({})).toMatchObject({ value: "a-token" });
  expect(paths()).toEqual(["/token"]);
  expect(await provider.explain!()).toMatchObject({ endpoints: [`${server.issuer}/token`] });
});

test("an address that is given comes before the one that the server tells", async () => {
  server.answers["/mine"] = server.answers["/token"]!;
  await getToken({ "token-endpoint": `${server.issuer}/mine` });
  expect(paths()).toEqual([discovery, "/mine"]);
});

test("a server that calls itself otherwise gets no secret", async () => {
  for (const issuer of [
    "https://other.example.com",
    `${server.issuer}/tenant`,
    7,
    undefined,
    "\u001b[2J",
  ]) {
    server.answers[discovery] = { body: { issuer, token_endpoint: `${server.issuer}/token` } };
    const error = (await getToken().catch((cause: unknown) => cause)) as Error;
    expect(error).toMatchObject({ code: "OIDC_ISSUER_MISMATCH", kind: "credentials" });
    expect(error.message).not.toContain("\u001b");
  }
  expect(paths()).not.toContain("/token");
});

test.each([
  ["OIDC_DISCOVERY_FAILED", "(404, 404)", { status: 404 }],
  ["OIDC_DISCOVERY_FAILED", "(no JSON, 404)", { body: "<html>Sign in" }],
  ["OIDC_DISCOVERY_FAILED", "(no JSON, 404)", { body: "" }],
  ["OIDC_DISCOVERY_FAILED", "(no JSON, 404)", { body: "null" }],
  ["OIDC_ANSWER_INVALID", "elsewhere", { status: 302, headers: { location: "/other" } }],
  ["OIDC_ANSWER_INVALID", "longer than 1 MiB", { body: "x".repeat(1_100_000) }],
])("a description that is none is refused with %s %s", async (code, words, answer) => {
  server.answers[discovery] = answer;
  await expect(getToken()).rejects.toMatchObject({
    ...{ code, kind: "credentials", retryable: false },
    message: expect.stringContaining(words),
  });
  expect(paths()).not.toContain("/other");
  expect(paths()).not.toContain("/token");
});

test("a description is asked for again after it failed", async () => {
  const good = server.answers[discovery]!;
  server.answers[discovery] = { status: 404 };
  const provider = await open(server);
  await expect(provider.getToken({})).rejects.toMatchObject({ code: "OIDC_DISCOVERY_FAILED" });
  server.answers[discovery] = good;
  await provider.getToken({});
});

test("an address in a description must be safe, and there", async () => {
  const { issuer } = server;
  const asked: string[] = [];
  const told = async (endpoint: unknown) => {
    const description = { issuer: "https://id.example.com", token_endpoint: endpoint };
    const fetch = async (url: string | URL | Request) => {
      asked.push(String(url));
      return Response.json(description);
    };
    const options = { issuer: "https://id.example.com" };
    return await (await open(server, { options, context: { fetch } })).getToken({});
  };
  for (const endpoint of [
    "http://id.example.com/token",
    `${issuer}/token`,
    `https://a:${encodeURIComponent(clientSecret)}@b`,
  ]) {
    await expect(told(endpoint)).rejects.toMatchObject({ code: "OIDC_URL_UNSAFE" });
  }
  for (const endpoint of [undefined, 7, "", "token"]) {
    await expect(told(endpoint)).rejects.toMatchObject({ code: "OIDC_ENDPOINT_MISSING" });
  }
  expect(new Set(asked)).toEqual(new Set([`https://id.example.com${discovery}`]));
});
