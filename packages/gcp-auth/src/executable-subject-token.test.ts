import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { inspect } from "node:util";
import type { CommandResult, RunOptions } from "@decant/core";
import { startGoogle } from "@decant/simulator";
import { afterAll, beforeEach, expect, test } from "vitest";
import { credentialsProvider } from "./credentials-provider.ts";
import { splitCommand } from "./split-command.ts";

const google = await startGoogle();
const folder = await mkdtemp(join(tmpdir(), "gcp-auth-"));
afterAll(async () => {
  await google.close();
  await rm(folder, { recursive: true });
});

const jwt = "urn:ietf:params:oauth:token-type:jwt";
const script = join(folder, "print token.mjs");
const output = join(folder, "output.json");
const runs: RunOptions[] = [];
beforeEach(async () => {
  runs.length = 0;
  await rm(output, { force: true });
});

function run(command: string, options: RunOptions): Promise<CommandResult> {
  runs.push(options);
  return new Promise((resolve, reject) => {
    const given = { env: options.env, timeout: options.timeoutMs, encoding: "buffer" } as const;
    execFile(command, options.args, given, (error, stdout, stderr) => {
      if (typeof error?.code === "string") return reject(error);
      const code = error ? (error.code ?? undefined) : 0;
      resolve({ code: error?.killed ? undefined : code, stdout, stderr });
    });
  });
}

/** A program that prints this and ends so. */
async function program(response: object | string, exitCode = 0): Promise<string> {
  const text = typeof response === "string" ? response : JSON.stringify(response);
  const source = `console.error("a secret of somebody: hunter2");
process.stdout.write(${JSON.stringify(text)});
process.exitCode = ${exitCode};`;
  await writeFile(script, source);
  return `"${execPath}" "${script}" --quiet`;
}

const allowed = (name: string) =>
  name === "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES" ? "1" : undefined;

async function open(command: string, executable: object = {}, file: object = {}) {
  const credentials = {
    ...google.credentials.externalAccountExecutable(command),
    credential_source: { executable: { command, ...executable } },
    ...file,
  };
  return credentialsProvider({ credentials, env: allowed, run, readFile });
}

async function answer(changes: object = {}) {
  const end = Math.floor(Date.now() / 1000) + 600;
  const id_token = await google.subjectToken();
  return { version: 1, success: true, token_type: jwt, id_token, expiration_time: end, ...changes };
}

test("executableSubjectToken() runs the command, and tells it what is wanted", async () => {
  const command = await program(await answer());
  const url = google.impersonationUrl(google.accounts.reader);
  const provider = await open(command, {}, { service_account_impersonation_url: url });
  expect(await provider.getToken({})).toMatchObject({ principal: google.accounts.reader });
  expect(runs).toMatchObject([{ args: [script, "--quiet"], timeoutMs: 30_000 }]);
  expect(runs[0]?.env).toEqual({
    GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE: expect.stringContaining("providers/oidc"),
    GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE: jwt,
    GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE: "0",
    GOOGLE_EXTERNAL_ACCOUNT_IMPERSONATED_EMAIL: google.accounts.reader,
  });
  // What it prints next may be somebody else's.
  expect(provider.identity).toBeUndefined();
});

test("executableSubjectToken() takes what the command left in its file, while that is good", async () => {
  const command = await program(await answer());
  const provider = await open(command, { output_file: output });
  await writeFile(output, JSON.stringify(await answer()));
  await provider.getToken({});
  expect(runs).toHaveLength(0);
  const stale = [
    await answer({ expiration_time: 1 }),
    await answer({ expiration_time: undefined }),
  ];
  for (const kept of [...stale.map((each) => JSON.stringify(each)), "{"]) {
    await writeFile(output, kept);
    await provider.getToken({ scopes: [`scope-${runs.length}`] });
  }
  expect(runs).toHaveLength(3);
  expect(runs[0]?.env).toMatchObject({ GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE: output });
});

test("executableSubjectToken() runs nothing that the environment does not allow", async () => {
  const credentials = google.credentials.externalAccountExecutable(await program(await answer()));
  const provider = await credentialsProvider({ credentials, run });
  expect((await provider.explain?.())?.warnings.join()).toContain("is not allowed unless");
  await expect(provider.getToken({})).rejects.toMatchObject({
    code: "GCP_EXECUTABLE_NOT_ALLOWED",
    kind: "credentials",
    hint: expect.stringContaining("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1"),
  });
  expect(runs).toHaveLength(0);
  const unable = await credentialsProvider({ credentials, env: allowed });
  await expect(unable.getToken({})).rejects.toMatchObject({ code: "GCP_HOST_UNABLE" });
});

test("executableSubjectToken() says what went wrong with the command, and quotes nothing secret", async () => {
  const token = await google.subjectToken();
  const fails = { version: 1, success: false, code: "401", message: `Not signed in: ${token}.` };
  const cases: readonly (readonly [object | string, number, string])[] = [
    [fails, 1, "its command says: 401: Not signed in: ..."],
    [fails, 0, "its command says: 401: Not signed in: ..."],
    [{ version: 1, success: false }, 1, "its command says: it failed, for no reason given"],
    ["", 3, "its command failed with exit code 3"],
    [token, 0, "its command printed something that is no JSON object"],
    [await answer({ version: 2 }), 0, "its command speaks another version than 1"],
    [await answer({ success: "yes" }), 0, "its command does not say whether it succeeded"],
    [await answer({ token_type: "toString" }), 0, `its command printed a token that is no ${jwt}`],
    [await answer({ id_token: "" }), 0, "its command printed no id_token"],
    [await answer({ expiration_time: 1 }), 0, "its command printed a token that has ended"],
    [await answer({ expiration_time: "1" }), 0, "does not say when the token ends"],
  ];
  for (const [response, exitCode, state] of cases) {
    const provider = await open(await program(response, exitCode));
    const error = await provider.getToken({}).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "GCP_EXECUTABLE_FAILED", kind: "credentials" });
    expect((error as Error).message).toContain(state);
    const shown = inspect(error, { depth: Infinity, showHidden: true });
    expect(shown).not.toContain("hunter2");
    expect(shown).not.toContain(token.slice(0, 60));
  }
  const missing = await open(join(folder, "missing"));
  await expect(missing.getToken({})).rejects.toMatchObject({
    message: expect.stringContaining("its command cannot be run (there is no such command)"),
  });
  const ended = await credentialsProvider({
    credentials: google.credentials.externalAccountExecutable("x"),
    env: allowed,
    run: async () => ({ code: undefined, stdout: new Uint8Array(), stderr: new Uint8Array() }),
  });
  await expect(ended.getToken({})).rejects.toMatchObject({
    message: expect.stringContaining("took longer than timeout_millis"),
  });
});

test("executableSubjectToken() refuses a command line or a time limit that makes no sense", async () => {
  for (const executable of [{ timeout_millis: 1 }, { timeout_millis: 200_000 }, { command: " " }]) {
    await expect(open("x", executable)).rejects.toMatchObject({ code: "GCP_CREDENTIALS_INVALID" });
  }
});

test("splitCommand() parts words by blanks, but not inside quotation marks", () => {
  expect(splitCommand(' a  b "c d" --e="f g" $(rm) ""')).toEqual([
    ...["a", "b", "c d", '--e="f g"', "$(rm)", ""],
  ]);
  expect(splitCommand("  ")).toEqual([]);
});
