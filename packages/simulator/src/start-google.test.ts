import {
  createPublicKey,
  createSign,
  createVerify,
  type KeyObject,
  X509Certificate,
} from "node:crypto";
import { expect, test } from "vitest";
import type { GoogleFailure } from "./google-options.ts";
import type { GoogleSimulator } from "./google-simulator.ts";
import { startGoogle } from "./start-google.ts";

const grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const now = Date.parse("2026-01-01T00:00:00Z");
const iat = now / 1_000;

function assertion(
  google: GoogleSimulator,
  change: Record<string, unknown> = {},
  kid?: string,
): string {
  const { client_email: iss, private_key: pem, private_key_id: own } = google.key;
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss, scope: "a b", aud: google.tokenUri, iat, exp: iat + 3_600, ...change };
  const unsigned = `${part({ alg: "RS256", typ: "JWT", kid: kid ?? own })}.${part(claims)}`;
  return `${unsigned}.${createSign("RSA-SHA256").update(unsigned).sign(pem, "base64url")}`;
}

async function exchange(google: GoogleSimulator, form: Record<string, string>) {
  const response = await fetch(google.tokenUri, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  const text = await response.text();
  return { status: response.status, text, type: response.headers.get("content-type") };
}

async function refusal(google: GoogleSimulator, jwt: string): Promise<unknown> {
  const { status, text } = await exchange(google, { grant_type: grant, assertion: jwt });
  return [status, ...Object.values(JSON.parse(text))];
}

test("startGoogle() exchanges a good assertion for an access token", async () => {
  await using google = await startGoogle({ now: () => now, expiresIn: 600 });
  const { status, text } = await exchange(google, {
    grant_type: grant,
    assertion: assertion(google, { sub: "ada@example.com" }),
  });
  expect(status).toBe(200);
  const body = JSON.parse(text);
  expect(body).toEqual({
    access_token: expect.stringMatching(/^ya29\.c\./),
    expires_in: 600,
    token_type: "Bearer",
  });
  expect(google.issued).toEqual([
    {
      ...{ kind: "access", grant: "jwt-bearer", principal: google.key.client_email },
      ...{
        token: body.access_token,
        scope: "a b",
        sub: "ada@example.com",
        expiresAt: now + 600_000,
      },
      claims: expect.objectContaining({ aud: google.tokenUri }),
      header: expect.objectContaining({ alg: "RS256", kid: google.key.private_key_id }),
    },
  ]);
  const verified = { grant: "jwt-bearer", principal: google.key.client_email, scope: "a b" };
  expect(google.log).toMatchObject([{ method: "POST", path: "/token", status: 200, at: now }]);
  expect(google.log[0]?.verified).toEqual({ ...verified, sub: "ada@example.com" });
});

test("startGoogle() gives an identity token for a target audience", async () => {
  await using google = await startGoogle({ now: () => now });
  const jwt = assertion(google, { scope: undefined, target_audience: "https://run.example.com" });
  const { text } = await exchange(google, { grant_type: grant, assertion: jwt });
  const [header, claims, signature] = JSON.parse(text).id_token.split(".");
  expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
    aud: "https://run.example.com",
    email: google.key.client_email,
    exp: iat + 3_600,
  });
  const verify = (key: KeyObject) =>
    createVerify("RSA-SHA256").update(`${header}.${claims}`).verify(key, signature, "base64url");
  const { keys } = await (await fetch(`${google.url}/oauth2/v3/certs`)).json();
  const certs = await (await fetch(`${google.url}/oauth2/v1/certs`)).json();
  const { kid } = JSON.parse(Buffer.from(header, "base64url").toString());
  expect(keys).toMatchObject([{ kid, alg: "RS256" }]);
  expect(verify(createPublicKey({ key: keys[0], format: "jwk" }))).toBe(true);
  expect(verify(new X509Certificate(certs[kid]).publicKey)).toBe(true);
});

const clock =
  "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.";

test.each([
  ["an iat ahead", { iat: iat + 400, exp: iat + 3_700 }, "invalid_grant", clock],
  ["an exp too far", { exp: iat + 3_601 }, "invalid_grant", clock],
  ["an exp gone by", { iat: iat - 3_600, exp: iat }, "invalid_grant", clock],
  ["no times", { iat: undefined }, "invalid_grant", clock],
  [
    "a stranger",
    { iss: "x@y.iam.gserviceaccount.com" },
    "invalid_grant",
    "Invalid grant: account not found",
  ],
  [
    "no service account",
    { iss: "ada@example.com" },
    "invalid_grant",
    "Invalid issuer: Not a service account.",
  ],
  ["a subject that is no address", { sub: "ada" }, "invalid_grant", "Invalid email or User ID"],
  [
    "no scope",
    { scope: "" },
    "invalid_scope",
    "Invalid OAuth scope or ID token audience provided.",
  ],
])("startGoogle() refuses %s", async (_name, change, error, description) => {
  await using google = await startGoogle({ now: () => now });
  expect(await refusal(google, assertion(google, change))).toEqual([400, error, description]);
  expect(google.issued).toEqual([]);
});

test("startGoogle() verifies the signature, the key id and the audience", async () => {
  await using google = await startGoogle({ now: () => now });
  const good = assertion(google);
  const signature = [400, "invalid_grant", "Invalid JWT Signature."];
  expect(await refusal(google, `${good.slice(0, -8)}AAAAAAAA`)).toEqual(signature);
  expect(await refusal(google, assertion(google, {}, "0123"))).toEqual(signature);
  expect(
    await refusal(google, assertion(google, { aud: "https://oauth2.googleapis.com/token" })),
  ).toEqual([
    400,
    "invalid_grant",
    `Invalid JWT: Failed audience check. The right audience is ${google.tokenUri}`,
  ]);
  expect(await refusal(google, "a.b")).toMatchObject([400, "invalid_grant", /JWT/]);
});

test("startGoogle() wants the right form", async () => {
  await using google = await startGoogle();
  const error = async (form: Record<string, string>) =>
    JSON.parse((await exchange(google, form)).text).error;
  expect(await error({})).toBe("invalid_request");
  expect(await error({ grant_type: "password" })).toBe("unsupported_grant_type");
  expect(await error({ grant_type: grant })).toBe("invalid_request");
  expect((await fetch(google.tokenUri)).status).toBe(404);
});

test.each([
  ["invalid_grant_clock", 400, "invalid_grant"],
  ["invalid_grant_key", 400, "invalid_grant"],
  ["invalid_grant_account", 400, "invalid_grant"],
  ["unauthorized_client", 401, "unauthorized_client"],
  ["invalid_scope", 400, "invalid_scope"],
  ["server_error", 503, "internal_failure"],
  ["html", 502, undefined],
] satisfies [GoogleFailure, number, string | undefined][])(
  "startGoogle() fails with %s as often as asked",
  async (fail, status, error) => {
    await using google = await startGoogle({ now: () => now, fail, failTimes: 1 });
    const form = { grant_type: grant, assertion: assertion(google) };
    const failed = await exchange(google, form);
    expect(failed.status).toBe(status);
    if (error) expect(JSON.parse(failed.text).error).toBe(error);
    else expect(failed.type).toContain("text/html");
    expect((await exchange(google, form)).status).toBe(200);
  },
);
