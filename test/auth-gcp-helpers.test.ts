import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { startGoogle } from "@decant/simulator";
import { PluggableAuthClient } from "google-auth-library";
import { afterAll, expect, test, vi } from "vitest";
import {
  type DecantOptions,
  decant,
  decantOk,
  makeFolder,
  program,
  type Run,
} from "./support/decant.ts";

const google = await startGoogle();
const { accounts, credentials } = google;
afterAll(() => google.close());

/** A folder with a credential file, and what a run in it needs. */
async function folderWith(file: object): Promise<DecantOptions & { readonly path: string }> {
  const cwd = await makeFolder();
  const path = join(cwd, "credentials.json");
  await writeFile(path, JSON.stringify(file));
  return { cwd, path, env: { GOOGLE_APPLICATION_CREDENTIALS: path } };
}

const options = await folderWith(google.key);
const missing = { ...options, env: { GOOGLE_APPLICATION_CREDENTIALS: join(options.cwd, "none") } };

function helper(args: readonly string[], input = "", run: DecantOptions = options): Promise<Run> {
  return decant(["auth", "gcp", "helper", ...args], { ...run, input });
}

function issued(value: string | undefined) {
  return google.issued.find(({ token }) => token === value);
}

/** The block of docs/gcloud.md that begins with some words. */
async function shown(words: string): Promise<string> {
  const page = await readFile(new URL("../docs/gcloud.md", import.meta.url), "utf8");
  const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = ""]) => text);
  const [block, ...others] = blocks.filter((text) => text.startsWith(words));
  if (block === undefined || others.length > 0)
    throw new Error(`not one block begins with ${words}`);
  return block;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs another program that finds ours in its path. */
async function runOther(
  command: string,
  args: readonly string[],
  { env = {}, input = "" }: { readonly env?: Record<string, string>; readonly input?: string } = {},
): Promise<Ended> {
  const bin = join(options.cwd, "bin");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "decant"), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  await chmod(join(bin, "decant"), 0o700);
  const { PATH } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      command,
      [...args],
      {
        cwd: options.cwd,
        env: { ...options.env, PATH: `${bin}:${PATH}`, HOME: join(options.cwd, ".home"), ...env },
      },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
      },
    );
    child.stdin?.end(input);
  });
}

test("auth gcp helper docker gives a token for Google's registries, and for no other", async () => {
  for (const server of ["gcr.io", "https://us-docker.pkg.dev"]) {
    const { code, stdout } = await helper(["docker", "get"], `${server}\n`);
    const found = JSON.parse(stdout.toString());
    expect({ code, found }).toEqual({
      code: 0,
      found: { ServerURL: server, Username: "oauth2accesstoken", Secret: expect.any(String) },
    });
    expect(issued(found.Secret)?.principal).toBe(accounts.exporter);
  }
  for (const server of ["https://index.docker.io/v1/", "http://gcr.io"]) {
    expect(await helper(["docker", "get"], server)).toMatchObject({
      code: 1,
      // Docker's own words, by which it goes on without.
      stdout: Buffer.from("credentials not found in native keychain\n"),
      stderr: "",
    });
  }
  const hosts = ["--hosts", "localhost:5000"];
  expect((await helper(["docker", "get", ...hosts], "localhost:5000")).code).toBe(0);
  const { stdout } = await helper(["docker", "list", ...hosts]);
  expect(JSON.parse(stdout.toString())).toEqual({
    "https://gcr.io": "oauth2accesstoken",
    "https://localhost:5000": "oauth2accesstoken",
  });
});

test("docker-credential-decant is the script that docs/gcloud.md shows", async () => {
  const script = join(options.cwd, "docker-credential-decant");
  await writeFile(script, await shown("#!/bin/sh"));
  await chmod(script, 0o700);
  const { code, stdout } = await runOther(script, ["get"], { input: "eu.gcr.io" });
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, ServerURL: "eu.gcr.io" });
});

test("auth gcp helper docker tells Docker what went wrong, and keeps no password", async () => {
  const failed = await helper(["docker", "get"], "gcr.io", missing);
  expect(failed.code).toBe(3);
  expect(failed.stdout.toString()).toMatch(/^Cannot read ".+": there is no such file\n$/);
  expect(failed.stderr).toContain("Code: GCP_KEY_UNREADABLE");
  const login = { ServerURL: "gcr.io", Username: "oauth2accesstoken", Secret: "hunter2" };
  const quiet = { code: 0, stdout: Buffer.from(""), stderr: "" };
  expect(await helper(["docker", "store"], JSON.stringify(login))).toMatchObject(quiet);
  expect(await helper(["docker", "erase"], "gcr.io")).toMatchObject(quiet);
  for (const input of [JSON.stringify({ ...login, Username: "me" }), "hunter2"]) {
    const refused = await helper(["docker", "store"], input);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("Code: HELPER_STORE_REFUSED");
    expect(refused.stdout + refused.stderr).not.toContain("hunter2");
  }
  const odd = await helper(["docker", "get", "--hosts", "https://a"], "gcr.io");
  expect(odd.stderr).toContain("Code: HOST_INVALID");
});

test("git gets a token of auth gcp helper git for Google's servers, and for no other", async () => {
  const config = join(options.cwd, "gitconfig");
  const env = { GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0" };
  // For one host as docs/gcloud.md has it, and then for all.
  const one = await shown("git config");
  await runOther("sh", ["-c", one], { env });
  expect(await readFile(config, "utf8")).toContain(
    '[credential "https://source.developers.google.com"]',
  );
  await runOther(
    "git",
    ["config", "--global", "credential.helper", "!decant auth gcp helper git"],
    { env },
  );
  const git = (action: string, input: string) =>
    runOther("git", ["credential", action], { env, input: `${input}\n\n` });
  const fields = (text: string) =>
    Object.fromEntries(text.split("\n").map((line) => line.split("=")));
  const found = await git(
    "fill",
    "protocol=https\nhost=source.developers.google.com\npath=p/a/r/b",
  );
  expect(fields(found.stdout)).toMatchObject({ username: accounts.exporter });
  expect(issued(fields(found.stdout)["password"])?.principal).toBe(accounts.exporter);
  const own = await git("fill", "protocol=https\nhost=a-git.us.sourcemanager.dev\nusername=me");
  expect(fields(own.stdout)["username"]).toBe("me");
  const kept = await git(
    "approve",
    "protocol=https\nhost=a.sourcemanager.dev\nusername=a\npassword=b",
  );
  expect(kept).toEqual({ code: 0, stdout: "", stderr: "" });
  const other = await git("fill", "protocol=https\nhost=github.com");
  expect(other.stdout).toBe("");
  expect(other.stderr).not.toContain("decant");
});

test("auth gcp helper git speaks Git's protocol, and fails loudly", async () => {
  const asked =
    "protocol=https\nhost=source.developers.google.com\ncapability[]=authtype\nnew=1\n\n";
  const { stdout } = await helper(["git", "get"], asked);
  const lines = stdout.toString().split("\n");
  expect(lines).toEqual([
    `username=${accounts.exporter}`,
    expect.stringMatching(/^password=\S+$/),
    expect.stringMatching(/^password_expiry_utc=\d+$/),
    "",
  ]);
  const end = issued(lines[1]?.slice("password=".length))?.expiresAt ?? 0;
  expect(Math.abs(Number(lines[2]?.split("=")[1]) * 1000 - end)).toBeLessThan(5_000);
  const quiet = { code: 0, stdout: Buffer.from(""), stderr: "" };
  expect(await helper(["git", "get"], "protocol=https\nhost=github.com\n\n")).toMatchObject(quiet);
  for (const action of ["store", "erase", "capability"]) {
    expect(await helper(["git", action], asked)).toMatchObject(quiet);
  }
  const failures = [
    [await helper(["git", "get"], asked, missing), "GCP_KEY_UNREADABLE", 3],
    [await helper(["git", "get"], asked.replace("https", "http")), "HELPER_INSECURE", 2],
    [await helper(["git", "get"], "hunter2"), "HELPER_INPUT_INVALID", 2],
    [await helper(["git", "get", "--key-file", "-"], asked), "STDIN_TAKEN", 2],
  ] as const;
  for (const [failed, name, code] of failures) {
    expect(failed).toMatchObject({ code, stdout: Buffer.from("") });
    expect(failed.stderr).toContain(`Code: ${name}`);
    expect(failed.stderr).not.toContain("hunter2");
  }
});

test("auth gcp helper kubectl answers in the version that is asked for", async () => {
  const ask = (version?: string) => {
    const apiVersion = `client.authentication.k8s.io/${version}`;
    const info = { kind: "ExecCredential", apiVersion, spec: { interactive: false } };
    const env = { ...options.env, ...(version && { KUBERNETES_EXEC_INFO: JSON.stringify(info) }) };
    return helper(["kubectl", "--min-ttl", "10m"], "", { ...options, env });
  };
  for (const version of ["v1", "v1beta1", undefined]) {
    const { stdout } = await ask(version);
    const { status, ...rest } = JSON.parse(stdout.toString());
    expect(rest).toEqual({
      apiVersion: `client.authentication.k8s.io/${version ?? "v1"}`,
      kind: "ExecCredential",
    });
    expect(issued(status.token)?.principal).toBe(accounts.exporter);
    // RFC 3339, and in the future.
    expect(status.expirationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Date.parse(status.expirationTimestamp)).toBeGreaterThan(Date.now() + 600_000);
  }
  const old = await ask("v1alpha1");
  expect(old).toMatchObject({ code: 2, stdout: Buffer.from("") });
  expect(old.stderr).toContain("Code: EXEC_INFO_INVALID");
});

const prefix = "GOOGLE_EXTERNAL_ACCOUNT_";
const jwt = "urn:ietf:params:oauth:token-type:jwt";

test("auth gcp helper executable gives a subject token, and leaves it in the file that is named", async () => {
  const file = join(options.cwd, "subject.json");
  const env = {
    ...options.env,
    [`${prefix}AUDIENCE`]: "//iam.googleapis.com/pool",
    [`${prefix}TOKEN_TYPE`]: jwt,
    [`${prefix}OUTPUT_FILE`]: file,
  };
  const { stdout } = await helper(["executable"], "", { ...options, env });
  const { id_token: token, expiration_time: end, ...rest } = JSON.parse(stdout.toString());
  expect(rest).toEqual({ version: 1, success: true, token_type: jwt });
  expect(issued(token)).toMatchObject({ kind: "id", audience: "//iam.googleapis.com/pool" });
  expect(end * 1000).toBeGreaterThan(Date.now());
  expect(await readFile(file, "utf8")).toBe(stdout.toString());
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const failures = [
    [{}, "EXECUTABLE_REQUEST_INVALID", 2],
    [
      { ...env, [`${prefix}TOKEN_TYPE`]: jwt.replace("jwt", "saml2") },
      "EXECUTABLE_REQUEST_INVALID",
      2,
    ],
    [{ ...env, ...missing.env }, "GCP_KEY_UNREADABLE", 3],
  ] as const;
  for (const [variables, name, code] of failures) {
    const failed = await helper(["executable"], "", {
      ...options,
      env: { ...options.env, ...variables },
    });
    expect(failed.code).toBe(code);
    expect(JSON.parse(failed.stdout.toString())).toEqual({
      ...{ version: 1, success: false, code: name },
      message: expect.stringMatching(/^Cannot /),
    });
  }
});

test("google-auth-library takes the subject token of auth gcp helper executable", async () => {
  vi.stubEnv(`${prefix}ALLOW_EXECUTABLES`, "1");
  // What it hears on standard error it takes for a part of the answer.
  vi.stubEnv("XDG_CACHE_HOME", options.path);
  const subject = (file: string) => {
    const command = `${process.execPath} ${program} auth gcp helper executable --key-file ${file}`;
    const { audience, subject_token_type, token_url } = credentials.externalAccountUrl;
    return new PluggableAuthClient({
      ...{ type: "external_account", audience, subject_token_type, token_url },
      credential_source: { executable: { command, timeout_millis: 30_000 } },
    }).retrieveSubjectToken();
  };
  try {
    const token = await subject(options.path);
    expect(issued(token)?.audience).toBe(credentials.externalAccountUrl.audience);
    await expect(subject("none")).rejects.toThrow('"code":"GCP_KEY_UNREADABLE"');
  } finally {
    vi.unstubAllEnvs();
  }
});

test("auth gcp print-token hands what auth gcp helper executable says to its own credential file", async () => {
  const command = `${process.execPath} ${program} auth gcp helper executable --credentials ${options.path}`;
  const env = { [`${prefix}ALLOW_EXECUTABLES`]: "1" };
  const federated = await folderWith(credentials.externalAccountExecutable(command));
  const run = { ...federated, env: { ...federated.env, ...env } };
  // The pool of the simulator trusts another issuer than Google: what is refused is our token.
  const refused = await decant(["auth", "gcp", "print-token"], run);
  expect(refused.stderr).toContain("Code: GCP_SUBJECT_TOKEN_REFUSED");
  await writeFile(options.path, "{}");
  const failed = await decant(["auth", "gcp", "print-token"], run);
  await writeFile(options.path, JSON.stringify(google.key));
  expect(failed.stderr).toContain("Code: GCP_EXECUTABLE_FAILED");
  expect(failed.stderr).toContain("GCP_CREDENTIALS_TYPE");
});

test("curl takes the token of auth gcp print-token from a pipe and from a file", async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer(({ headers }, response) => {
    seen.push(headers.authorization);
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const shell = async (script: string) => {
    const { code, stderr } = await runOther("sh", ["-c", script]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  };
  await shell(`decant auth gcp print-token --format curl-config | curl -sSK - ${url}`);
  await shell(`decant auth gcp print-token --format header | curl -sSH @- ${url}`);
  await shell(`decant auth gcp print-token --header-file header && curl -sSH @header ${url}`);
  server.close();
  const [first, ...others] = seen;
  expect(issued(first?.replace("Bearer ", ""))?.principal).toBe(accounts.exporter);
  expect(others).toEqual([first, first]);
  expect((await stat(join(options.cwd, "header"))).mode & 0o777).toBe(0o600);
  const both = await decant(
    ["auth", "gcp", "print-token", "--header-file", "header", "--format", "json"],
    options,
  );
  expect(both).toMatchObject({ code: 2, stdout: Buffer.from("") });
});

test("auth gcp revoke ends a login, and forgets its tokens", async () => {
  await using other = await startGoogle();
  for (const [kind, flags] of [
    ["authorizedUser", []],
    ["externalAccountAuthorizedUser", ["--json"]],
  ] as const) {
    const run = await folderWith(other.credentials[kind]);
    const { stdout: kept } = await decantOk(["auth", "gcp", "print-token"], run);
    const elsewhere = ["auth", "gcp", "print-token", "--quota-project", "other"];
    await decantOk(elsewhere, run);
    const { stdout, stderr } = await decantOk(["auth", "gcp", "revoke", ...flags], run);
    if (flags.length === 0) {
      expect(stdout.toString()).toBe("");
      expect(stderr).toMatch(/^Revoked the credential of .+, which is still in .+\n$/);
    } else {
      expect(JSON.parse(stdout.toString())).toMatchObject({ revoked: true, source: run.path });
    }
    for (const args of [["auth", "gcp", "print-token"], elsewhere, ["auth", "gcp", "revoke"]]) {
      const { code, stdout, stderr } = await decant(args, run);
      expect({ code, stdout: stdout.toString() }).toEqual({ code: 3, stdout: "" });
      expect(stderr).toContain("Code: GCP_REAUTH_NEEDED");
      expect(stderr).not.toContain(kept.toString().trim());
    }
  }
  const { code, stderr } = await decant(["auth", "gcp", "revoke"], options);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /\nDelete the key, or disable the account: .+\nCode: GCP_REVOKE_UNSUPPORTED\n$/,
  );
});

test("auth gcp explain --check asks the server, and shows no token", async () => {
  const before = google.issued.length;
  const check = ["auth", "gcp", "explain", "--check"];
  const { stdout } = await decantOk([...check, "--json"], options);
  const [token] = google.issued.slice(before);
  expect(JSON.parse(stdout.toString())).toMatchObject({
    kind: "service_account",
    check: { works: true, principal: accounts.exporter, scopes: [token?.scope] },
  });
  const { stdout: lines } = await decantOk(check, options);
  expect(lines.toString()).toMatch(/^Check +it gets tokens, one until \d{4}-.+Z$/m);
  for (const { token } of google.issued) expect(stdout + lines.toString()).not.toContain(token);
  google.fail("invalid_grant_key", { times: 1 });
  const failed = await decant([...check, "--json"], options);
  expect(failed.code).toBe(3);
  expect(JSON.parse(failed.stdout.toString())).toMatchObject({
    check: { works: false, code: "GCP_KEY_REVOKED" },
  });
});

test("auth gcp print-identity-token tells of the machine where it can", async () => {
  const machine = { cwd: await makeFolder(), env: { GCE_METADATA_HOST: google.host } };
  const print = ["auth", "gcp", "print-identity-token", "--audience", "https://a.example"];
  const claims = async (...flags: string[]) => {
    const { stdout } = await decantOk([...print, ...flags], machine);
    return JSON.parse(Buffer.from(stdout.toString().split(".")[1] ?? "", "base64url").toString());
  };
  expect(await claims()).not.toHaveProperty("google");
  const full = await claims("--token-format", "full");
  expect(full.google.compute_engine).not.toHaveProperty("license_id");
  const licensed = await claims("--token-format", "full", "--include-license");
  expect(licensed.google.compute_engine).toHaveProperty("license_id");
});
