import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test, vi } from "vitest";
import { decant, decantOk, makeFolder, startDecant } from "./support/decant.ts";
import { signInAs } from "./support/sign-in-as.ts";
import { clientSecret, startOidc } from "./support/start-oidc.ts";

// It writes about what a real one should have otherwise.
vi.spyOn(console, "info").mockImplementation(() => {});
vi.spyOn(console, "warn").mockImplementation(() => {});

const plugin = fileURLToPath(new URL("../plugins/auth-oidc", import.meta.url));
const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const server = await startOidc(publicKey.export({ format: "jwk" }));
afterAll(() => server[Symbol.asyncDispose]());

const cwd = await makeFolder();
await decantOk(["plugins", "link", plugin], { cwd });

/** A home of its own, in which the plugin is linked. */
function options(variables: Record<string, string> = {}) {
  return { cwd, env: { DECANT_OIDC_ISSUER: server.issuer, ...variables } };
}

const machine = { DECANT_OIDC_CLIENT_ID: "machine", DECANT_OIDC_CLIENT_SECRET: clientSecret };
const tool = { DECANT_OIDC_CLIENT_ID: "tool", DECANT_OIDC_GRANT: "device-code" };
const print = ["auth", "oidc", "print-token"];

async function output(args: readonly string[], variables: Record<string, string>): Promise<string> {
  return (await decantOk(args, options(variables))).stdout.toString();
}

/** Runs the program, and signs in as soon as it says where. */
async function signIn(args: readonly string[], home = cwd) {
  const { child, ended } = startDecant(args, { ...options(tool), cwd: home });
  let text = "";
  child.stderr!.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  for (;;) {
    const [, address] = /^Or open (\S+) .*\n/m.exec(text) ?? [];
    if (address !== undefined) {
      await signInAs("me", address);
      return await ended;
    }
    await Promise.race([once(child.stderr!, "data"), once(child, "close")]);
    if (child.exitCode !== null && !text.includes("Or open")) throw new Error(text);
  }
}

test("auth oidc is listed, with its options, and no flag takes a secret", async () => {
  expect(await output(["auth", "list"], {})).toMatch(/^oidc .*\(@decant\/auth-oidc\)$/m);
  const help = await output([...print, "--help"], {});
  expect(help).toMatch(/--issuer=<value>/);
  expect(help).toMatch(/client-credentials\|device-code\|refresh-token/);
  expect(help).not.toMatch(/--(client-secret|refresh-token)[= ]/);
  const given = await decant([...print, "--client-secret", "x"], options(machine));
  expect(given).toMatchObject({ code: 2, stdout: Buffer.from("") });
});

test("auth oidc print-token prints a token for a client, and asks once for several runs", async () => {
  const before = server.minted();
  const first = await output(print, machine);
  expect(first).toMatch(/^[\w-]+\n$/);
  expect(await output(print, machine)).toBe(first);
  expect(server.minted() - before).toBe(1);
  const json = JSON.parse(
    await output([...print, "--format", "json", "--scopes", "write"], machine),
  );
  expect(json).toMatchObject({ type: "Bearer", scopes: ["write"], principal: "machine" });
  expect(await output([...print, "--no-cache"], machine)).not.toBe(first);
  expect(server.minted() - before).toBe(3);
});

test("auth oidc takes a key from a file or a pipe", async () => {
  const key = privateKey.export({ format: "pem", type: "pkcs8" }) as string;
  await writeFile(join(cwd, "key.pem"), key);
  const variables = { DECANT_OIDC_CLIENT_ID: "signer" };
  await output([...print, "--key-file", "key.pem", "--no-cache"], variables);
  const piped = [...print, "--key-file", "-", "--no-cache"];
  const { stdout } = await decantOk(piped, { ...options(variables), input: key });
  expect(stdout.toString()).toMatch(/^[\w-]+\n$/);
});

test("auth oidc says what is wrong, and shows no secret", async () => {
  const cases: [string, number, string[], Record<string, string>][] = [
    [
      "OIDC_CLIENT_REFUSED",
      3,
      ["--no-cache"],
      { ...machine, DECANT_OIDC_CLIENT_SECRET: `${clientSecret}x` },
    ],
    ["OIDC_OPTION_MISSING", 2, [], { DECANT_OIDC_CLIENT_ID: "machine" }],
    ["OIDC_URL_UNSAFE", 3, ["--issuer", "http://id.example.com"], machine],
    [
      "OIDC_LOGIN_ENDED",
      3,
      [],
      { ...tool, DECANT_OIDC_GRANT: "refresh-token", DECANT_OIDC_REFRESH_TOKEN: clientSecret },
    ],
    ["OPTION_INVALID", 2, ["--grant", "password"], machine],
    ["OIDC_UNREACHABLE", 3, ["--issuer", "https://127.0.0.1:1"], machine],
  ];
  const runs = cases.map(async ([code, exit, args, variables]) => {
    const run = await decant([...print, ...args], options(variables));
    expect({ code: run.code, stdout: run.stdout.toString() }).toEqual({ code: exit, stdout: "" });
    expect(run.stderr).toContain(`Code: ${code}\n`);
    expect(run.stderr).not.toContain(clientSecret.slice(0, 10));
  });
  await Promise.all(runs);
});

test("a person signs in once, and later runs need nobody, until the sign-in is taken back", async () => {
  const first = await signIn([...print, "--scopes", "read"]);
  expect(first.stderr).toMatch(
    /^To sign in, open http:\S+ and enter the code [A-Z-]+\nOr open .+\n$/,
  );
  expect(first.stdout.toString()).toMatch(/^[\w-]+\n$/);
  const folder = join(cwd, ".home", ".config", "decant", "secrets", "oidc");
  const [file = "", ...more] = await readdir(folder);
  expect(more).toEqual([]);
  expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);

  const later = await decantOk([...print, "--scopes", "read"], options(tool));
  expect(later.stderr).toBe("");
  const identity = await output(
    ["auth", "oidc", "print-identity-token", "--audience", "tool"],
    tool,
  );
  const claims = JSON.parse(Buffer.from(identity.split(".")[1]!, "base64url").toString());
  expect(claims).toMatchObject({ iss: server.issuer, aud: "tool", sub: "me" });
  const explained = await output(["auth", "oidc", "explain", "--json"], tool);
  expect(JSON.parse(explained)).toMatchObject({ kind: "device-code", principal: "me" });
  const { secret } = JSON.parse(await readFile(join(folder, file), "utf8"));
  expect(explained).not.toContain(JSON.parse(secret).refreshToken);

  await decantOk(["auth", "oidc", "revoke"], options(tool));
  expect(await readdir(folder)).toEqual([]);
  const again = await signIn([...print, "--scopes", "read"]);
  expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining("To sign in") });
  expect(again.stdout).not.toEqual(first.stdout);
});

test("runs at the same time take turns with a refresh token that is good for one use", async () => {
  const home = await makeFolder();
  await decantOk(["plugins", "link", plugin], { cwd: home });
  await signIn(print, home);
  const begun = server.minted();
  const runs = Array.from({ length: 5 }, (_, run) =>
    decantOk([...print, "--no-cache", ...(run % 2 ? ["--scopes", "openid"] : [])], {
      ...options(tool),
      cwd: home,
    }),
  );
  const ended = await Promise.all(runs);
  expect(new Set(ended.map(({ stdout }) => stdout.toString())).size).toBe(5);
  expect(ended.map(({ stderr }) => stderr).join("")).toBe("");
  expect(server.minted() - begun).toBe(5);
});
