import { expect, test } from "vitest";
import { startGoogle } from "./start-google.ts";

const now = Date.parse("2026-01-01T00:00:00Z");
const google = await startGoogle({ now: () => now });
const { client_id, client_secret, refresh_token, token_uri } = google.credentials.authorizedUser;
const good = { grant_type: "refresh_token", client_id, client_secret, refresh_token };

async function post(url: string, form: Record<string, string>) {
  const response = await fetch(url, { method: "POST", body: new URLSearchParams(form) });
  return { status: response.status, body: await response.json() };
}

test("startGoogle() gives a user tokens for a refresh token", async () => {
  const { status, body } = await post(token_uri, good);
  expect(status).toBe(200);
  expect(body).toEqual({
    access_token: expect.stringMatching(/^ya29\.a0/),
    expires_in: 3_600,
    scope: expect.stringContaining("cloud-platform"),
    token_type: "Bearer",
    id_token: expect.any(String),
  });
  const claims = JSON.parse(Buffer.from(body.id_token.split(".")[1], "base64url").toString());
  expect(claims).toMatchObject({ aud: client_id, email: google.accounts.user, iat: now / 1_000 });
  expect(google.log.at(-1)?.verified).toMatchObject({ principal: "ada@example.com" });
});

test("startGoogle() gives fewer scopes, but no more than the user consented to", async () => {
  const scope = "https://www.googleapis.com/auth/cloud-platform";
  const { body } = await post(token_uri, { ...good, scope });
  expect(body.scope).toBe(scope);
  expect(body).not.toHaveProperty("id_token");
  const more = await post(token_uri, { ...good, scope: `${scope} https://mail.google.com/` });
  expect(more).toMatchObject({ status: 400, body: { error: "invalid_scope" } });
});

test.each([
  ["no client", { client_id: "" }, 400, "invalid_request"],
  ["another client", { client_id: "x.apps.googleusercontent.com" }, 401, "invalid_client"],
  ["another secret", { client_secret: "x" }, 401, "invalid_client"],
  ["no refresh token", { refresh_token: "" }, 400, "invalid_request"],
  ["another refresh token", { refresh_token: "1//0x" }, 400, "invalid_grant"],
])("startGoogle() refuses %s", async (_name, change, status, error) => {
  expect(await post(token_uri, { ...good, ...change })).toMatchObject({ status, body: { error } });
});

test("startGoogle() wants a form without repetition", async () => {
  const json = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
  expect((await fetch(token_uri, json)).status).toBe(400);
  const body = new URLSearchParams([...Object.entries(good), ["grant_type", "refresh_token"]]);
  const twice = await fetch(token_uri, { method: "POST", body });
  expect(await twice.json()).toMatchObject({ error: "invalid_request" });
});

test("startGoogle() ends a user's consent", async () => {
  await using other = await startGoogle();
  const user = other.credentials.authorizedUser;
  const form = { ...good, ...user, grant_type: "refresh_token" };
  const { body } = await post(user.token_uri, form);
  expect(await post(user.revoke_uri, { token: body.access_token })).toMatchObject({ status: 200 });
  expect(await post(user.token_uri, form)).toMatchObject({
    status: 400,
    body: { error: "invalid_grant", error_description: "Token has been expired or revoked." },
  });
  expect(await post(user.revoke_uri, { token: body.access_token })).toMatchObject({
    status: 400,
    body: { error: "invalid_token" },
  });
});

test("startGoogle() asks users to sign in again, in Google's words", async () => {
  google.fail("invalid_rapt", { times: 1, path: "/token" });
  expect(await post(token_uri, good)).toMatchObject({
    status: 400,
    body: { error: "invalid_grant", error_subtype: "invalid_rapt" },
  });
  expect((await post(token_uri, good)).status).toBe(200);
});
