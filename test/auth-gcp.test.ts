import { chmod, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startGoogle } from "@decant/simulator";
import { afterAll, expect, test } from "vitest";
import { type DecantOptions, decant, decantOk, makeFolder, type Run } from "./support/decant.ts";

const google = await startGoogle({ mutualTls: true });
const { accounts, credentials } = google;
const audience = "https://run.example.com";
afterAll(() => google.close());

/** A folder with a credential file, and what a run in it needs. */
async function folderWith(file: object): Promise<DecantOptions & { readonly path: string }> {
  const cwd = await makeFolder();
  const path = join(cwd, "credentials.json");
  await writeFile(path, JSON.stringify(file));
  return { cwd, path, env: { GOOGLE_APPLICATION_CREDENTIALS: path } };
}

function gcp(verb: string, options: DecantOptions, ...args: string[]): Promise<Run> {
  return decantOk(["auth", "gcp", verb, ...args], options);
}

function claims(jwt: Buffer): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.toString().split(".")[1] ?? "", "base64url").toString());
}

function issued(value: string) {
  return google.issued.find(({ token }) => token === value);
}

test("auth gcp print-token prints a token of each kind of credential file", async () => {
  const kinds = {
    serviceAccount: accounts.exporter,
    authorizedUser: accounts.user,
    impersonatedServiceAccount: accounts.reader,
    impersonationChain: accounts.vault,
    externalAccountAuthorizedUser: expect.stringContaining("principal://"),
    externalAccountUrl: expect.stringContaining("principal://"),
    externalAccountAws: expect.any(String),
  } as const;
  for (const [kind, principal] of Object.entries(kinds)) {
    const { stdout } = await gcp(
      "print-token",
      await folderWith(credentials[kind as keyof typeof kinds]),
    );
    const value = stdout.toString().slice(0, -1);
    expect({ kind, principal: issued(value)?.principal }).toEqual({ kind, principal });
    expect(stdout.toString().endsWith("\n")).toBe(true);
  }
});

test("auth gcp print-token prints a kept token, until it is too short or another is wanted", async () => {
  const options = await folderWith(google.key);
  const print = async (...args: string[]) => (await gcp("print-token", options, ...args)).stdout;
  const first = await print();
  const asked = google.issued.length;
  expect(await print()).toEqual(first);
  expect(await print("--min-ttl", "50m")).toEqual(first);
  expect(google.issued).toHaveLength(asked);
  expect(await print("--no-cache")).not.toEqual(first);
  expect(await print("--scopes", "bigquery")).not.toEqual(first);
  expect(await print()).toEqual(first);
  expect(google.issued).toHaveLength(asked + 2);
  const identity = () => gcp("print-identity-token", options, "--audience", audience);
  expect((await identity()).stdout).toEqual((await identity()).stdout);
  expect(google.issued).toHaveLength(asked + 3);
  const folder = join(options.cwd, ".home", ".cache", "decant", "tokens", "gcp");
  for (const name of await readdir(folder)) {
    expect(name).toMatch(/^[\w-]+(\.\w+)*$/);
    expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
  }
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

test("auth gcp print-token asks once for processes that start at the same time", async () => {
  const options = await folderWith(google.key);
  const asked = google.issued.length;
  const runs = await Promise.all(Array.from({ length: 12 }, () => gcp("print-token", options)));
  expect(new Set(runs.map(({ stdout }) => stdout.toString())).size).toBe(1);
  expect(google.issued).toHaveLength(asked + 1);
});

test("auth gcp print-token prints a token that cannot be kept, and says so", async () => {
  const options = await folderWith(google.key);
  const file = join(options.cwd, "file");
  await writeFile(file, "");
  const env = { ...options.env, XDG_CACHE_HOME: file };
  const { stdout, stderr } = await gcp("print-token", { ...options, env });
  expect(issued(stdout.toString().trim())?.principal).toBe(accounts.exporter);
  expect(stderr).toMatch(/^Warning: \S.+\n$/);
  expect(stderr).not.toContain(stdout.toString().trim());
});

test("auth gcp print-token runs the command of a credential file, if that is allowed", async () => {
  const folder = await makeFolder();
  const command = join(folder, "subject");
  const answer = {
    ...{ version: 1, success: true, token_type: "urn:ietf:params:oauth:token-type:jwt" },
    id_token: await google.subjectToken(),
  };
  await writeFile(command, `#!/bin/sh\ncat <<'END'\n${JSON.stringify(answer)}\nEND\n`);
  await chmod(command, 0o700);
  const options = await folderWith(credentials.externalAccountExecutable(command));
  const refused = await decant(["auth", "gcp", "print-token"], options);
  expect(refused).toMatchObject({ code: 3, stdout: Buffer.from("") });
  expect(refused.stderr).toContain("Code: GCP_EXECUTABLE_NOT_ALLOWED");
  const env = { ...options.env, GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES: "1" };
  const { stdout } = await gcp("print-token", { ...options, env });
  expect(issued(stdout.toString().trim())?.grant).toBe("token-exchange");
});

test("auth gcp print-token shows the certificate of a workload", async () => {
  const cwd = await makeFolder();
  const files = { ca: "ca.pem", certificate: "cert.pem", key: "key.pem" } as const;
  for (const [part, name] of Object.entries(files)) {
    const pem = google.certificates![part as keyof typeof files];
    await writeFile(join(cwd, name), pem);
  }
  const config = join(cwd, "config.json");
  const workload = { cert_path: join(cwd, files.certificate), key_path: join(cwd, files.key) };
  await writeFile(config, JSON.stringify({ version: 1, cert_configs: { workload } }));
  const options = await folderWith(credentials.externalAccountCertificate(config));
  const env = { ...options.env, NODE_EXTRA_CA_CERTS: join(cwd, files.ca) };
  const { stdout } = await gcp("print-token", { ...options, env });
  expect(issued(stdout.toString().trim())?.grant).toBe("token-exchange");
});

test("auth gcp print-token takes the metadata server where nothing else is", async () => {
  const options = { cwd: await makeFolder(), env: { GCE_METADATA_HOST: google.host } };
  const { stdout } = await gcp("print-token", options, "--format", "json");
  expect(issued(JSON.parse(stdout.toString()).token)?.principal).toBe(accounts.machine);
});

test("auth gcp print-token impersonates, for as long and for the user that flags name", async () => {
  const { env, ...rest } = await folderWith(google.key);
  const variable = "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS";
  const options = { ...rest, env: { ...env, [variable]: `${google.url}/` } };
  const chain = ["--impersonate", accounts.relay, "--impersonate", accounts.vault];
  const flags = [...chain, "--lifetime", "2h", "--min-ttl", "90m", "--format", "json"];
  const { stdout } = await gcp("print-token", options, ...flags, "-s", "bigquery");
  const printed = JSON.parse(stdout.toString());
  expect(printed.expiresAtEpoch * 1000).toBeGreaterThan(Date.now() + 90 * 60_000);
  expect(issued(printed.token)).toMatchObject({
    principal: accounts.vault,
    scope: "https://www.googleapis.com/auth/bigquery",
  });
  const user = ["--subject", "someone@example.com", "-s", "drive.readonly"];
  const delegated = await gcp("print-token", options, ...user);
  expect(issued(delegated.stdout.toString().trim())?.sub).toBe("someone@example.com");
});

test("auth gcp print-identity-token prints a token for an audience", async () => {
  const cases = [
    [google.key, accounts.exporter],
    [credentials.impersonatedServiceAccount, accounts.reader],
  ] as const;
  for (const [file, email] of cases) {
    const options = await folderWith(file);
    const { stdout } = await gcp("print-identity-token", options, "--audience", audience);
    expect(claims(stdout)).toMatchObject({ aud: audience, email });
  }
  const options = { cwd: await makeFolder(), env: { GCE_METADATA_HOST: google.host } };
  const flags = ["--audience", audience, "--format", "json"];
  const { stdout } = await gcp("print-identity-token", options, ...flags);
  expect(claims(JSON.parse(stdout.toString()).token)).toMatchObject({ aud: audience });
});

test("auth gcp print-identity-token wants an audience, and says who has no such token", async () => {
  const options = await folderWith(credentials.externalAccountAuthorizedUser);
  const without = await decant(["auth", "gcp", "print-identity-token"], options);
  expect(without).toMatchObject({ code: 2, stdout: Buffer.from("") });
  expect(without.stderr).toContain("audience");
  const argv = ["auth", "gcp", "print-identity-token", "--audience", audience];
  const { code, stderr } = await decant(argv, options);
  expect(code).toBe(2);
  expect(stderr).toContain("Code: GCP_ID_TOKEN_UNSUPPORTED");
});

test("auth gcp explain tells of each credential, and asks nobody", async () => {
  const asked = google.log.length;
  for (const file of [google.key, credentials.authorizedUser, credentials.impersonationChain]) {
    const options = await folderWith(file);
    const { stdout } = await gcp("explain", options, "--json");
    expect(JSON.parse(stdout.toString())).toMatchObject({
      kind: file.type,
      source: options.path,
      reason: expect.stringContaining("GOOGLE_APPLICATION_CREDENTIALS"),
    });
    const { stdout: lines } = await gcp("explain", options, "--impersonate", accounts.reader);
    expect(lines.toString()).toMatch(/^Credential +\S+\nFound in +\S/);
    expect(lines.toString()).toMatch(/^Principal +reader@/m);
  }
  const machine = { cwd: await makeFolder(), env: { GCE_METADATA_HOST: google.host } };
  expect((await gcp("explain", machine)).stdout.toString()).toContain(google.host);
  expect(google.log).toHaveLength(asked);
});

test("auth gcp explain ends with 3 where there is no credential", async () => {
  const options = { cwd: await makeFolder(), env: { NO_GCE_CHECK: "true" } };
  const { code, stdout, stderr } = await decant(["auth", "gcp", "explain", "--json"], options);
  expect({ code, stdout: stdout.toString() }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toContain("Code: GCP_CREDENTIALS_MISSING");
});
