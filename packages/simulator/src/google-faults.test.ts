import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { GoogleFailure } from "./google-options.ts";
import { startGoogle } from "./start-google.ts";

const google = await startGoogle({ delayMs: 5 });
afterAll(() => google.close());
const { client_id, client_secret, refresh_token } = google.credentials.authorizedUser;

function refresh(): Promise<Response> {
  const form = { grant_type: "refresh_token", client_id, client_secret, refresh_token };
  return fetch(google.tokenUri, { method: "POST", body: new URLSearchParams(form) });
}

async function outcome(): Promise<unknown> {
  try {
    const response = await refresh();
    const text = await response.text();
    try {
      const { error } = JSON.parse(text);
      return [response.status, typeof error === "object" ? error.status : error];
    } catch {
      return [response.status, text];
    }
  } catch {
    return "no answer";
  }
}

test.each([
  ["invalid_grant_token", [400, "invalid_grant"]],
  ["invalid_rapt", [400, "invalid_grant"]],
  ["invalid_client", [401, "invalid_client"]],
  ["invalid_target", [400, "invalid_target"]],
  ["permission_denied", [403, "PERMISSION_DENIED"]],
  ["rate_limited", [429, "RESOURCE_EXHAUSTED"]],
  ["internal_error", [500, "INTERNAL"]],
  ["server_error", [503, "internal_failure"]],
  ["garbage", [200, '{"access_']],
  ["empty", [200, ""]],
  ["cut", "no answer"],
  ["slow", [200, undefined]],
] satisfies [GoogleFailure, unknown][])(
  "fail() ends requests in %s as often as asked",
  async (failure, expected) => {
    google.fail(failure, { times: 2 });
    expect([await outcome(), await outcome()]).toEqual([expected, expected]);
    expect(await outcome()).toEqual([200, undefined]);
  },
);

test("fail() drops connections as often as asked", async () => {
  const before = google.log.length;
  google.fail("down", { times: 4 });
  // Some runtimes ask again by themselves when a connection that they kept is gone.
  const outcomes: unknown[] = [];
  while (google.log.length < before + 5) outcomes.push(await outcome());
  expect(outcomes).toContain("no answer");
  expect(outcomes.at(-1)).toEqual([200, undefined]);
  expect(google.log.slice(before).map(({ status }) => status)).toEqual([503, 503, 503, 503, 200]);
});

test("fail() goes on until it is called again, where paths begin as asked", async () => {
  google.fail("internal_error", { path: "/v1/" });
  expect((await refresh()).status).toBe(200);
  expect((await fetch(`${google.url}/v1/token`)).status).toBe(500);
  google.fail(undefined);
  expect((await fetch(`${google.url}/v1/token`)).status).toBe(404);
});

test("startGoogle() says a time of expiry that is none, or nothing, if told so", async () => {
  for (const [expiresIn, said] of [
    ["soon", "soon"],
    [-1, -1],
    [null, undefined],
  ] as const) {
    await using other = await startGoogle({ expiresIn });
    const path = "/computeMetadata/v1/instance/service-accounts/default/token";
    const headers = { "metadata-flavor": "Google" };
    const body = await (await fetch(`${other.url}${path}`, { headers })).json();
    expect(body.expires_in).toBe(said);
    expect(other.issued[0]?.expiresAt).toBeGreaterThan(Date.now());
  }
});

test("startGoogle() has an answer to everything but a mistake of its own", async () => {
  const paths = [
    "/token",
    "/revoke",
    "/tokeninfo",
    "/v1/token",
    "/v1/oauthtoken",
    "/v1/introspect",
  ];
  const grants = ["jwt-bearer", "token-exchange"].map(
    (it) => `urn:ietf:params:oauth:grant-type:${it}`,
  );
  const { externalAccountAws: aws, externalAccountUrl: oidc } = google.credentials;
  const fields = fc.record(
    {
      grant_type: fc.constantFrom("refresh_token", ...grants),
      assertion: fc.string({ unit: fc.constantFrom("a", ".", "e30", "%", "=") }),
      audience: fc.constantFrom(aws.audience, oidc.audience, "toString", ""),
      requested_token_type: fc.constant("urn:ietf:params:oauth:token-type:access_token"),
      subject_token_type: fc.constantFrom(aws.subject_token_type, oidc.subject_token_type),
      subject_token: fc.oneof(fc.string(), fc.json()),
      scope: fc.string(),
      options: fc.json(),
      token: fc.string({ unit: fc.constantFrom("a", "=", "+", "JTo=") }),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fields, async (path, form) => {
      const body = new URLSearchParams(form as Record<string, string>);
      const headers = { authorization: `Basic ${form.token ?? ""}` };
      const response = await fetch(`${google.url}${path}`, { method: "POST", body, headers });
      expect(response.status, await response.text()).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
});

test("startGoogle() has an answer to every path and body", async () => {
  const token = (await (await refresh()).json()).access_token;
  const headers = { authorization: `Bearer ${token}`, "metadata-flavor": "Google" };
  const account = `/v1/projects/-/serviceAccounts/${google.accounts.reader}`;
  const bases = ["/computeMetadata/v1/", "/latest/", `${account}:`, "/v1/projects/", "/"];
  const paths = [...["generateAccessToken", "signJwt"].map((it) => `${account}:${it}`)];
  const path = fc.oneof(
    fc.tuple(fc.constantFrom(...bases), fc.webPath()).map((parts) => parts.join("")),
    fc.constantFrom(...paths),
    fc.string({ unit: fc.constantFrom("/", "%", "a", "2f", ".") }).map((text) => `/${text}`),
  );
  await fc.assert(
    fc.asyncProperty(path, fc.option(fc.json()), async (path, body) => {
      const method = body === null ? "GET" : "POST";
      const response = await fetch(`${google.url}${path}`, { method, headers, body });
      expect(response.status, await response.text()).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
});
