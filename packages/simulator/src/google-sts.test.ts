import { afterAll, expect, test } from "vitest";
import type { JsonObject } from "./google-options.ts";
import { startGoogle } from "./start-google.ts";

const now = Date.parse("2026-01-01T00:00:00Z");
const google = await startGoogle({ now: () => now });
afterAll(() => google.close());
const { credentials } = google;
const { audience, token_url } = credentials.externalAccountFile("token.txt");
const cloudPlatform = "https://www.googleapis.com/auth/cloud-platform";
const urn = "urn:ietf:params:oauth";

async function post(url: string, form: Record<string, string>, headers = {}) {
  const body = new URLSearchParams(form);
  const response = await fetch(url, { method: "POST", body, headers });
  return { status: response.status, body: await response.json() };
}

async function form(changes: JsonObject = {}): Promise<Record<string, string>> {
  return {
    grant_type: `${urn}:grant-type:token-exchange`,
    audience,
    scope: cloudPlatform,
    requested_token_type: `${urn}:token-type:access_token`,
    subject_token_type: `${urn}:token-type:jwt`,
    subject_token: await google.subjectToken(changes),
  };
}

test("startGoogle() exchanges the token of a foreign provider, which may act as an account", async () => {
  const { status, body } = await post(token_url, await form());
  expect(status).toBe(200);
  expect(body).toEqual({
    access_token: expect.stringMatching(/^ya29\./),
    issued_token_type: `${urn}:token-type:access_token`,
    token_type: "Bearer",
    expires_in: 3_600,
  });
  const principal =
    "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/demo-pool/subject/workload-7";
  expect(google.log.at(-1)?.verified).toMatchObject({ grant: "token-exchange", principal });
  const response = await fetch(google.impersonationUrl(google.accounts.reader), {
    method: "POST",
    headers: { authorization: `Bearer ${body.access_token}` },
    body: JSON.stringify({ scope: [cloudPlatform] }),
  });
  expect(response.status).toBe(200);
  const info = await post(`${google.url}/v1/introspect`, { token: body.access_token });
  expect(info.body).toMatchObject({ active: true, sub: principal });
});

const seconds = now / 1_000;

test.each([
  ["another issuer", { iss: "https://else.example.com" }, /issuer/],
  ["another audience", { aud: "https://else.example.com" }, /audience/],
  ["a time gone by", { exp: seconds }, /stale/],
  ["a time to come", { iat: seconds + 400 }, /stale/],
  ["no subject", { sub: undefined }, /subject/],
])("startGoogle() refuses subject tokens with %s", async (_name, changes, text) => {
  const { status, body } = await post(token_url, await form(changes));
  expect(status).toBe(400);
  expect(body.error).toBe("invalid_grant");
  expect(body.error_description).toMatch(text);
});

test.each([
  ["grant_type", "password", "unsupported_grant_type"],
  ["audience", "demo-pool", "invalid_request"],
  ["audience", "//iam.googleapis.com/projects/1/else", "invalid_target"],
  ["subject_token_type", "jwt", "invalid_request"],
  ["requested_token_type", "jwt", "invalid_request"],
  ["scope", "", "invalid_request"],
  ["options", "{", "invalid_request"],
  ["subject_token", "a.b", "invalid_grant"],
])("startGoogle() refuses an exchange whose %s is %j", async (field, value, error) => {
  const good = await form();
  expect(await post(token_url, { ...good, [field]: value })).toMatchObject({
    status: 400,
    body: { error },
  });
});

test("startGoogle() verifies the signature of subject tokens", async () => {
  const good = await form();
  const forged = `${good["subject_token"]!.slice(0, -8)}AAAAAAAA`;
  expect(await post(token_url, { ...good, subject_token: forged })).toMatchObject({
    body: { error_description: expect.stringContaining("signature") },
  });
});

test("startGoogle() gives subject tokens to workloads that show the header", async () => {
  const { credential_source: source } = credentials.externalAccountUrl;
  const { url, headers } = source as { url: string; headers: Record<string, string> };
  expect((await fetch(url)).status).toBe(400);
  const { access_token } = await (await fetch(url, { headers })).json();
  const exchanged = await post(token_url, { ...(await form()), subject_token: access_token });
  expect(exchanged.status).toBe(200);
});

test("startGoogle() refreshes and ends the login of a workforce user", async () => {
  await using other = await startGoogle();
  const user = other.credentials.externalAccountAuthorizedUser;
  const { client_id, client_secret, refresh_token, revoke_url } = user;
  const authorization = `Basic ${btoa(`${client_id}:${client_secret}`)}`;
  const good = { grant_type: "refresh_token", refresh_token };
  expect(await post(user.token_url, good)).toMatchObject({ status: 401 });
  const wrong = { authorization: `Basic ${btoa(`${client_id}:x`)}` };
  expect(await post(user.token_url, good, wrong)).toMatchObject({ status: 401 });
  const { body } = await post(user.token_url, good, { authorization });
  expect(body).toMatchObject({ access_token: expect.any(String), token_type: "Bearer" });
  expect((await post(revoke_url, { token: refresh_token })).status).toBe(401);
  expect((await post(revoke_url, { token: refresh_token }, { authorization })).status).toBe(200);
  expect(await post(user.token_url, good, { authorization })).toMatchObject({
    status: 400,
    body: { error: "invalid_grant" },
  });
  const info = await post(user.token_info_url, { token: body.access_token });
  expect(info.body).toEqual({ active: false });
});

test("startGoogle() tells whose token it is, and the id of a project", async () => {
  const { body } = await post(token_url, await form());
  const headers = { authorization: `Bearer ${body.access_token}` };
  const info = await post(`${google.url}/tokeninfo`, { access_token: body.access_token });
  expect(info.body).toMatchObject({ scope: cloudPlatform, expires_in: "3600" });
  expect((await post(`${google.url}/tokeninfo`, {})).status).toBe(400);
  const project = await fetch(`${google.url}/v1/projects/123456789012`, { headers });
  expect(await project.json()).toMatchObject({ projectId: "demo-project" });
  expect((await fetch(`${google.url}/v1/projects/1`, { headers })).status).toBe(404);
});
