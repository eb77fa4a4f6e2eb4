import { spawn } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { startGoogle } from "@decant/simulator";
import { cachedProvider } from "@decant/token-cache";
import { afterAll, expect, test } from "vitest";
import { type DecantOptions, decant, decantOk, makeFolder, program } from "./support/decant.ts";

const google = await startGoogle();
const { credentials, accounts } = google;
afterAll(() => google.close());

interface Place extends DecantOptions {
  readonly key: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A folder with a key in it, and what a run needs to find it. */
async function makePlace(): Promise<Place> {
  const cwd = await makeFolder();
  const key = join(cwd, "key.json");
  await writeFile(key, JSON.stringify(google.key));
  // The framework tells of its work on standard error, unless it is not even loaded.
  return { cwd, key, env: { GOOGLE_APPLICATION_CREDENTIALS: key, DEBUG: "oclif:*" } };
}

interface Printed {
  readonly text: string;
  /** Whether it was printed without loading the program. */
  readonly fast: boolean;
}

async function print(options: DecantOptions, ...args: string[]): Promise<Printed> {
  const words = args[0]?.startsWith("print-") ? args : ["print-token", ...args];
  const { stdout, stderr } = await decantOk(["auth", "gcp", ...words], options);
  return { text: stdout.toString(), fast: stderr === "" };
}

function principalOf({ text }: Printed): string | undefined {
  return google.issued.find(({ token }) => token === text.trim())?.principal;
}

const cacheOf = ({ cwd }: DecantOptions) => join(cwd, ".home", ".cache", "decant");
const recipesOf = async (options: DecantOptions) => {
  const folder = join(cacheOf(options), "recall");
  return (await readdir(folder).catch(() => [])).map((name) => join(folder, name));
};

test("print-token prints a kept token again without loading the program, in each form", async () => {
  const place = await makePlace();
  const calls = [
    ["print-token"],
    ["print-token", "--format", "json", "--min-ttl", "5m"],
    ["print-token", "--format", "env", "--scopes", "bigquery"],
    ["print-token", "--format", "curl-config"],
    ["print-identity-token", "--audience", "https://a.example", "--format", "header"],
  ];
  const first = await Promise.all(calls.map((call) => print(place, ...call)));
  expect(first.map(({ fast }) => fast)).toEqual(calls.map(() => false));
  const issued = google.issued.length;
  const again = await Promise.all(calls.map((call) => print(place, ...call)));
  expect(again).toEqual(first.map(({ text }) => ({ text, fast: true })));
  expect(google.issued).toHaveLength(issued);
  const secrets = [first[0]!.text.trim(), google.key.private_key.slice(100, 160)];
  for (const recipe of await recipesOf(place)) {
    const text = await readFile(recipe, "utf8");
    for (const secret of secrets) expect(text).not.toContain(secret);
  }
});

test("print-token prints the token of the credential that is there now", async () => {
  const place = await makePlace();
  const settle = async (options: DecantOptions) => {
    await print(options);
    return await print(options);
  };
  expect(await settle(place)).toMatchObject({ fast: true });
  await writeFile(`${place.key}.new`, JSON.stringify(credentials.authorizedUser));
  await rename(`${place.key}.new`, place.key);
  const user = await print(place);
  expect([user.fast, principalOf(user)]).toEqual([false, accounts.user]);
  expect(await print(place)).toEqual({ ...user, fast: true });
  await writeFile(place.key, JSON.stringify(google.key));
  const back = await print(place);
  expect([back.fast, principalOf(back)]).toEqual([false, accounts.exporter]);

  const other = join(place.cwd, "other.json");
  await writeFile(other, JSON.stringify(credentials.impersonatedServiceAccount));
  const env = { ...place.env, GOOGLE_APPLICATION_CREDENTIALS: other };
  expect(principalOf(await print({ ...place, env }))).toBe(accounts.reader);
  expect(principalOf(await print(place, "--credentials", other))).toBe(accounts.reader);
  // That of gcloud, where the folder was looked at and had nothing in it.
  const { GOOGLE_APPLICATION_CREDENTIALS: _, ...plain } = place.env;
  const config = join(place.cwd, ".home", ".config", "gcloud");
  const login = join(config, "legacy_credentials", accounts.user, "adc.json");
  await mkdir(dirname(login), { recursive: true });
  await writeFile(login, JSON.stringify(credentials.authorizedUser));
  const gcloud = { ...place, env: { ...plain, CLOUDSDK_CORE_ACCOUNT: accounts.user } };
  const found = await settle(gcloud);
  expect([found.fast, principalOf(found)]).toEqual([true, accounts.user]);
  await writeFile(join(config, "application_default_credentials.json"), JSON.stringify(google.key));
  expect(principalOf(await print(gcloud))).toBe(accounts.exporter);

  await rm(place.key);
  const { code, stdout } = await decant(["auth", "gcp", "print-token"], place);
  expect([code, stdout.toString()]).toEqual([3, ""]);
});

test("print-token loads the program for each call that is not equal to an earlier one", async () => {
  const place = await makePlace();
  await print(place);
  const elsewhere = await makeFolder();
  const home = { HOME: join(place.cwd, ".home") };
  const unlike: [DecantOptions, ...string[]][] = [
    [place, "--format", "token"],
    [place, "--min-ttl", "5m"],
    [{ ...place, cwd: elsewhere, env: { ...place.env, ...home } }],
    [{ ...place, env: { ...place.env, XDG_CACHE_HOME: elsewhere } }],
    [{ ...place, env: { ...place.env, ANY: "" } }],
  ];
  for (const [options, ...args] of unlike) expect((await print(options, ...args)).fast).toBe(false);
  const issued = google.issued.length;
  for (let n = 0; n < 2; n += 1) expect((await print(place, "--no-cache")).fast).toBe(false);
  expect(google.issued).toHaveLength(issued + 2);
  const piped = { ...place, input: JSON.stringify(google.key) };
  for (let n = 0; n < 2; n += 1) expect((await print(piped, "--key-file", "-")).fast).toBe(false);
  const file = join(place.cwd, "header");
  for (let n = 0; n < 2; n += 1) {
    await rm(file, { force: true });
    expect(await print(place, "--header-file", file)).toEqual({ text: "", fast: false });
    expect(await readFile(file, "utf8")).toContain("Bearer");
  }
  expect((await print({ ...place, env: { ...place.env, SHLVL: "3" } })).fast).toBe(true);
});

test("print-token believes no recipe that is damaged, or that others may have written", async () => {
  const place = await makePlace();
  const { text } = await print(place);
  const [recipe = ""] = await recipesOf(place);
  const whole = await readFile(recipe);
  const folder = dirname(recipe);
  const spoil: readonly (() => Promise<void>)[] = [
    () => writeFile(recipe, whole.subarray(0, 100)),
    () => writeFile(recipe, whole.toString().replace('"token"', '"json"')),
    () => writeFile(recipe, "\0".repeat(1_000)),
    () => chmod(recipe, 0o644),
    () => chmod(folder, 0o755),
    async () => {
      await rename(recipe, join(place.cwd, "moved"));
      await symlink(join(place.cwd, "moved"), recipe);
    },
    () => rm(join(cacheOf(place), "tokens"), { recursive: true }),
  ];
  for (const change of spoil) {
    await change();
    const printed = await print(place);
    expect([change.toString(), printed.fast]).toEqual([change.toString(), false]);
    if (change !== spoil.at(-1)) expect(printed.text).toBe(text);
    expect(await print(place)).toEqual({ ...printed, fast: true });
  }
});

test("print-token does not print a kept token that has ended", async () => {
  const place = await makePlace();
  const { text } = await print(place);
  const [recipe = ""] = await recipesOf(place);
  const { identity } = JSON.parse((await readFile(recipe, "utf8")).split("\n")[1] ?? "");
  const now = Date.now() - 3_600_000;
  const tokens = join(cacheOf(place), "tokens", "gcp");
  const token = { value: "old", type: "Bearer", expiresAt: new Date(now + 3_700_000) };
  const ended = { name: "ended", identity, getToken: async () => token };
  const minTtlMs = 3_650_000;
  await cachedProvider(ended, { folder: tokens, now: () => now }).getToken({ minTtlMs });
  const fresh = await print(place);
  expect(fresh.fast).toBe(false);
  expect([text, "old\n"]).not.toContain(fresh.text);
  expect(await print(place)).toEqual({ ...fresh, fast: true });
});

test("print-token notices plugins that come", async () => {
  const place = await makePlace();
  const { text } = await print(place);
  expect((await print(place)).fast).toBe(true);
  const data = join(place.cwd, ".home", ".local", "share", "decant");
  const root = join(data, "plugins", "acme", "node_modules", "acme");
  await mkdir(root, { recursive: true });
  const auth = { acme: { module: "./index.js", summary: "Tokens of acme" } };
  const own = { name: "acme", version: "1.0.0", type: "module", oclif: {} };
  const code = (value: string) => `export default { open: async ({ readFile }) => ({
    name: "acme",
    identity: String(await readFile("who")),
    getToken: async () =>
      ({ value: "${value}", type: "Bearer", expiresAt: new Date(Date.now() + 3_600_000) }),
  }) };`;
  await writeFile(join(root, "index.js"), code("of-acme"));
  await writeFile(
    join(root, "package.json"),
    JSON.stringify({ ...own, decant: { contract: 1, auth } }),
  );
  await writeFile(join(place.cwd, "who"), "me");
  const plugins = [{ type: "link", name: "acme", root }];
  await writeFile(join(data, "package.json"), JSON.stringify({ oclif: { plugins } }));
  expect(await print(place)).toEqual({ text, fast: false });

  const acme = async () => {
    const { stdout, stderr } = await decantOk(["auth", "acme", "print-token"], place);
    return { text: stdout.toString(), fast: stderr === "" };
  };
  expect(await acme()).toEqual({ text: "of-acme\n", fast: false });
  // A plugin that has only just been installed is not trusted yet to stay as it is.
  await expect.poll(acme, { timeout: 20_000 }).toEqual({ text: "of-acme\n", fast: true });
  await writeFile(join(root, "index.js"), code("of-another"));
  await writeFile(join(place.cwd, "who"), "you");
  expect(await acme()).toEqual({ text: "of-another\n", fast: false });
  await writeFile(join(data, "package.json"), "{}");
  expect((await decant(["auth", "acme", "print-token"], place)).code).toBe(2);
}, 40_000);

test("print-token is the same for many at once, and when nobody reads", async () => {
  const place = await makePlace();
  const runs = await Promise.all(Array.from({ length: 8 }, () => print(place)));
  const more = await Promise.all(Array.from({ length: 64 }, () => print(place)));
  expect(new Set([...runs, ...more].map(({ text }) => text)).size).toBe(1);
  expect(more.every(({ fast }) => fast)).toBe(true);
  expect(await recipesOf(place)).toHaveLength(1);

  const end = (stdout: string) => {
    const words = [process.execPath, program, "auth", "gcp", "print-token"].join(" ");
    const env = { PATH: process.env["PATH"], HOME: join(place.cwd, ".home"), ...place.env };
    const child = spawn("sh", ["-c", `exec ${words} ${stdout}`], {
      ...{ cwd: place.cwd, env, stdio: ["ignore", "pipe", "ignore"] },
    });
    child.stdout.destroy();
    return new Promise((resolve) => child.once("close", resolve));
  };
  expect(await end("")).toBe(0);
  expect(await end(">/dev/full")).toBe(6);
}, 40_000);
