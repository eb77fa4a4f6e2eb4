import { execFile } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { startGoogle } from "@decant/simulator";
import {
  type BaseExternalAccountClient,
  ExternalAccountAuthorizedUserClient,
  ExternalAccountClient,
  GoogleAuth,
  Impersonated,
  OAuth2Client,
  UserRefreshClient,
} from "google-auth-library";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { makeFolder } from "./support/decant.ts";

// Google's own library, unchanged, is the judge of the simulator: what it sends must be accepted,
// and what it is answered must do.

const google = await startGoogle({ mutualTls: true });
const { accounts, credentials, url } = google;
const scope = "https://www.googleapis.com/auth/cloud-platform";
const audience = "https://run.example.com";
const endpoints = {
  oauth2TokenUrl: google.tokenUri,
  oauth2RevokeUrl: credentials.authorizedUser.revoke_uri,
  tokenInfoUrl: `${url}/tokeninfo`,
  oauth2FederatedSignonPemCertsUrl: `${url}/oauth2/v1/certs`,
  oauth2FederatedSignonJwkCertsUrl: `${url}/oauth2/v3/certs`,
};

beforeAll(async () => {
  const ours = ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "GOOGLE_CLOUD_PROJECT"];
  for (const name of [...ours, "GCLOUD_PROJECT", "GOOGLE_APPLICATION_CREDENTIALS"]) {
    delete process.env[name];
  }
  process.env["CLOUDSDK_CONFIG"] = await makeFolder();
  process.env["GCE_METADATA_HOST"] = google.host;
  process.env["METADATA_SERVER_DETECTION"] = "assume-present";
  process.env["GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES"] = "1";
  // It warns of every file that it is given.
  vi.spyOn(console, "warn").mockReturnValue();
});
afterAll(() => google.close());

const newest = () => google.issued.at(-1);

function user(from = google): UserRefreshClient {
  const { client_id, client_secret, refresh_token, token_uri, revoke_uri } =
    from.credentials.authorizedUser;
  return new UserRefreshClient({
    ...{ clientId: client_id, clientSecret: client_secret, refreshToken: refresh_token },
    endpoints: { ...endpoints, oauth2TokenUrl: token_uri, oauth2RevokeUrl: revoke_uri },
  });
}

async function verify(idToken: string, expected: string) {
  const ticket = await new OAuth2Client({ endpoints }).verifyIdToken({
    ...{ idToken, audience: expected },
  });
  return ticket.getPayload();
}

test("google-auth-library refreshes, looks at, and revokes the token of a user", async () => {
  await using other = await startGoogle();
  const client = user(other);
  const { token } = await client.getAccessToken();
  expect(token).toBe(other.issued.find(({ kind }) => kind === "access")?.token);
  expect((await client.revokeCredentials()).status).toBe(200);
  await expect(user(other).getAccessToken()).rejects.toThrow("invalid_grant");
  const info = await user().getTokenInfo((await user().getAccessToken()).token!);
  expect(info).toMatchObject({ email: accounts.user });
  expect(info.scopes).toContain(scope);
});

test("google-auth-library verifies the identity token of a user", async () => {
  const { client_id } = credentials.authorizedUser;
  const idToken = await user().fetchIdToken(audience);
  expect(await verify(idToken, client_id)).toMatchObject({ email: accounts.user });
  await expect(verify(idToken, audience)).rejects.toThrow("Wrong recipient");
});

test("google-auth-library impersonates, through a chain too", async () => {
  const reader = new Impersonated({
    ...{ sourceClient: user(), targetPrincipal: accounts.reader, targetScopes: [scope] },
    endpoint: url,
  });
  expect((await reader.getAccessToken()).token).toBe(newest()?.token);
  expect(await verify(await reader.fetchIdToken(audience), audience)).toMatchObject({
    email: accounts.reader,
  });
  const vault = (delegates: string[]) =>
    new Impersonated({
      ...{ sourceClient: user(), targetPrincipal: accounts.vault, targetScopes: [scope] },
      ...{ endpoint: url, delegates, lifetime: 43_200 },
    });
  await vault([`projects/-/serviceAccounts/${accounts.relay}`]).getAccessToken();
  expect(newest()).toMatchObject({ principal: accounts.vault, grant: "generateAccessToken" });
  await expect(vault([]).getAccessToken()).rejects.toThrow("unable to impersonate: Permission");
});

async function federate(file: object, impersonate = false): Promise<string | null | undefined> {
  const client = ExternalAccountClient.fromJSON({
    ...(file as Parameters<typeof ExternalAccountClient.fromJSON>[0]),
    ...(impersonate && {
      service_account_impersonation_url: google.impersonationUrl(accounts.reader),
    }),
  }) as BaseExternalAccountClient;
  return (await client.getAccessToken()).token;
}

test("google-auth-library federates by address, by AWS, by file and by command", async () => {
  const folder = await makeFolder();
  const subject = await google.subjectToken();
  const file = join(folder, "token.txt");
  await writeFile(file, subject);
  const command = join(folder, "command.cjs");
  const answer = {
    ...{ version: 1, success: true, token_type: "urn:ietf:params:oauth:token-type:jwt" },
    ...{ id_token: subject, expiration_time: Math.floor(Date.now() / 1_000) + 300 },
  };
  const source = `#!${process.execPath}\nconsole.log(${JSON.stringify(JSON.stringify(answer))});`;
  await writeFile(command, source);
  await chmod(command, 0o700);
  for (const one of [
    credentials.externalAccountUrl,
    credentials.externalAccountAws,
    credentials.externalAccountFile(file),
    credentials.externalAccountExecutable(command),
  ]) {
    expect(await federate(one)).toBe(newest()?.token);
    expect(newest()).toMatchObject({ grant: "token-exchange", scope });
    expect(await federate(one, true)).toBe(newest()?.token);
    expect(newest()).toMatchObject({ grant: "generateAccessToken", principal: accounts.reader });
  }
});

test("google-auth-library refreshes the token of a workforce user", async () => {
  const client = new ExternalAccountAuthorizedUserClient(credentials.externalAccountAuthorizedUser);
  expect((await client.getAccessToken()).token).toBe(newest()?.token);
});

test("google-auth-library takes the simulator for a metadata server", async () => {
  const auth = new GoogleAuth({ scopes: [scope] });
  const machine = await auth.getClient();
  expect((await machine.getAccessToken()).token).toBe(newest()?.token);
  expect(newest()).toMatchObject({ principal: accounts.machine, scope });
  expect(await auth.getProjectId()).toBe("demo-project");
  expect(await auth.getUniverseDomain()).toBe("googleapis.com");
  expect((await auth.getCredentials()).client_email).toBe(accounts.machine);
  const client = await auth.getIdTokenClient(audience);
  const idToken = await client.idTokenProvider.fetchIdToken(audience);
  expect(await verify(idToken, audience)).toMatchObject({ email: accounts.machine });
});

test("google-auth-library federates by certificate", async () => {
  const folder = await makeFolder();
  const { ca, certificate, key } = google.certificates!;
  const [caFile, cert_path, key_path, configFile] = ["ca", "cert", "key", "config.json"].map(
    (name) => join(folder, name),
  ) as [string, string, string, string];
  const config = { cert_configs: { workload: { cert_path, key_path } } };
  await writeFile(caFile, ca);
  await writeFile(cert_path, certificate);
  await writeFile(key_path, key);
  await writeFile(configFile, JSON.stringify(config));
  const file = credentials.externalAccountCertificate(configFile);
  // Only a process of its own can be told to trust another authority.
  const script = `
    const { ExternalAccountClient } = require("google-auth-library");
    const client = ExternalAccountClient.fromJSON(${JSON.stringify(file)});
    client.getAccessToken().then(({ token }) => console.log(token));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], {
    cwd: import.meta.dirname,
    env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile },
  });
  expect(stdout.trim()).toBe(newest()?.token);
});
