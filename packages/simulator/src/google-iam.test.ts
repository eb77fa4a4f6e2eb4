import { afterAll, expect, test } from "vitest";
import type { JsonObject } from "./google-options.ts";
import { startGoogle } from "./start-google.ts";

const now = Date.parse("2026-01-01T00:00:00Z");
const google = await startGoogle({ now: () => now });
afterAll(() => google.close());
const { accounts } = google;
const cloudPlatform = "https://www.googleapis.com/auth/cloud-platform";
const scope = [cloudPlatform];
const name = (account: string) => `projects/-/serviceAccounts/${account}`;

async function userToken(change: Record<string, string> = {}): Promise<string> {
  const { client_id, client_secret, refresh_token, token_uri } = google.credentials.authorizedUser;
  const form = { grant_type: "refresh_token", client_id, client_secret, refresh_token, ...change };
  const response = await fetch(token_uri, { method: "POST", body: new URLSearchParams(form) });
  return (await response.json()).access_token;
}

async function call(
  account: string,
  body: JsonObject,
  { method = "generateAccessToken", token, headers = {} }: Options = {},
) {
  const url = google.impersonationUrl(account).replace("generateAccessToken", method);
  const bearer = token ?? (await userToken());
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

interface Options {
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Record<string, string>;
}

test("startGoogle() lets a user act as a service account", async () => {
  const { status, body } = await call(accounts.reader, { scope, lifetime: "600s" });
  expect(status).toBe(200);
  expect(body).toEqual({
    accessToken: google.issued.at(-1)?.token,
    expireTime: "2026-01-01T00:10:00Z",
  });
  expect(google.log.at(-1)?.verified).toEqual({
    ...{ caller: accounts.user, delegates: [], principal: accounts.reader },
    ...{ grant: "generateAccessToken", scope: cloudPlatform, lifetime: 600 },
  });
});

test("startGoogle() follows a chain of delegates, and only one that is allowed", async () => {
  const delegates = [name(accounts.relay)];
  expect((await call(accounts.vault, { scope, delegates })).status).toBe(200);
  expect(await call(accounts.vault, { scope })).toMatchObject({
    status: 403,
    body: {
      error: {
        status: "PERMISSION_DENIED",
        message: expect.stringContaining("'iam.serviceAccounts.getAccessToken' denied"),
      },
    },
  });
  const wrong = await call(accounts.vault, { scope, delegates: [name(accounts.reader)] });
  expect(wrong.status).toBe(403);
  expect((await call(accounts.vault, { scope, delegates: [accounts.relay] })).status).toBe(400);
});

test("startGoogle() lets tokens live for an hour, or for twelve where that is allowed", async () => {
  const delegates = [name(accounts.relay)];
  const long = await call(accounts.vault, { scope, delegates, lifetime: "43200s" });
  expect(long.body.expireTime).toBe("2026-01-01T12:00:00Z");
  const refused = await call(accounts.reader, { scope, lifetime: "3601s" });
  expect(refused).toMatchObject({ status: 400, body: { error: { status: "INVALID_ARGUMENT" } } });
  expect(refused.body.error.message).toContain("lifetimes of more than 1 hour");
  expect((await call(accounts.vault, { scope, delegates, lifetime: "43201s" })).status).toBe(400);
  expect((await call(accounts.reader, { scope, lifetime: 600 })).status).toBe(400);
});

test.each([
  ["no scope", {}],
  ["an empty list of scopes", { scope: [] }],
  ["a scope that is none", { scope: ["cloud-platform"] }],
])("startGoogle() refuses impersonation with %s", async (_name, body) => {
  expect(await call(accounts.reader, body)).toMatchObject({
    status: 400,
    body: { error: { status: "INVALID_ARGUMENT" } },
  });
});

test("startGoogle() wants a token that may impersonate", async () => {
  expect((await call(accounts.reader, { scope }, { token: "ya29.nobody" })).status).toBe(401);
  const identity = await userToken({ scope: "openid" });
  expect(await call(accounts.reader, { scope }, { token: identity })).toMatchObject({
    status: 403,
    body: { error: { details: [{ reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT" }] } },
  });
  const bare = await fetch(google.impersonationUrl(accounts.reader), { method: "POST" });
  expect(bare.status).toBe(401);
  expect((await call("nobody@demo-project.iam.gserviceaccount.com", { scope })).status).toBe(404);
});

test("startGoogle() knows which projects may pay", async () => {
  const headers = { "x-goog-user-project": "demo-project" };
  expect((await call(accounts.reader, { scope }, { headers })).status).toBe(200);
  expect(google.log.at(-1)?.verified).toMatchObject({ quotaProject: "demo-project" });
  const other = await call(
    accounts.reader,
    { scope },
    { headers: { "x-goog-user-project": "strange" } },
  );
  expect(other).toMatchObject({
    status: 403,
    body: { error: { details: [{ reason: "USER_PROJECT_DENIED" }] } },
  });
});

test("startGoogle() gives identity tokens by impersonation", async () => {
  const audience = "https://run.example.com";
  const { body } = await call(
    accounts.reader,
    { audience, includeEmail: true },
    { method: "generateIdToken" },
  );
  const claims = JSON.parse(Buffer.from(body.token.split(".")[1], "base64url").toString());
  expect(claims).toMatchObject({ aud: audience, email: accounts.reader, azp: claims.sub });
  const plain = await call(accounts.reader, { audience }, { method: "generateIdToken" });
  expect(Buffer.from(plain.body.token.split(".")[1], "base64url").toString()).not.toContain(
    "email",
  );
  expect((await call(accounts.reader, {}, { method: "generateIdToken" })).status).toBe(400);
});

test("startGoogle() signs claims that its token endpoint accepts, for a user that the account stands for", async () => {
  const iat = now / 1_000;
  const payload = JSON.stringify({
    ...{ iss: accounts.reader, sub: accounts.user, scope: cloudPlatform },
    ...{ aud: google.tokenUri, iat, exp: iat + 3_600 },
  });
  const { body } = await call(accounts.reader, { payload }, { method: "signJwt" });
  const form = {
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion: body.signedJwt,
  };
  const response = await fetch(google.tokenUri, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  expect(response.status).toBe(200);
  expect(google.issued.at(-1)).toMatchObject({ principal: accounts.reader, sub: accounts.user });
  const blob = await call(accounts.reader, { payload: btoa("bytes") }, { method: "signBlob" });
  expect(blob.body).toMatchObject({ signedBlob: expect.any(String) });
});

test("startGoogle() says absurd times of expiry when told so", async () => {
  await using other = await startGoogle({ expiresIn: 1e15 });
  const { client_id, client_secret, refresh_token, token_uri } = other.credentials.authorizedUser;
  const body = new URLSearchParams({
    ...{ grant_type: "refresh_token", client_id, client_secret, refresh_token },
  });
  const { access_token, expires_in } = await (
    await fetch(token_uri, { method: "POST", body })
  ).json();
  expect(expires_in).toBe(1e15);
  const response = await fetch(other.impersonationUrl(accounts.reader), {
    method: "POST",
    headers: { authorization: `Bearer ${access_token}` },
    body: JSON.stringify({ scope }),
  });
  expect(await response.json()).toMatchObject({ expireTime: "+999999-12-31T23:59:59Z" });
});
