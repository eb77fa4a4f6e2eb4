import { afterEach, beforeEach, expect, test } from "vitest";
import { formatLogin, type Login } from "./login.ts";
import { type FakeServer, startFake } from "./testing/fake-server.ts";
import { memoryStore, open, tool } from "./testing/open.ts";

let server: FakeServer;
beforeEach(async () => {
  server = await startFake();
});
afterEach(() => server[Symbol.asyncDispose]());

const login: Login = {
  ...{ id: "1", scopes: ["openid"], audiences: [], subject: "me", refreshToken: "refresh-1" },
};

/** A provider for somebody who has signed in before. */
async function signedIn({ now = Date.now, subject = "me" } = {}) {
  const name = JSON.stringify(["device-code", server.issuer, null, "tool", null]);
  const secrets = memoryStore(new Map([[name, formatLogin({ ...login, subject })]]));
  const provider = await open(server, { options: tool, context: { secrets, now } });
  const kept = () => JSON.parse(secrets.secrets.get(name)!) as Login;
  return { provider, kept };
}

function giving(idToken: string, more: object = {}) {
  const body = { access_token: "a-token", token_type: "Bearer", expires_in: 3600, ...more };
  server.answers["/token"] = { body: { ...body, id_token: idToken } };
}

const second = () => Math.floor(Date.now() / 1000);

test("an ID token is taken when all of it fits", async () => {
  giving(await server.idToken());
  const { provider } = await signedIn();
  expect(await provider.getToken({})).toMatchObject({ value: "a-token", principal: "me" });
  giving(await server.idToken({ aud: ["other", "tool"], azp: "tool" }));
  expect(await provider.getIdToken!({ audience: "tool" })).toMatchObject({ principal: "me" });
});

test.each<[string, object, object]>([
  ["iss", { iss: "https://other.example.com" }, {}],
  ["aud", { aud: "other" }, {}],
  ["azp", { aud: ["tool", "other"], azp: "other" }, {}],
  ["its times", { exp: second() - 100 }, {}],
  ["its times", { nbf: second() + 600 }, {}],
  ["sub", { sub: undefined }, {}],
  ["somebody else", { sub: "you" }, {}],
  ["exp", { exp: undefined }, {}],
  ["signature", {}, { forged: true }],
  ["", {}, { alg: "none" }],
  ["", {}, { alg: "HS256" }],
  ["", {}, { kid: "unknown" }],
  ["", {}, { alg: "RS256" }],
])("an ID token is refused: %s of %j %j", async (words, claims, header) => {
  const { forged, ...rest } = header as { forged?: boolean };
  const token = await server.idToken(claims, rest);
  const [head = "", payload = "", signature = ""] = token.split(".");
  const turned = signature.startsWith("A") ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
  const given = forged ? `${head}.${payload}.${turned}` : token;
  giving(given);
  const { provider } = await signedIn();
  const error = (await provider.getToken({}).catch((cause: unknown) => cause)) as Error;
  expect(error).toMatchObject({ code: "OIDC_ID_TOKEN_INVALID", kind: "credentials" });
  expect(error.message).toContain(words);
  expect(JSON.stringify(error) + String(error)).not.toContain(payload);
  await expect(provider.getIdToken!({ audience: "tool" })).rejects.toMatchObject({
    code: "OIDC_ID_TOKEN_INVALID",
  });
});

test.each(["", "x", "a.b.c", "e30.e30.", `${"a".repeat(50)}.${"b".repeat(50)}.c`])(
  "an ID token that is none is refused: %j",
  async (token) => {
    giving(token);
    const { provider } = await signedIn();
    await expect(provider.getToken({})).rejects.toMatchObject({
      code: expect.stringMatching(/^OIDC_(ID_TOKEN|ANSWER)_INVALID$/),
    });
  },
);

test("an ID token is measured by the clock that is given", async () => {
  giving(await server.idToken());
  const later = await signedIn({ now: () => Date.now() + 3_600_000 });
  await expect(later.provider.getToken({})).rejects.toMatchObject({
    code: "OIDC_ID_TOKEN_INVALID",
    message: expect.stringContaining("the clocks are 60 min apart"),
  });
  const ahead = { iat: second() + 3600, exp: second() + 7200 };
  giving(await server.idToken(ahead));
  expect(await later.provider.getToken({})).toMatchObject({ principal: "me" });
});

test("a new refresh token is kept also where what came with it cannot be trusted", async () => {
  giving(await server.idToken({ aud: "other" }), { refresh_token: "refresh-2" });
  const { provider, kept } = await signedIn();
  await expect(provider.getToken({})).rejects.toMatchObject({ code: "OIDC_ID_TOKEN_INVALID" });
  expect(kept()).toMatchObject({ ...login, refreshToken: "refresh-2" });
  const jwks = server.answers["/jwks"]!;
  server.answers["/jwks"] = { status: 404 };
  giving(await server.idToken(), { refresh_token: "refresh-3" });
  await expect(provider.getToken({})).rejects.toMatchObject({ code: "OIDC_ID_TOKEN_INVALID" });
  server.answers["/jwks"] = jwks;
  giving(await server.idToken());
  await provider.getToken({});
  const sent = server.log.filter(({ path }) => path === "/token");
  expect(sent.map(({ form }) => form.get("refresh_token"))).toEqual([
    ...["refresh-1", "refresh-2", "refresh-3"],
  ]);
});

test("keys that cannot be had at the moment are asked for again", async () => {
  const { body } = server.answers["/jwks"] as { body: object };
  server.answers["/jwks"] = [{ status: 503 }, { status: 503 }, { body }];
  giving(await server.idToken());
  expect(await (await signedIn()).provider.getToken({})).toMatchObject({ principal: "me" });
});

test("a server that gives no ID token is told from one that is no OpenID provider", async () => {
  const { provider } = await signedIn();
  expect(await provider.getToken({})).toMatchObject({ value: "a-token", principal: "me" });
  await expect(provider.getIdToken!({ audience: "tool" })).rejects.toMatchObject({
    ...{ code: "OIDC_ID_TOKEN_MISSING", kind: "credentials" },
    message: expect.stringMatching(/^Cannot get an identity token of /),
  });
});

test("an ID token of a server that does not describe itself proves nothing, and is left alone", async () => {
  giving("none.of.that");
  const provider = await open(server, {
    options: {
      ...{ ...tool, grant: "refresh-token", "refresh-token": "refresh-1", issuer: "" },
      "token-endpoint": `${server.issuer}/token`,
    },
  });
  expect(await provider.getToken({})).toMatchObject({ value: "a-token" });
  await expect(provider.getIdToken!({ audience: "tool" })).rejects.toMatchObject({
    code: "OIDC_ID_TOKEN_MISSING",
  });
});
