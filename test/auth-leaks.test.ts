// One run of the program for each command and each way to fail, all side by side, with all that can be
// logged. What it says and what it leaves behind must hold no secret, whatever happened.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type GoogleFailure, type GoogleSimulator, startGoogle } from "@decant/simulator";
import { afterAll, expect, test, vi } from "vitest";
import { makeFolder, type Running, startDecant } from "./support/decant.ts";

// One cache for all: each run has a home folder of its own, in which nothing is compiled yet.
const loud = {
  NODE_COMPILE_CACHE: await makeFolder(),
  DEBUG: "*",
  NODE_DEBUG: "http,https,net,tls,fetch,undici",
};
const password = "correct horse battery staple";
const audience = "https://run.example.com";

/** One run, and what it is to be refused for: nothing where it is to succeed. */
interface Case {
  readonly args: readonly string[];
  readonly code?: string;
  /** What lies in the credential file. @default the key of a service account */
  readonly file?: (google: GoogleSimulator) => object | string;
  readonly failure?: GoogleFailure;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** What is done to a program that goes on until it is stopped. */
  readonly drive?: (running: Running, google: GoogleSimulator) => Promise<void>;
}

type File = NonNullable<Case["file"]>;
const key: File = ({ key }) => key;
const user: File = ({ credentials }) => credentials.authorizedUser;
const worker: File = ({ credentials }) => credentials.externalAccountAuthorizedUser;
const chain: File = ({ credentials }) => credentials.impersonationChain;
const damagedKey: File = ({ key }) => ({ ...key, private_key: key.private_key.slice(0, 400) });
const cutFile: File = ({ key }) => JSON.stringify(key).slice(0, -20);
const secretUrl: File = ({ credentials: { authorizedUser: file } }) => ({
  ...file,
  token_uri: `https://me:${file.client_secret}@127.0.0.1:9/?key=${file.refresh_token}`,
});
const keyOfAnother: File = ({ key }) => ({ ...key, client_email: "nobody@example.com" });

const token = ["print-token", "--no-cache"];
const idToken = ["print-identity-token", "--audience", audience];
const docker = ["helper", "docker"];
const git = ["helper", "git"];
const gitAsks = "protocol=https\nhost=a.sourcemanager.dev\n\n";

const cases: Case[] = [
  // What succeeds.
  ...[key, user, worker, chain].map((file) => ({ args: ["print-token"], file })),
  { args: ["print-token", "--format", "json"] },
  { args: ["print-token", "--header-file", "header"] },
  { args: idToken, file: chain },
  ...[key, worker, chain].map((file) => ({ args: ["explain", "--json"], file })),
  { args: ["explain", "--check", "--json"], file: user },
  { args: ["revoke"], file: user },
  { args: ["revoke", "--json"], file: worker },
  { args: [...docker, "get"], input: "gcr.io" },
  { args: [...git, "get"], input: gitAsks },
  { args: ["helper", "kubectl"] },
  { args: ["helper", "executable", "--audience", audience] },
  { args: ["serve", "--listen", "127.0.0.1:0"], drive: useService },
  // What Google refuses, or answers with nonsense.
  { args: token, failure: "invalid_grant_key", code: "GCP_KEY_REVOKED" },
  { args: token, file: user, failure: "invalid_grant_token", code: "GCP_REAUTH_NEEDED" },
  { args: token, file: worker, failure: "invalid_grant_token", code: "GCP_REAUTH_NEEDED" },
  { args: token, file: chain, failure: "internal_error", code: "GCP_UNAVAILABLE" },
  { args: token, file: worker, failure: "html", code: "GCP_UNAVAILABLE" },
  { args: token, file: user, failure: "garbage", code: "GCP_ANSWER_INVALID" },
  { args: token, failure: "down", code: "GCP_UNREACHABLE" },
  { args: idToken, failure: "html", code: "GCP_UNAVAILABLE" },
  { args: ["explain", "--check", "--json"], failure: "invalid_grant_key", code: "GCP_KEY_REVOKED" },
  { args: ["revoke"], file: user, failure: "invalid_grant_token", code: "GCP_REAUTH_NEEDED" },
  { args: ["revoke", "--json"], file: worker, failure: "garbage", code: "GCP_ANSWER_INVALID" },
  { args: [...docker, "get"], input: "gcr.io", failure: "internal_error", code: "GCP_UNAVAILABLE" },
  {
    args: [...git, "get"],
    input: gitAsks,
    file: user,
    failure: "invalid_rapt",
    code: "GCP_REAUTH_NEEDED",
  },
  { args: ["helper", "kubectl"], failure: "invalid_grant_clock", code: "GCP_CLOCK_SKEW" },
  {
    args: ["helper", "executable", "--audience", audience],
    failure: "down",
    code: "GCP_UNREACHABLE",
  },
  { args: token, failure: "slow", drive: interrupt },
  // Files that are not as they must be.
  { args: token, file: damagedKey, code: "GCP_KEY_INVALID" },
  { args: token, file: cutFile, code: "GCP_CREDENTIALS_INVALID" },
  { args: token, file: keyOfAnother, code: "GCP_REFUSED" },
  { args: token, file: secretUrl, code: "GCP_URL_UNSAFE" },
  { args: ["explain", "--json"], file: damagedKey, code: "GCP_KEY_INVALID" },
  { args: ["explain", "--json"], file: secretUrl, code: "GCP_URL_UNSAFE" },
  // Wrong usage, with secrets in place.
  { args: ["print-token", "--nonsense"], code: "ARGUMENT_INVALID" },
  { args: ["print-token", "--format", "xml"], code: "ARGUMENT_INVALID" },
  { args: ["print-token", "--header-file", "/dev/null"], code: "FILE_UNWRITABLE" },
  { args: ["print-token", "--impersonate", "nobody"], code: "GCP_ACCOUNT_INVALID" },
  { args: ["print-token", "--min-ttl", "5h"], code: "GCP_TTL_UNMET" },
  { args: ["print-identity-token"], code: "ARGUMENT_INVALID" },
  { args: ["revoke"], code: "GCP_REVOKE_UNSUPPORTED" },
  { args: [...docker, "store"], input: `{"Secret":"${password}"}`, code: "HELPER_STORE_REFUSED" },
  { args: [...docker, "get"], input: password },
  {
    args: [...git, "get"],
    input: `password=${password}\n${password}`,
    code: "HELPER_INPUT_INVALID",
  },
  { args: [...git, "get", "-k", "-"], input: gitAsks, code: "STDIN_TAKEN" },
  {
    ...{ args: ["helper", "kubectl"], code: "EXEC_INFO_INVALID" },
    env: { KUBERNETES_EXEC_INFO: `{"apiVersion":"${password}` },
  },
  // The service that cannot start.
  { args: ["serve", "--listen", "nowhere"], code: "ADDRESS_INVALID" },
  { args: ["serve", "--listen", "unix:/nowhere/at/all"], code: "LISTEN_FAILED" },
  {
    args: ["serve", "--listen", "0.0.0.0:0"],
    env: { DECANT_SERVE_SECRET: "hunter2" },
    code: "GCP_SERVICE_OPTION",
  },
  { args: ["serve", "--listen", "127.0.0.1:0"], file: damagedKey, code: "GCP_KEY_INVALID" },
];

/** Asks a service for tokens, well and badly, with secrets wherever clients put them. */
async function useService({ child }: Running): Promise<void> {
  let said = "";
  const place = await new Promise<string>((resolve, reject) => {
    child.once("close", () => reject(new Error(said)));
    child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk;
      const [, where] = /^Serving tokens on (http:\S+)/m.exec(said) ?? [];
      if (where !== undefined) resolve(where);
    });
  });
  const path = "/computeMetadata/v1/instance/service-accounts/default";
  const headers = { "metadata-flavor": "Google", authorization: `Bearer ${password}` };
  const secret = encodeURIComponent(password);
  for (const url of ["token", `token?access_token=${secret}`, `identity?audience=${secret}`]) {
    await (await fetch(`${place}${path}/${url}`, { headers })).text();
    await (await fetch(`${place}${path}/${url}`)).text();
  }
  await (await fetch(`${place}/metrics`, { headers })).text();
  child.kill("SIGTERM");
}

/** Interrupts a program that waits for the answer to its request. */
async function interrupt({ child }: Running, { issued }: GoogleSimulator): Promise<void> {
  await vi.waitUntil(() => issued.length > 0, { timeout: 60_000 });
  child.kill("SIGINT");
}

const simulators = new Map<string, Promise<GoogleSimulator>>();
afterAll(async () => {
  for (const google of simulators.values()) await (await google).close();
});

/** One for each failure, and one for those who must not revoke what others use. */
function googleFor({ args: [verb], failure }: Case): Promise<GoogleSimulator> {
  const name = failure ?? (verb === "revoke" ? verb : "");
  const google =
    simulators.get(name) ?? startGoogle(failure ? { fail: failure, delayMs: 60_000 } : {});
  simulators.set(name, google);
  return google;
}

/** All that a run said and left behind. */
interface Looked {
  readonly name: string;
  readonly args: readonly string[];
  readonly traces: { readonly stdout: string; readonly stderr: string; readonly kept: string };
  readonly google: GoogleSimulator;
}

async function run({ args, file = key, env, input, drive }: Case, google: GoogleSimulator) {
  const cwd = await makeFolder();
  const path = join(cwd, "credentials.json");
  const content = file(google);
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  const variables = { DECANT_SERVE_SECRET: password, ...env, GOOGLE_APPLICATION_CREDENTIALS: path };
  const options = { cwd, env: { ...loud, ...variables }, ...(input !== undefined && { input }) };
  const running = startDecant(["auth", "gcp", ...args], options);
  await drive?.(running, google);
  const { code, stdout, stderr } = await running.ended;
  const kept = await readAll(join(cwd, ".home"));
  return { code, traces: { stdout: stdout.toString(), stderr, kept } };
}

/** The content of all files below a folder, compiled code left out, with their names. */
async function readAll(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("/compile"))
    .map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(paths.map((path) => readFile(path, "latin1")));
  return [...paths, ...contents].join("\n");
}

/** What may stand nowhere: each line of a key, and all that logs a user in. */
function secretsOf({ key, credentials }: GoogleSimulator): string[] {
  const users = [credentials.authorizedUser, credentials.externalAccountAuthorizedUser];
  const logins = users.flatMap((file) => [
    ...[file.refresh_token, file.client_secret],
    btoa(`${file.client_id}:${file.client_secret}`),
  ]);
  return [...key.private_key.split("\n").filter((line) => line.length > 40), ...logins, password];
}

function expectNoSecret({ name, args, traces, google }: Looked): void {
  const { stdout, stderr, kept } = traces;
  const found: string[] = [];
  for (const [place, text] of Object.entries(traces)) {
    for (const secret of secretsOf(google)) {
      if (text.includes(secret) || text.includes(encodeURIComponent(secret))) {
        found.push(`${place}: ${secret}`);
      }
    }
    // A token of its own may be printed and kept, and nobody else's.
    const tokens = google.issued.filter(({ token }) => text.includes(token));
    const allowed = place === "kept" || (place === "stdout" && /^(print|helper)/.test(args[0]!));
    if (tokens.length > 0 && !allowed) found.push(`${place}: a token`);
    if (new Set(tokens.map(({ principal }) => principal)).size > 1) {
      found.push(`${place}: a token of another`);
    }
  }
  // An assertion, of whatever kind, is no token that was issued.
  const isIssued = (jwt: string) => google.issued.some(({ token }) => token === jwt);
  for (const [jwt] of `${stdout} ${stderr} ${kept}`.matchAll(/eyJ[\w-]+\.eyJ[\w.-]+/g)) {
    if (!isIssued(jwt)) found.push(`an assertion: ${jwt}`);
  }
  expect.soft({ name, found }).toEqual({ name, found: [] });
}

test("no auth command shows or keeps a secret, whatever fails and however much is logged", async () => {
  const left = [...cases.entries()];
  async function work(): Promise<void> {
    for (let next = left.shift(); next; next = left.shift()) {
      const [number, item] = next;
      const google = await googleFor(item);
      const { code, traces } = await run(item, google);
      const name = `${number}: ${item.args.join(" ")} (${item.failure ?? item.code ?? "as it should"})`;
      const [, refusal] = /^Code: (\S+)$/m.exec(traces.stderr) ?? [];
      expect.soft({ name, refusal, code }).toMatchObject({ name, refusal: item.code });
      expect.soft({ name, logged: traces.stderr.length > 2_000 }).toEqual({ name, logged: true });
      expectNoSecret({ name, args: item.args, traces, google });
    }
  }
  await Promise.all(Array.from({ length: 8 }, work));
}, 120_000);
