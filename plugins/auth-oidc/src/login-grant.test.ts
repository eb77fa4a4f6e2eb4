import { DecantError } from "@decant/core";
import { afterAll, expect, test } from "vitest";
import { memoryStore, open, person, tool } from "./testing/open.ts";
import { resource, startServer } from "./testing/start-server.ts";

const server = await startServer({
  clients: [
    {
      client_id: "short",
      token_endpoint_auth_method: "none",
      grant_types: ["urn:ietf:params:oauth:grant-type:device_code"],
      response_types: [],
      redirect_uris: [],
      scope: "openid read",
    },
  ],
});
afterAll(() => server[Symbol.asyncDispose]());

/** A person, and a store that outlives providers. */
function setUp({ refuses = false, login = "me", options = {} } = {}) {
  const { told, tell, sleep } = person(login, refuses);
  const secrets = memoryStore();
  return {
    ...{ told, secrets: secrets.secrets },
    prompts: () => told.filter((line) => line.startsWith("To sign in")).length,
    next: (now = Date.now) =>
      open(server, { options: { ...tool, ...options }, context: { tell, secrets, now }, sleep }),
  };
}

function loginIn(secrets: ReadonlyMap<string, string>) {
  return JSON.parse([...secrets.values()][0]!) as {
    refreshToken: string;
    scopes: string[];
    id: string;
  };
}

function claims(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split(".")[1]!, "base64url").toString());
}

test("a person signs in once, and later runs renew it with a new refresh token each time", async () => {
  const { next, told, prompts, secrets } = setUp();
  const first = await next();
  expect(first.identity).toBeUndefined();
  expect(await first.explain!()).toMatchObject({
    kind: "device-code",
    warnings: expect.arrayContaining(["Nobody has signed in: a person will be asked to."]),
  });
  const token = await first.getToken({ scopes: ["read"] });
  expect(token).toMatchObject({ type: "Bearer", principal: "me", expiresAt: expect.any(Date) });
  expect(told[0]).toMatch(
    /^To sign in, open http:\/\/127.0.0.1:\d+\/device and enter the code [A-Z-]+$/,
  );
  expect(told[1]).toMatch(/^Or open http:\S+\?user_code=[A-Z-]+ and see that it shows this code$/);

  const identities = new Set<string>();
  const refreshTokens = new Set([loginIn(secrets).refreshToken]);
  for (let run = 0; run < 3; run++) {
    const later = await next();
    identities.add(later.identity!);
    expect((await later.getToken({ scopes: ["read"] })).value).not.toBe(token.value);
    refreshTokens.add(loginIn(secrets).refreshToken);
  }
  expect([prompts(), identities.size, refreshTokens.size]).toEqual([1, 1, 4]);
  expect([...identities].join()).not.toContain(loginIn(secrets).refreshToken);
  const explanation = await (await next()).explain!();
  expect(explanation).toMatchObject({
    principal: "me",
    scopes: ["openid", "offline_access", "read"],
  });
  expect(JSON.stringify(explanation)).not.toContain(loginIn(secrets).refreshToken);
});

test("a token has less than the sign-in where less is asked for, and all of it where nothing is said", async () => {
  const { next, prompts } = setUp();
  await (await next()).getToken({ scopes: ["read", "write"] });
  const provider = await next();
  expect((await provider.getToken({ scopes: ["write"] })).scopes).toEqual(["write"]);
  const all = (await provider.getToken({})).scopes!.toSorted();
  expect(all).toEqual(["offline_access", "openid", "read", "write"]);
  expect(prompts()).toBe(1);
});

test("a person is asked again where more is needed, for all of it at once", async () => {
  const { next, prompts, secrets } = setUp();
  await (await next()).getToken({ scopes: ["read"] });
  const { id } = loginIn(secrets);
  await (await next()).getToken({ scopes: ["write"] });
  expect(loginIn(secrets).scopes).toEqual(["openid", "offline_access", "read", "write"]);
  expect(loginIn(secrets).id).not.toBe(id);
  await (await next()).getToken({ scopes: ["read", "write"] });
  expect(prompts()).toBe(2);
});

test("a token is for the audience that was asked for", async () => {
  const { next, prompts } = setUp();
  const provider = await next();
  const { value } = await provider.getToken({ scopes: ["read"], audience: resource });
  expect(claims(value)).toMatchObject({ aud: resource, sub: "me", scope: "read" });
  const again = await (await next()).getToken({ scopes: ["read"], audience: resource });
  expect(claims(again.value)).toMatchObject({ aud: resource });
  await (await next()).getToken({ scopes: ["read"], audience: "https://other.example.com" });
  expect(prompts()).toBe(2);
});

test("tokens that are asked for at the same time take one sign-in", async () => {
  const { next, prompts } = setUp();
  const provider = await next();
  const requests = [{ scopes: ["read"] }, { scopes: ["read"], minTtlMs: 1000 }, {}, {}];
  const tokens = await Promise.all(requests.map(provider.getToken));
  expect(tokens.map(({ principal }) => principal)).toEqual(["me", "me", "me", "me"]);
  expect(prompts()).toBe(1);
});

test("an identity token is about the person, for the client, and checked", async () => {
  const { next } = setUp();
  const provider = await next();
  const { value, principal, expiresAt } = await provider.getIdToken!({ audience: "tool" });
  expect(claims(value)).toMatchObject({ iss: server.issuer, aud: "tool", sub: "me" });
  expect(principal).toBe("me");
  expect(expiresAt!.getTime()).toBe((claims(value)["exp"] as number) * 1000);
  expect((await provider.getIdToken!({ audience: "tool" })).value).toBe(value);
  const renewed = await (await next()).getIdToken!({ audience: "tool" });
  expect(claims(renewed.value)).toMatchObject({ sub: "me", aud: "tool" });
  await expect(provider.getIdToken!({ audience: "https://other" })).rejects.toMatchObject({
    ...{ code: "OIDC_AUDIENCE_UNSUPPORTED", kind: "usage" },
    hint: expect.stringContaining("tool"),
  });
});

test("a person who says no is an error, and nothing is kept", async () => {
  const { next, secrets } = setUp({ refuses: true });
  await expect((await next()).getToken({})).rejects.toMatchObject({
    ...{ code: "OIDC_LOGIN_DENIED", kind: "credentials" },
    message: expect.stringMatching(/^Cannot sign in at "http:.+": access_denied/),
  });
  expect(secrets.size).toBe(0);
});

test("a sign-in that was taken back begins anew", async () => {
  const { next, told, prompts, secrets } = setUp();
  const provider = await next();
  await provider.getToken({ scopes: ["read"] });
  const { refreshToken } = loginIn(secrets);
  await provider.revoke!({});
  expect(secrets.size).toBe(0);
  const stolen = { ...tool, grant: "refresh-token", "refresh-token": refreshToken } as const;
  await expect((await open(server, { options: stolen })).getToken({})).rejects.toMatchObject({
    code: "OIDC_LOGIN_ENDED",
  });
  await expect(provider.revoke!({})).rejects.toMatchObject({ code: "OIDC_LOGIN_MISSING" });
  await provider.getToken({ scopes: ["read"] });
  expect(prompts()).toBe(2);

  // Somebody else renewed it meanwhile, so that the server takes all of it back.
  const used = { ...stolen, "refresh-token": loginIn(secrets).refreshToken };
  const thief = await open(server, { options: used });
  await thief.getToken({});
  await (await next()).getToken({ scopes: ["read"] });
  expect(told.filter((line) => line === "The sign-in has ended.")).toHaveLength(1);
  expect(prompts()).toBe(3);
});

test("a refresh token that is replaced is kept under the one that was given", async () => {
  const { next, secrets } = setUp();
  await (await next()).getToken({ scopes: ["read"] });
  const { refreshToken } = loginIn(secrets);
  const store = memoryStore();
  const given = { ...tool, grant: "refresh-token", "refresh-token": refreshToken } as const;
  const run = () => open(server, { options: given, context: { secrets: store } });
  for (let count = 0; count < 3; count++) {
    expect(await (await run()).getToken({})).toMatchObject({ principal: "me" });
  }
  expect([...store.secrets.keys()].join()).not.toContain(refreshToken);
  expect((await run()).identity).toBe((await run()).identity);
  await (await run()).revoke!({});
  expect(store.secrets.size).toBe(0);
});

test("a refresh token that is replaced serves this process where nothing keeps it, and that is told", async () => {
  const { next, secrets } = setUp();
  await (await next()).getToken({ scopes: ["read"] });
  const { refreshToken } = loginIn(secrets);
  const told: string[] = [];
  const full = new DecantError("SECRET_STORE_FAILED", "Cannot keep it: ENOSPC", { kind: "usage" });
  const provider = await open(server, {
    options: { ...tool, grant: "refresh-token", "refresh-token": refreshToken },
    context: {
      tell: (line) => void told.push(line),
      secrets: {
        get: async () => undefined,
        async update(_, change) {
          await change(undefined);
          throw full;
        },
      },
    },
  });
  for (const scopes of [["read"], ["openid"], []]) await provider.getToken({ scopes });
  expect(told).toEqual(["The sign-in will have to be repeated. Cannot keep it: ENOSPC."]);
});

test("a sign-in without a refresh token serves until its token ends, also later runs", async () => {
  const { next, prompts, secrets } = setUp({ options: { "client-id": "short" } });
  const token = await (await next()).getToken({ scopes: ["read"] });
  expect(await (await next()).getToken({ scopes: ["read"] })).toEqual(token);
  expect(await (await next()).getToken({})).toEqual(token);
  const idToken = await (await next()).getIdToken!({ audience: "short" });
  expect(claims(idToken.value)).toMatchObject({ sub: "me", aud: "short" });
  expect(prompts()).toBe(1);
  // The ID tokens of this server end before its access tokens do.
  const later = await next(() => Date.now() + 300_000);
  expect(await later.getToken({ minTtlMs: 400_000 })).toEqual(token);
  expect(prompts()).toBe(1);
  const long = { audience: "short", minTtlMs: 400_000 };
  await expect(later.getIdToken!(long)).rejects.toMatchObject({ code: "OIDC_TTL_UNMET" });
  expect(prompts()).toBe(2);
  const longer = later.getToken({ minTtlMs: 3_700_000 });
  await expect(longer).rejects.toMatchObject({ code: "OIDC_TTL_UNMET" });
  expect(prompts()).toBe(3);
  await (await next()).revoke!({});
  expect(secrets.size).toBe(0);
});
