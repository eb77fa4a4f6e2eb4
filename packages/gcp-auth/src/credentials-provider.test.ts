import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import type { ClientCertificate, TokenProvider } from "@decant/core";
import { tokenProviderConformance } from "@decant/core/conformance";
import { startGoogle } from "@decant/simulator";
import { afterAll, beforeEach, expect, test } from "vitest";
import { type CredentialsProviderOptions, credentialsProvider } from "./credentials-provider.ts";
import { decodeClaims } from "./decode-claims.ts";

const google = await startGoogle({ mutualTls: true });
const folder = await mkdtemp(join(tmpdir(), "gcp-auth-"));
afterAll(async () => {
  await google.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => google.fail(undefined));

const { credentials, accounts } = google;
const drive = "https://www.googleapis.com/auth/drive";
const cloudPlatform = "https://www.googleapis.com/auth/cloud-platform";
const noWait = { sleep: async () => {}, random: () => 0 };
const tokenFile = join(folder, "subject-token");
await writeFile(tokenFile, await google.subjectToken());

function open(
  file: object,
  options: Omit<CredentialsProviderOptions, "credentials"> = {},
): Promise<TokenProvider> {
  return credentialsProvider({ credentials: file, readFile, ...noWait, ...options });
}

function impersonating(file: object, account = accounts.reader): object {
  return { ...file, service_account_impersonation_url: google.impersonationUrl(account) };
}

const { authorizedUser, externalAccountAuthorizedUser } = credentials;
const secrets = [
  ...[authorizedUser.refresh_token, authorizedUser.client_secret],
  ...[externalAccountAuthorizedUser.refresh_token, externalAccountAuthorizedUser.client_secret],
  ...google.key.private_key.split("\n").slice(1, -2),
];

/** Nothing that can be reached from these shows a secret, or a token. */
function expectNoSecret(...values: unknown[]): void {
  const shown = values.map((value) => inspect(value, { depth: Infinity, showHidden: true }));
  const all = `${shown.join()}${JSON.stringify(values)}`;
  for (const secret of secrets) expect(all).not.toContain(secret);
  for (const { token } of google.issued) expect(all).not.toContain(token);
}

const kinds: Readonly<Record<string, object>> = {
  service_account: credentials.serviceAccount,
  authorized_user: authorizedUser,
  impersonated_service_account: credentials.impersonatedServiceAccount,
  "a chain of impersonation": credentials.impersonationChain,
  "external_account from a url": credentials.externalAccountUrl,
  "external_account from a file": credentials.externalAccountFile(tokenFile),
  "external_account of AWS": credentials.externalAccountAws,
  "external_account that impersonates": impersonating(credentials.externalAccountUrl),
  external_account_authorized_user: externalAccountAuthorizedUser,
};

for (const [kind, file] of Object.entries(kinds)) {
  const brokenUrl = { token_uri: `${google.url}/nowhere`, token_url: `${google.url}/nowhere` };
  const source = (file as { source_credentials?: object }).source_credentials;
  const broken = source
    ? { ...file, source_credentials: { ...source, ...brokenUrl } }
    : { ...file, ...brokenUrl };
  tokenProviderConformance({
    test: (name, run) => test(`credentialsProvider() of ${kind}: ${name}`, run),
    open: () => open(file),
    broken: () => open(broken),
    secrets: () => secrets,
    ...(kind === "external_account_authorized_user"
      ? {}
      : { scopes: [kind === "authorized_user" ? cloudPlatform : drive] }),
  });

  test(`credentialsProvider() explains ${kind} without asking anybody, and shows no secret`, async () => {
    const asked = google.log.length;
    const provider = await open(file, { source: "credentials.json" });
    const explanation = await provider.explain?.();
    expect(explanation).toMatchObject({
      kind: (file as { type: string }).type,
      source: "credentials.json",
      reason: "it was given",
      universe: "googleapis.com",
    });
    expect(explanation?.endpoints.length).toBeGreaterThan(0);
    expectNoSecret(explanation, provider, provider.identity);
    expect(google.log.length).toBe(asked);
  });

  test(`credentialsProvider() shows no secret of ${kind} whatever goes wrong`, async () => {
    const failures = [
      "down",
      "html",
      "internal_error",
      "garbage",
      "empty",
      "invalid_scope",
    ] as const;
    for (const failure of failures) {
      google.fail(failure);
      const provider = await open(file);
      const error = await provider.getToken({}).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ name: "DecantError", kind: "credentials" });
      expectNoSecret(error);
    }
  });
}

test("credentialsProvider() refreshes the login of a user, with the scopes asked for", async () => {
  const provider = await open(authorizedUser);
  const usual = await provider.getToken({});
  expect(usual).toMatchObject({ principal: accounts.user, type: "Bearer" });
  expect(google.issued.find(({ token }) => token === usual.value)).toMatchObject({
    ...{ grant: "refresh_token", principal: accounts.user },
  });
  const token = await provider.getToken({ scopes: ["openid"] });
  expect(token.scopes).toEqual(["openid"]);
  await expect(provider.getToken({ scopes: [drive] })).rejects.toMatchObject({
    code: "GCP_SCOPE_INVALID",
    hint: expect.stringContaining("log in again"),
  });
});

test("credentialsProvider() tells when a user must log in again", async () => {
  for (const failure of ["invalid_grant_token", "invalid_rapt"] as const) {
    google.fail(failure);
    const provider = await open(authorizedUser);
    await expect(provider.getToken({})).rejects.toMatchObject({
      code: "GCP_REAUTH_NEEDED",
      kind: "credentials",
      retryable: false,
      hint: expect.stringContaining("gcloud auth application-default login"),
    });
  }
  google.fail("invalid_client");
  const provider = await open(authorizedUser);
  await expect(provider.getToken({})).rejects.toMatchObject({ code: "GCP_CLIENT_REFUSED" });
});

test("credentialsProvider() gives the identity token of a user to the user's own client only", async () => {
  const provider = await open(authorizedUser);
  const audience = authorizedUser.client_id;
  const token = await provider.getIdToken!({ audience });
  expect(decodeClaims(token.value)).toMatchObject({ aud: audience, email: accounts.user });
  expect(token.principal).toBe(accounts.user);
  await expect(provider.getIdToken!({ audience: "https://a.example" })).rejects.toMatchObject({
    code: "GCP_AUDIENCE_UNSUPPORTED",
    kind: "usage",
    message: expect.stringContaining(audience),
  });
});

test("credentialsProvider() gets identity tokens of each kind that has them", async () => {
  const audience = "https://service.example.com";
  const expected = [
    [credentials.serviceAccount, accounts.exporter],
    [credentials.impersonatedServiceAccount, accounts.reader],
    [credentials.impersonationChain, accounts.vault],
    [impersonating(credentials.externalAccountAws), accounts.reader],
  ] as const;
  for (const [file, email] of expected) {
    const provider = await open(file);
    const token = await provider.getIdToken!({ audience });
    expect(decodeClaims(token.value)).toMatchObject({ aud: audience, email });
    expect(token.principal).toBe(email);
    expect(token.expiresAt?.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
    const made = google.issued.length;
    expect((await provider.getIdToken!({ audience })).value).toBe(token.value);
    expect(google.issued.length).toBe(made);
    await provider.getIdToken!({ audience: "https://other.example.com" });
    expect(google.issued.at(-1)?.audience).toBe("https://other.example.com");
  }
});

test("credentialsProvider() says which kinds have no identity tokens", async () => {
  for (const file of [credentials.externalAccountUrl, externalAccountAuthorizedUser]) {
    const provider = await open(file);
    await expect(provider.getIdToken!({ audience: "a" })).rejects.toMatchObject({
      code: "GCP_ID_TOKEN_UNSUPPORTED",
      kind: "usage",
      hint: expect.stringContaining("impersonate"),
    });
  }
  const provider = await open(credentials.serviceAccount);
  await expect(provider.getIdToken!({ audience: "" })).rejects.toMatchObject({
    code: "GCP_AUDIENCE_MISSING",
  });
});

test("credentialsProvider() impersonates by a chain, for as long as is allowed", async () => {
  const provider = await open(credentials.impersonationChain, { lifetimeSeconds: 43_200 });
  const token = await provider.getToken({ minTtlMs: 11 * 3_600_000 });
  expect(token).toMatchObject({ principal: accounts.vault, scopes: [cloudPlatform] });
  expect(google.log.at(-1)?.verified).toMatchObject({
    delegates: [accounts.relay],
    caller: accounts.exporter,
    lifetime: 43_200,
  });
  const short = await open(credentials.impersonatedServiceAccount, { lifetimeSeconds: 7_200 });
  await expect(short.getToken({})).rejects.toMatchObject({
    code: "GCP_LIFETIME_INVALID",
    kind: "credentials",
    hint: expect.stringContaining("iam.allowServiceAccountCredentialLifetimeExtension"),
  });
});

test("credentialsProvider() says who lacks which role to impersonate", async () => {
  const url = google.impersonationUrl(accounts.vault);
  const file = {
    ...credentials.impersonatedServiceAccount,
    service_account_impersonation_url: url,
  };
  const provider = await open(file);
  await expect(provider.getToken({})).rejects.toMatchObject({
    code: "GCP_IMPERSONATION_DENIED",
    message: expect.stringContaining(`${accounts.user} may not impersonate it`),
    hint: expect.stringContaining(`roles/iam.serviceAccountTokenCreator on ${accounts.vault}`),
  });
  const nobody = google.impersonationUrl("nobody@demo.iam.gserviceaccount.com");
  const gone = await open({ ...file, service_account_impersonation_url: nobody });
  await expect(gone.getToken({})).rejects.toMatchObject({ code: "GCP_ACCOUNT_DISABLED" });
});

test("credentialsProvider() impersonates with any credential, and asks for the source token once", async () => {
  const env = (name: string) =>
    name === "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS" ? `${google.url}/` : undefined;
  const provider = await open(credentials.serviceAccount, {
    ...{ env, impersonate: [accounts.relay, accounts.vault], lifetimeSeconds: 7_200 },
  });
  const before = google.issued.length;
  expect(await provider.getToken({})).toMatchObject({ principal: accounts.vault });
  await provider.getToken({ scopes: [drive] });
  const token = await provider.getIdToken!({ audience: "https://a.example" });
  expect(token.principal).toBe(accounts.vault);
  const grants = google.issued.slice(before).map(({ grant }) => grant);
  expect(grants).toEqual([
    ...["jwt-bearer", "generateAccessToken", "generateAccessToken", "generateIdToken"],
  ]);
  expect(await provider.explain?.()).toMatchObject({
    kind: "impersonated_service_account",
    principal: accounts.vault,
    endpoints: [google.tokenUri, google.impersonationUrl(accounts.vault)],
  });
});

test("credentialsProvider() acts for a user by an impersonated account, without a key", async () => {
  const variables: Record<string, string> = {
    CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS: google.url,
    CLOUDSDK_AUTH_TOKEN_HOST: google.tokenUri,
  };
  const env = (name: string) => variables[name];
  const subject = "jo@acme.example";
  for (const [file, impersonate] of [
    [authorizedUser, [accounts.reader]],
    [credentials.impersonatedServiceAccount, []],
    [impersonating(credentials.externalAccountUrl), []],
  ] as const) {
    const provider = await open(file, { env, subject, impersonate });
    expect(await provider.getToken({ scopes: [drive] })).toMatchObject({ principal: subject });
    expect(google.issued.at(-1)).toMatchObject({
      ...{ grant: "jwt-bearer", principal: accounts.reader, sub: subject, scope: drive },
    });
    const { value } = await provider.getIdToken!({ audience: "https://a.example" });
    expect(decodeClaims(value)).toMatchObject({ aud: "https://a.example" });
    expect((await provider.explain?.())?.endpoints.at(-1)).toBe(google.tokenUri);
  }
  const options = { env, subject, impersonate: [accounts.reader], lifetimeSeconds: 60 };
  await expect(open(authorizedUser, options)).rejects.toMatchObject({
    code: "GCP_LIFETIME_INVALID",
  });
});

test("credentialsProvider() counts calls against the quota project", async () => {
  const provider = await open(credentials.impersonatedServiceAccount);
  await provider.getToken({});
  const quotaProject = authorizedUser.quota_project_id;
  expect(google.log.at(-1)?.verified).toMatchObject({ quotaProject });
  expect(await provider.explain?.()).toMatchObject({ quotaProject });
  const other = await open(credentials.impersonatedServiceAccount, { quotaProject: "billed" });
  await expect(other.getToken({})).rejects.toMatchObject({ code: "GCP_QUOTA_PROJECT_DENIED" });
  expect(other.identity).not.toBe(provider.identity);
});

test("credentialsProvider() learns from the answer whose login it is, where the file is silent", async () => {
  const provider = await open({ ...credentials.authorizedUser, account: "" });
  expect((await provider.getToken({})).principal).toBe(accounts.user);
});

test("credentialsProvider() revokes the login of a user, and keeps none of its tokens", async () => {
  await using other = await startGoogle();
  for (const file of [
    other.credentials.authorizedUser,
    other.credentials.externalAccountAuthorizedUser,
  ]) {
    const provider = await open(file);
    await provider.getToken({});
    other.fail("garbage", { times: 1 });
    await expect(provider.revoke!({})).rejects.toMatchObject({
      code: "GCP_ANSWER_INVALID",
      message: expect.stringMatching(/^Cannot revoke the login of "/),
    });
    await provider.revoke!({});
    await expect(provider.getToken({})).rejects.toMatchObject({ code: "GCP_REAUTH_NEEDED" });
    await expect(provider.revoke!({})).rejects.toMatchObject({ code: "GCP_REAUTH_NEEDED" });
  }
});

test("credentialsProvider() says what to do instead where a credential cannot be revoked", async () => {
  for (const kind of ["serviceAccount", "impersonationChain", "externalAccountUrl"] as const) {
    const provider = await open(credentials[kind]);
    await expect(provider.revoke!({})).rejects.toMatchObject({
      code: "GCP_REVOKE_UNSUPPORTED",
      kind: "usage",
      hint: expect.stringMatching(
        /^(Delete|Take).+ A token that it has got works until it ends\.$/,
      ),
    });
  }
});

test("credentialsProvider() signs a request to AWS with the keys of the environment", async () => {
  const signed = new Map([
    ["AWS_ACCESS_KEY_ID", "AKIDWRONG"],
    ["AWS_SECRET_ACCESS_KEY", "wrong-wrong-wrong"],
    ["AWS_REGION", "eu-west-1"],
  ]);
  const asked = google.log.length;
  const provider = await open(credentials.externalAccountAws, { env: (name) => signed.get(name) });
  await expect(provider.getToken({})).rejects.toMatchObject({
    code: "GCP_SUBJECT_TOKEN_REFUSED",
    message: expect.stringContaining("InvalidClientTokenId"),
  });
  expect(google.log.slice(asked).map(({ path }) => path)).toEqual(["/v1/token"]);
  expect(provider.identity).toBeDefined();
  expect(provider.identity).not.toContain("AKIDWRONG");
});

test("credentialsProvider() asks version 1 of the metadata server of AWS where the file says so", async () => {
  await using old = await startGoogle({ imds: 1 });
  const { credential_source, ...file } = old.credentials.externalAccountAws;
  const { imdsv2_session_token_url: _, ...source } = credential_source;
  const provider = await open({ ...file, credential_source: source });
  expect(await provider.getToken({})).toMatchObject({ type: "Bearer" });
  // Another machine with the same file would be somebody else.
  expect(provider.identity).toBeUndefined();
});

/** What a program for Node does with a client certificate. */
function fetchWithCertificate({ cert, key }: ClientCertificate): typeof globalThis.fetch {
  const ca = google.certificates?.ca;
  return (input, init) =>
    new Promise((resolve, reject) => {
      const headers = Object.fromEntries(new Headers(init?.headers));
      headers["content-type"] = "application/x-www-form-urlencoded";
      const options = { method: init?.method ?? "GET", headers, cert, key, ca, agent: false };
      const sent = httpsRequest(String(input), options, async (answer) => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of answer) chunks.push(chunk);
        resolve(new Response(Buffer.concat(chunks), { status: answer.statusCode ?? 0 }));
      });
      sent.once("error", reject);
      sent.end(String(init?.body ?? ""));
    });
}

test("credentialsProvider() proves itself by a certificate", async () => {
  const { certificate, key, ca } = google.certificates!;
  const config = join(folder, "certificate_config.json");
  const [certPath, keyPath, chainPath] = ["cert.pem", "key.pem", "chain.pem"].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await writeFile(certPath, certificate);
  await writeFile(keyPath, key);
  await writeFile(chainPath, certificate + ca);
  const workload = { cert_path: certPath, key_path: keyPath };
  await writeFile(config, JSON.stringify({ cert_configs: { workload } }));
  const file = credentials.externalAccountCertificate(config);
  const provider = await open(file, { fetchWithCertificate });
  expect(await provider.getToken({})).toMatchObject({ scopes: [cloudPlatform] });
  expect(google.issued.at(-1)?.principal).toMatch(/subject\/workload-7$/);
  expectNoSecret(provider, await provider.explain?.());
  expect(provider.identity).toBeDefined();
  expect(provider.identity).not.toContain(new X509Certificate(certificate).raw.toString("base64"));

  const source = {
    certificate: { certificate_config_location: config, trust_chain_path: chainPath },
  };
  const chained = await open({ ...file, credential_source: source }, { fetchWithCertificate });
  expect(await chained.getToken({})).toMatchObject({ type: "Bearer" });
  await writeFile(chainPath, ca + certificate);
  await expect(chained.getToken({ scopes: [drive] })).rejects.toMatchObject({
    code: "GCP_SUBJECT_TOKEN_MISSING",
  });
  const unable = await open(file);
  await expect(unable.getToken({})).rejects.toMatchObject({ code: "GCP_HOST_UNABLE" });
});

test("credentialsProvider() reads a subject token anew for each exchange", async () => {
  const path = join(folder, "rotating");
  await writeFile(path, "stale");
  const file = credentials.externalAccountFile(path);
  const provider = await open(file);
  await expect(provider.getToken({})).rejects.toMatchObject({
    code: "GCP_SUBJECT_TOKEN_REFUSED",
    kind: "credentials",
  });
  await writeFile(path, `${await google.subjectToken()}\n`);
  expect(await provider.getToken({})).toMatchObject({ type: "Bearer" });
  // Another subject may have its token there.
  expect((await open(file)).identity).not.toBe(provider.identity);
  await rm(path);
  await expect(provider.getToken({ scopes: [drive] })).rejects.toMatchObject({
    code: "GCP_SUBJECT_TOKEN_MISSING",
    message: expect.stringContaining(`"${path}" cannot be read: there is no such file`),
  });
  const nowhere = await credentialsProvider({ credentials: file });
  await expect(nowhere.getToken({})).rejects.toMatchObject({
    message: expect.stringContaining("no way to read files was given"),
  });
});

test("credentialsProvider() says that a pool is unknown", async () => {
  google.fail("invalid_target", { path: "/v1/token" });
  const provider = await open(credentials.externalAccountUrl);
  await expect(provider.getToken({})).rejects.toMatchObject({
    code: "GCP_POOL_UNKNOWN",
    hint: expect.stringContaining("providers/oidc"),
  });
});

test("credentialsProvider() does not choose what cannot be chosen", async () => {
  const subject = "jo@acme.example";
  await expect(open(authorizedUser, { subject })).rejects.toMatchObject({
    code: "GCP_SUBJECT_UNSUPPORTED",
  });
  await expect(open(authorizedUser, { lifetimeSeconds: 60 })).rejects.toMatchObject({
    code: "GCP_LIFETIME_INVALID",
    kind: "usage",
  });
  await expect(open(authorizedUser, { lifetimeSeconds: 50_000 })).rejects.toMatchObject({
    code: "GCP_LIFETIME_INVALID",
  });
  const provider = await open(externalAccountAuthorizedUser);
  await expect(provider.getToken({ scopes: [drive] })).rejects.toMatchObject({
    code: "GCP_SCOPES_FIXED",
    kind: "usage",
  });
});

test("credentialsProvider() signs its own tokens in the cloud of a partner", async () => {
  const file = { ...credentials.serviceAccount, universe_domain: "partner.example" };
  const asked = google.log.length;
  const provider = await open(file, { now: () => 1_700_000_000_500 });
  const token = await provider.getToken({ scopes: [drive] });
  expect(google.log.length).toBe(asked);
  const email = google.key.client_email;
  expect(decodeClaims(token.value)).toEqual({
    ...{ iss: email, sub: email, scope: drive, iat: 1_700_000_000, exp: 1_700_003_600 },
  });
  expect(token.expiresAt).toEqual(new Date(1_700_003_600_000));
});

test("credentialsProvider() asks the cloud of a partner for identity tokens with such a token", async () => {
  const requests: { url: string; init: RequestInit | undefined }[] = [];
  const claims = { aud: "https://a.example", email: google.key.client_email, exp: 1_700_003_600 };
  const idToken = `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
  const provider = await open(
    { ...credentials.serviceAccount, universe_domain: "partner.example" },
    {
      now: () => 1_700_000_000_000,
      async fetch(url, init) {
        requests.push({ url: String(url), init });
        return Response.json({ token: idToken });
      },
    },
  );
  const token = await provider.getIdToken!({ audience: claims.aud });
  expect(token).toMatchObject({ value: idToken, principal: claims.email });
  expect(token.expiresAt).toEqual(new Date(1_700_003_600_000));
  const [request] = requests;
  expect(request?.url).toBe(
    `https://iamcredentials.partner.example/v1/projects/-/serviceAccounts/${claims.email}:generateIdToken`,
  );
  const authorization = new Headers(request?.init?.headers).get("authorization");
  expect(decodeClaims(authorization?.slice("Bearer ".length) ?? "")).toMatchObject({
    iss: claims.email,
  });
  await expect(provider.getIdToken!({ audience: "https://b.example" })).rejects.toMatchObject({
    code: "GCP_ANSWER_INVALID",
    message: expect.stringContaining("is for another audience"),
  });
});

test("credentialsProvider() refuses a file that would send secrets to strangers", async () => {
  const { externalAccountUrl, externalAccountAws } = credentials;
  const awsSource = externalAccountAws.credential_source;
  const evil = "https://sts.evil.example/v1/token";
  const hostile = [
    { ...externalAccountUrl, token_url: evil },
    { ...externalAccountUrl, token_url: "https://sts.googleapis.com.evil.example/v1/token" },
    { ...externalAccountUrl, token_url: "https://storage.googleapis.com/evil/token" },
    { ...externalAccountUrl, token_url: "http://sts.googleapis.com/v1/token" },
    { ...externalAccountUrl, credential_source: { url: "http://evil.example/" } },
    { ...impersonating(externalAccountUrl), service_account_impersonation_url: evil },
    { ...externalAccountAuthorizedUser, token_url: evil },
    { ...externalAccountAuthorizedUser, revoke_url: evil },
    { ...authorizedUser, token_uri: "http://oauth2.googleapis.com/token" },
    ...["region_url", "url", "imdsv2_session_token_url", "regional_cred_verification_url"].map(
      (name) => ({
        ...externalAccountAws,
        credential_source: { ...awsSource, [name]: "https://evil.example/" },
      }),
    ),
    {
      ...externalAccountAws,
      credential_source: {
        ...awsSource,
        regional_cred_verification_url: "https://sts.{region}.amazonaws.com?Action=AssumeRole",
      },
    },
  ];
  for (const file of hostile) {
    await expect(open(file), inspect(file)).rejects.toMatchObject({ code: "GCP_URL_UNSAFE" });
  }
  const other = { ...externalAccountUrl, universe_domain: "evil.example", token_url: evil };
  await expect(open(other)).rejects.toMatchObject({ code: "GCP_UNIVERSE_UNTRUSTED" });
  const trusted = await open(other, { universe: "evil.example" });
  expect((await trusted.explain?.())?.endpoints.at(-1)).toBe(evil);
});

test("credentialsProvider() keeps what stands in the query of an address to itself", async () => {
  const { credential_source: source } = credentials.externalAccountUrl;
  const credential_source = { ...source, url: `${source["url"]}?code=hunter2` };
  const provider = await open({ ...credentials.externalAccountUrl, credential_source });
  expect((await provider.explain?.())?.endpoints[0]).toBe(source["url"]);
  expect(await provider.getToken({})).toMatchObject({ type: "Bearer" });
  google.fail("down");
  const error = await provider.getToken({ scopes: [drive] }).catch((caught: unknown) => caught);
  expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain("hunter2");
  const url = `${google.url}/x?y=/v1/projects/-/serviceAccounts/a@b.example:generateAccessToken`;
  await expect(
    open({ ...credentials.externalAccountUrl, service_account_impersonation_url: url }),
  ).rejects.toMatchObject({ message: expect.stringContaining("names no service account") });
});

test("credentialsProvider() says what is wrong with a file", async () => {
  const cases: readonly (readonly [object, string])[] = [
    [{}, 'it has no "type"'],
    [{ type: "gdch_service_account" }, "it is a key for Google Distributed Cloud"],
    [{ type: "toString" }, 'its "type" is not one that is known'],
    [{ ...authorizedUser, refresh_token: undefined }, "it has no refresh_token"],
    [{ ...authorizedUser, client_id: 7 }, "its client_id is not a line of text"],
    [{ ...credentials.externalAccountUrl, credential_source: {} }, "is none that is known"],
    [
      { ...credentials.externalAccountUrl, credential_source: { file: "a", url: "b" } },
      "its credential_source has file and url, of which there can be one",
    ],
    [
      { ...credentials.externalAccountUrl, workforce_pool_user_project: "p" },
      "its audience is no workforce pool",
    ],
    [
      { ...credentials.impersonatedServiceAccount, service_account_impersonation_url: "" },
      "it has no service_account_impersonation_url",
    ],
    [{ ...credentials.impersonatedServiceAccount, source_credentials: [] }, "is not an object"],
  ];
  for (const [file, state] of cases) {
    const error = await open(file, { source: "a.json" }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      kind: "credentials",
      message: expect.stringMatching(/^Cannot use "a\.json/),
    });
    expect((error as Error).message).toContain(state);
    expectNoSecret(error);
  }
  await expect(credentialsProvider({ credentials: "{" })).rejects.toMatchObject({
    message: 'Cannot use "the given text" as a Google credential: it is not JSON',
  });
});
