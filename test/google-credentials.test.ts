import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { credentialsProvider, defaultProvider } from "@decant/gcp-auth";
import { startGoogle } from "@decant/simulator";
import {
  type BaseExternalAccountClient,
  ExternalAccountAuthorizedUserClient,
  ExternalAccountClient,
  GoogleAuth,
  Impersonated,
  UserRefreshClient,
} from "google-auth-library";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { makeFolder } from "./support/decant.ts";

// For each kind of credential: what @decant/gcp-auth asks of Google is what Google's own library
// asks, as the simulator verified it, and so are the claims of identity tokens.

const google = await startGoogle();
const { accounts, credentials, host, url } = google;
const scope = "https://www.googleapis.com/auth/cloud-platform";
const audience = "https://run.example.com";
const env = (name: string) => ({ GCE_METADATA_HOST: host })[name];

beforeAll(async () => {
  const ours = ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID"];
  for (const name of [...ours, "GOOGLE_APPLICATION_CREDENTIALS"]) delete process.env[name];
  process.env["CLOUDSDK_CONFIG"] = await makeFolder();
  process.env["GCE_METADATA_HOST"] = host;
  process.env["METADATA_SERVER_DETECTION"] = "assume-present";
  vi.spyOn(console, "warn").mockReturnValue();
});
afterAll(() => google.close());

/**
 * What was asked meanwhile for a token, and found true. We name the quota project, and ask AWS for the
 * session of its metadata server at other times.
 */
async function asked(work: () => Promise<unknown>): Promise<unknown[]> {
  const before = google.log.length;
  await work();
  const requests = google.log.slice(before).map(({ method, path, status, verified }) => ({
    ...{ method, path, status, verified: verified && { ...verified, quotaProject: undefined } },
  }));
  return requests
    .filter(({ path }) => path.endsWith("token") || path.includes("generate"))
    .filter(({ path }) => path !== "/latest/api/token");
}

function claims(jwt: string): object {
  const {
    iat: _iat,
    exp: _exp,
    ...rest
  } = JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString());
  return rest;
}

function user(): UserRefreshClient {
  const { client_id, client_secret, refresh_token, token_uri } = credentials.authorizedUser;
  return new UserRefreshClient({
    ...{ clientId: client_id, clientSecret: client_secret, refreshToken: refresh_token },
    endpoints: { oauth2TokenUrl: token_uri },
  });
}

function reader(): Impersonated {
  const sourceClient = user();
  const target = { targetPrincipal: accounts.reader, targetScopes: [scope] };
  return new Impersonated({ sourceClient, ...target, endpoint: url });
}

async function tokenOf(file: object): Promise<void> {
  await (await credentialsProvider({ credentials: file })).getToken({});
}

async function federate(file: object): Promise<void> {
  const json = file as Parameters<typeof ExternalAccountClient.fromJSON>[0];
  await (ExternalAccountClient.fromJSON(json) as BaseExternalAccountClient).getAccessToken();
}

test("@decant/gcp-auth asks for the tokens of users as google-auth-library does", async () => {
  const theirs = await asked(() => user().getAccessToken());
  expect(await asked(() => tokenOf(credentials.authorizedUser))).toEqual(theirs);
  const worker = credentials.externalAccountAuthorizedUser;
  const client = new ExternalAccountAuthorizedUserClient(worker);
  expect(await asked(() => tokenOf(worker))).toEqual(await asked(() => client.getAccessToken()));
});

test("@decant/gcp-auth impersonates as google-auth-library does", async () => {
  const file = credentials.impersonatedServiceAccount;
  const theirs = await asked(() => reader().getAccessToken());
  expect(theirs).toHaveLength(2);
  expect(await asked(() => tokenOf(file))).toEqual(theirs);
  const provider = await credentialsProvider({ credentials: file });
  const token = await provider.getIdToken?.({ audience });
  expect(claims(token?.value ?? "")).toEqual(claims(await reader().fetchIdToken(audience)));
});

test("@decant/gcp-auth federates as google-auth-library does", async () => {
  const path = join(await makeFolder(), "token.txt");
  await writeFile(path, await google.subjectToken());
  for (const file of [
    credentials.externalAccountUrl,
    credentials.externalAccountAws,
    credentials.externalAccountFile(path),
  ]) {
    for (const more of [
      {},
      { service_account_impersonation_url: google.impersonationUrl(accounts.reader) },
    ]) {
      const theirs = await asked(() => federate({ ...file, ...more }));
      const own = await asked(async () => {
        const provider = await credentialsProvider({ credentials: { ...file, ...more }, readFile });
        await provider.getToken({});
      });
      expect(theirs.length).toBeGreaterThan(0);
      expect(own).toEqual(theirs);
    }
  }
});

test("@decant/gcp-auth gets of the metadata server what google-auth-library gets", async () => {
  const client = await new GoogleAuth().getIdTokenClient(audience);
  const theirs = await client.idTokenProvider.fetchIdToken(audience);
  const provider = await defaultProvider({ env, metadata: true });
  const own = await provider.getIdToken?.({ audience, format: "full" });
  expect(claims(own?.value ?? "")).toEqual(claims(theirs));
});
